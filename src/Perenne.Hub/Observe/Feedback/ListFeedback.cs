using Microsoft.EntityFrameworkCore;
using Perenne.Contracts.Stations;
using Perenne.Hub.Collect;
using Perenne.Hub.Deploy;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Observe;

/// <param name="Image">The frame, where it was kept and has arrived.</param>
/// <param name="Width">Of the frame in pixels, which <paramref name="Box"/> is in; null without it.</param>
internal sealed record FeedbackRow(
    Guid Id, Guid OrganizationId, string Station, string? Camera, FeedbackKind Kind, DateTimeOffset At, Guid ObservationId, Guid? DeploymentId, Guid? ModelVersionId, double[]? Box, Guid? Image, int? Width, int? Height);

/// <param name="Next">Give it as 'after' for the older ones; null on the last page.</param>
internal sealed record FeedbackPage(IReadOnlyList<FeedbackRow> Rows, string? Next);

/// <summary>What operators objected to, newest first.</summary>
internal sealed class ListFeedback(HubDbContext db)
{
    public async Task<Result<FeedbackPage>> HandleAsync(Guid project, Guid? organization, FeedbackKind? kind, string? after, int take, CancellationToken cancel)
    {
        if (take is < 1 or > 500)
            return HubError.Invalid("take", "A page has 1 to 500 rows.");
        IQueryable<Objection> objections = db.Set<Objection>().AsNoTracking().Where(o => o.ProjectId == project && (organization == null || o.OrganizationId == organization) && (kind == null || o.Kind == kind));
        if (after is { Length: > 0 })
        {
            if (!DateTimeOffset.TryParse(after, null, System.Globalization.DateTimeStyles.RoundtripKind, out DateTimeOffset before))
                return HubError.Invalid("after", "'after' is the value 'next' of the page before.");
            objections = objections.Where(o => o.At < before);
        }

        var found = await (from o in objections
                           join s in db.Set<Station>() on o.StationId equals s.Id
                           orderby o.At descending
                           select new { Objection = o, Station = s.Name }).Take(take + 1).ToListAsync(cancel);
        List<string> hashes = [.. found.Select(f => f.Objection.ImageSha256).OfType<string>().Distinct()];
        var images = (await db.Set<Image>().Where(i => i.ProjectId == project && hashes.Contains(i.ContentHash)).Select(i => new { i.OrganizationId, i.ContentHash, i.Id, i.Width, i.Height }).ToListAsync(cancel))
            .ToDictionary(i => (i.OrganizationId, i.ContentHash));
        List<FeedbackRow> rows = found.ConvertAll(f =>
        {
            Objection o = f.Objection;
            var image = o.ImageSha256 is { } hash ? images.GetValueOrDefault((o.OrganizationId, hash)) : null;
            return new FeedbackRow(o.Id, o.OrganizationId, f.Station, o.Camera, o.Kind, o.At, o.ObservationId, o.DeploymentId, o.ModelVersionId, o.Box, image?.Id, image?.Width, image?.Height);
        });
        return new FeedbackPage(rows[..Math.Min(take, rows.Count)], rows.Count > take ? rows[take - 1].At.ToUniversalTime().ToString("O") : null);
    }

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/api/v1/projects/{project}/feedback", async (ListFeedback handler, HttpContext http, Guid? organizationId, FeedbackKind? kind, string? after, int? take, CancellationToken cancel) =>
            (await handler.HandleAsync(http.ProjectId(), organizationId, kind, after, take ?? 50, cancel)).ToOk())
        .Requires(HubAction.ObservationsRead).Produces<FeedbackPage>().WithTags("Observations").WithName("ListFeedback")
        .WithSummary("What operators objected to at the stations, newest first.");
}
