using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Automate;
using Perenne.Hub.Collect.Gallery;
using Perenne.Hub.Evaluate;
using Perenne.Hub.Organizations;
using Perenne.Hub.Registry;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Monitor;

/// <summary>One measurement of a version on the newest accepted images of an organization, none of which it was trained on.</summary>
/// <param name="F1">At the model's thresholds, with its 95 % interval.</param>
internal sealed record MeasurementRow(Guid OrganizationId, string Organization, int Model, int Evaluation, DateTimeOffset At, Measured F1);

/// <summary>The nightly measurements: each organization's history, the deployed version beside those that were tried.</summary>
internal sealed class ReadMeasurements(HubDbContext db)
{
    private const int Most = 1000;

    public async Task<Result<IReadOnlyList<MeasurementRow>>> HandleAsync(Guid project, Guid? organization, CancellationToken cancel)
    {
        Result<List<Guid>> visible = await VisibleOrganizations.InAsync(db, project, null, organization is { } one ? [one.ToString()] : null, cancel);
        if (!visible.Succeeded)
            return visible.Error;
        var places = await db.Set<Organization>().Where(o => visible.Value.Contains(o.Id)).Select(o => new { o.Id, o.Slug, o.Name }).ToDictionaryAsync(o => o.Slug, cancel);
        var ready = await (from e in db.EvaluationsIn(project)
                           where e.State == EvaluationState.Ready
                           join m in db.Set<ModelVersion>() on e.ModelVersionId equals m.Id
                           orderby e.Number descending
                           select new { Evaluation = e, Model = m.Number }).AsNoTracking().Take(Most).ToListAsync(cancel);
        return (from r in ready
                where r.Evaluation.Slice is { NotSeenBy: not null, Organization: not null } && r.Evaluation.FinishedAt is not null && places.ContainsKey(r.Evaluation.Slice.Organization)
                let place = places[r.Evaluation.Slice.Organization!]
                let f1 = Measurements.Of(r.Evaluation)
                where f1 is not null
                orderby place.Name, r.Model, r.Evaluation.FinishedAt
                select new MeasurementRow(place.Id, place.Name, r.Model, r.Evaluation.Number, r.Evaluation.FinishedAt!.Value, f1)).ToList();
    }

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/api/v1/projects/{project}/measurements", async (ReadMeasurements handler, HttpContext http, Guid? organizationId, CancellationToken cancel) =>
            (await handler.HandleAsync(http.ProjectId(), organizationId, cancel)).ToOk())
        .Requires(HubAction.MonitoringRead).Produces<IReadOnlyList<MeasurementRow>>().WithTags("Monitoring").WithName("ListMeasurements")
        .WithSummary("The nightly measurements per organization and version, oldest first, with intervals.");
}
