using Microsoft.EntityFrameworkCore;
using Perenne.Contracts.Stations;
using Perenne.Hub.Deploy;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Observe;

/// <param name="Known">True: the hub had it already.</param>
internal sealed record FeedbackTaken(Guid Id, bool Known);

internal sealed class ReceiveFeedback(HubDbContext db, CurrentStation current, WatchDeployments watch, TimeProvider time)
{
    public async Task<Result<FeedbackTaken>> HandleAsync(OperatorFeedback said, CancellationToken cancel)
    {
        Result<Station> station = await current.FindAsync(cancel);
        if (!station.Succeeded)
            return station.Error;
        List<Guid> projects = await db.Set<ProjectOrganization>().Where(p => p.OrganizationId == station.Value.OrganizationId).Select(p => p.ProjectId).ToListAsync(cancel);
        Guid project = said.ProjectId ?? (projects.Count == 1 ? projects[0] : Guid.Empty);
        HubError? invalid = new Check()
            .That(projects.Contains(project), "projectId", "Name the project of the frame: the id of one that runs in this organization.")
            .That(Enum.IsDefined(said.Kind), "kind", "Say falseAlarm or missedDefect.")
            .That(said.Box is null || (said.Box.Count == 4 && said.Box.All(double.IsFinite) && said.Box[2] > 0 && said.Box[3] > 0), "box", "A box is x, y, width, height in pixels; width and height are greater than 0.")
            .That(said.ImageSha256 is null || (said.ImageSha256.Length == 64 && said.ImageSha256.All(char.IsAsciiHexDigit)), "imageSha256", "A SHA-256 has 64 hexadecimal digits.")
            .That(said.Camera is null or { Length: <= 200 }, "camera", "The camera's name has at most 200 characters.")
            .Error;
        if (invalid is not null)
            return invalid;
        if (await db.Set<Objection>().AnyAsync(o => o.Id == said.Id, cancel))
            return new FeedbackTaken(said.Id, true);
        db.Add(new Objection
        {
            Id = said.Id, OrganizationId = station.Value.OrganizationId, ProjectId = project, StationId = station.Value.Id, ObservationId = said.ObservationId, Kind = said.Kind,
            At = said.At, ReceivedAt = time.GetUtcNow(), Camera = said.Camera, DeploymentId = said.DeploymentId, ModelVersionId = said.ModelVersionId,
            Box = said.Box is null ? null : [.. said.Box], ImageSha256 = said.ImageSha256?.ToLowerInvariant(),
        });
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation())
        {
            return new FeedbackTaken(said.Id, true);
        }

        await watch.AfterArrivalAsync(station.Value.OrganizationId, [project], cancel);
        return new FeedbackTaken(said.Id, false);
    }

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/station/v1/feedback", async (OperatorFeedback said, ReceiveFeedback handler, CancellationToken cancel) => (await handler.HandleAsync(said, cancel)).ToOk())
        .Requires(HubAction.StationReport).Produces<FeedbackTaken>().WithTags("Station").WithName("SendFeedback")
        .WithSummary("Deliver what an operator said about a verdict; repeating it is harmless.");
}
