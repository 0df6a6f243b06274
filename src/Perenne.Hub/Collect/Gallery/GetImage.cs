using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Quality;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;
using Perenne.Imaging;

namespace Perenne.Hub.Collect.Gallery;

/// <summary>Everything the image page shows: facts, metadata, quality report, arrivals, history, neighbours of its cluster.</summary>
internal static class GetImage
{
    internal sealed record HistoryEntry(DateTimeOffset At, string Who, string Kind, string? Detail);

    internal sealed record Report(
        ImageQuality Judged, double Score, IReadOnlyList<QualityReason> Reasons, ImageMeasures Measures, ImageFacts Facts, DateTimeOffset JudgedAt,
        ImageQuality? Overruled, string? OverruledReason, string? OverruledBy, DateTimeOffset? OverruledAt);

    /// <param name="History">Arrivals and later events, newest first.</param>
    internal sealed record Answer(
        ListedImage Image, string Format, int BitDepth, int Channels, int Orientation, string? Group, IReadOnlyDictionary<string, string> Metadata,
        Report? Quality, IReadOnlyList<HistoryEntry> History, IReadOnlyList<ListedImage> NearDuplicates);

    internal sealed class Handler(HubDbContext db)
    {
        private const int MaxNeighbours = 24;

        public async Task<Result<Answer>> HandleAsync(Guid project, Guid id, CancellationToken cancel)
        {
            IQueryable<Image> one = db.Set<Image>().Where(i => i.Id == id && i.ProjectId == project);
            ListedImage? listed = await ListImages.Listed(one).SingleOrDefaultAsync(cancel);
            if (listed is null)
                return HubError.NotFound("The image");
            Image image = await one.AsNoTracking().Include(i => i.MetadataRows).SingleAsync(cancel);
            QualityReport? report = await db.Set<QualityReport>().AsNoTracking().SingleOrDefaultAsync(r => r.ImageId == id, cancel);
            List<ListedImage> near = image.ClusterId is { } cluster
                ? await ListImages.Listed(db.Set<Image>().Where(i => i.ProjectId == project && i.OrganizationId == image.OrganizationId && i.ClusterId == cluster && i.Id != id).OrderBy(i => i.Id).Take(MaxNeighbours)).ToListAsync(cancel)
                : [];
            return new Answer(listed, image.Format, image.BitDepth, image.Channels, image.Orientation, image.GroupKey,
                image.MetadataRows.ToDictionary(m => m.Key, m => m.Value), ReportOf(report), await HistoryAsync(id, cancel), near);
        }

        private async Task<List<HistoryEntry>> HistoryAsync(Guid id, CancellationToken cancel)
        {
            List<HistoryEntry> arrivals = await db.Set<Arrival>().Where(a => a.ImageId == id).Select(a => new HistoryEntry(a.At, a.ActorName, "arrived." + a.Way, a.FileName)).ToListAsync(cancel);
            List<HistoryEntry> events = await db.Set<ImageEvent>().Where(e => e.ImageId == id).Select(e => new HistoryEntry(e.At, e.ActorName, e.Kind, e.Detail)).ToListAsync(cancel);
            return [.. arrivals.Concat(events).OrderByDescending(e => e.At)];
        }

        private static Report? ReportOf(QualityReport? report)
        {
            if (report is null)
                return null;
            RecordedMeasures recorded = QualityJson.Read<RecordedMeasures>(report.Measures);
            return new(report.Judged, report.Score, QualityJson.Read<List<QualityReason>>(report.Reasons), recorded.Measures, recorded.Facts, report.JudgedAt,
                report.Overruled, report.OverruledReason, report.OverruledBy, report.OverruledAt);
        }
    }

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/v1/projects/{project}/images/{image:guid}", async (HttpContext http, Guid image, Handler handler, CancellationToken cancel) =>
            (await handler.HandleAsync(http.ProjectId(), image, cancel)).ToOk()).Requires(HubAction.ImagesRead).WithName("GetImage")
            .WithSummary("One image: its metadata, quality report and history.");
}
