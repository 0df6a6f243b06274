using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Perenne.Contracts.Annotation;
using Perenne.Hub.Agree;
using Perenne.Hub.Annotate;
using Perenne.Hub.Collect;
using Perenne.Hub.Collect.Gallery;
using Perenne.Hub.Organizations;
using Perenne.Hub.Review;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Share.Feed;

/// <param name="AnnotationId">The ground truth or the annotation, by <paramref name="State"/>.</param>
/// <param name="Withdrawn">No longer valid: drop what you hold of it. The document is then null.</param>
internal sealed record SharedAnnotation(
    Guid ImageId, string Organization, Guid? CampaignId, AnnotationStage State, Guid AnnotationId, int Revision, Guid? AuthorId, ReviewVerdict? Verdict, bool Withdrawn,
    DateTimeOffset ChangedAt, string FileName, string Hash, int Width, int Height, AnnotationDocument? Document);

/// <param name="Since">Where to go on, now or tomorrow: give it back as 'since'. Also set when there was nothing new.</param>
/// <param name="More">Whether the next page has something already.</param>
internal sealed record AnnotationPage(IReadOnlyList<SharedAnnotation> Annotations, string Since, bool More);

/// <summary>The annotations of a project in the order of their last change, page by page; with a cursor only what changed after it.</summary>
internal sealed class ListAnnotations(HubDbContext db, FeedOrder order)
{
    public const int MaxSize = 1000;

    internal sealed record Request(Guid ProjectId, string[]? Organizations = null, AnnotationStage State = AnnotationStage.GroundTruth, Guid? CampaignId = null, string? Since = null, int Size = 200);

    public async Task<Result<AnnotationPage>> HandleAsync(Request request, CancellationToken cancel)
    {
        if (request.Size is < 1 or > MaxSize)
            return HubError.Invalid("size", $"A page has 1 to {MaxSize} annotations.");
        if (!TryCursor(request.Since, out long after))
            return HubError.Invalid("since", "This is not a cursor that the list gave as 'since'. Leave it away to start from the beginning.");
        Result<List<Guid>> organizations = await VisibleOrganizations.InAsync(db, request.ProjectId, null, request.Organizations, cancel);
        if (!organizations.Succeeded)
            return organizations.Error;

        await order.SettleAsync(cancel);
        List<Guid> bounds = organizations.Value;
        List<ChangedAnnotation> rows = await db.Set<ChangedAnnotation>().AsNoTracking()
            .Where(c => c.ProjectId == request.ProjectId && bounds.Contains(c.OrganizationId) && c.Stage == request.State && c.Position > after)
            .Where(c => request.CampaignId == null || c.CampaignId == request.CampaignId)
            .OrderBy(c => c.Position).Take(request.Size + 1).ToListAsync(cancel);
        bool more = rows.Count > request.Size;
        if (more)
            rows.RemoveAt(request.Size);
        return new AnnotationPage(await WithDocumentsAsync(rows, request.State, cancel), Cursor(rows.Count > 0 ? rows[^1].Position!.Value : after), more);
    }

    internal async Task<List<SharedAnnotation>> WithDocumentsAsync(List<ChangedAnnotation> rows, AnnotationStage stage, CancellationToken cancel)
    {
        Guid[] imageIds = [.. rows.Select(r => r.ImageId)], records = [.. rows.Where(r => !r.IsWithdrawn).Select(r => r.RecordId)];
        var images = await db.Set<Image>().Where(i => imageIds.Contains(i.Id))
            .Join(db.Set<Organization>(), i => i.OrganizationId, o => o.Id, (i, o) => new { i.Id, i.FileName, i.ContentHash, i.Width, i.Height, o.Slug }).ToDictionaryAsync(i => i.Id, cancel);
        Dictionary<Guid, AnnotationDocument> documents = stage == AnnotationStage.GroundTruth
            ? await db.Set<GroundTruth>().Where(t => records.Contains(t.Id)).ToDictionaryAsync(t => t.Id, t => t.Document, cancel)
            : await db.Set<ChangedAnnotation>().Where(c => c.Stage == stage && records.Contains(c.SubjectId))
                .Join(db.Set<AnnotationRevision>(), c => new { A = c.RecordId, N = c.Revision }, r => new { A = r.AnnotationId, N = r.Number }, (c, r) => new { c.RecordId, r.Document })
                .ToDictionaryAsync(r => r.RecordId, r => r.Document!, cancel);
        return [.. rows.Where(r => images.ContainsKey(r.ImageId) || r.IsWithdrawn).Select(r =>
        {
            var image = images.GetValueOrDefault(r.ImageId); // Null: it was deleted.
            return new SharedAnnotation(r.ImageId, image?.Slug ?? "", r.CampaignId, r.Stage, r.RecordId, r.Revision, r.AuthorId, r.Verdict, r.IsWithdrawn,
                DateTimeOffset.UnixEpoch.AddMicroseconds(r.ChangedAt), image?.FileName ?? "", image?.ContentHash ?? "", image?.Width ?? 0, image?.Height ?? 0, documents.GetValueOrDefault(r.RecordId));
        })];
    }

    internal static string Cursor(long position) => "f" + position.ToString(CultureInfo.InvariantCulture);

    internal static bool TryCursor(string? text, out long position)
    {
        position = 0;
        return string.IsNullOrEmpty(text) || (text[0] == 'f' && long.TryParse(text.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out position));
    }

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/projects/{project}/annotations", async (
                [FromQuery] string[]? @in, Named<AnnotationStage>? state, Guid? campaign, string? since, int? size, ListAnnotations handler, HttpContext http) =>
            (await handler.HandleAsync(new(http.ProjectId(), @in, state?.Value ?? AnnotationStage.GroundTruth, campaign, since, size ?? 200), http.RequestAborted)).ToOk())
        .Requires(HubAction.AnnotationsRead).Produces<AnnotationPage>().WithTags("Annotations").WithName("ListAnnotations")
        .WithSummary("Annotations with their images, ordered by their last change; with 'since' from the last answer only what changed after it.")
        .WithAnswerExample(new AnnotationPage(
            [
                new(RequestExample.Id, "lyon", RequestExample.Id, AnnotationStage.GroundTruth, RequestExample.Id, 0, null, null, false, DateTimeOffset.UnixEpoch.AddYears(56), "board-0017.jpg",
                    "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", 640, 640,
                    new([new DocumentBox("s1", "mousebite", [120.5, 88, 24, 19])], [], System.Collections.Immutable.ImmutableSortedDictionary<string, double>.Empty, ImageVerdict.Defects)),
            ], "f1017", false));
}
