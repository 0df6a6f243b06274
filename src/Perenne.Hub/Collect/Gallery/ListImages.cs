using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Collect.Gallery;

/// <summary>One row of the gallery.</summary>
internal sealed record ListedImage(
    Guid Id, Guid OrganizationId, string FileName, string ContentHash, int Width, int Height, long Bytes, string? Camera, string? Station, string? PartId, string? Batch,
    DateTimeOffset? CapturedAt, DateTimeOffset ArrivedAt, ImageQuality Quality, double QualityScore, string[] QualityReasons, Guid? ClusterId, bool IsAnnotated, int Arrivals);

/// <summary>A page of the gallery; the cursors are null at the ends.</summary>
internal sealed record ImagePage(IReadOnlyList<ListedImage> Images, string? Next, string? Previous);

/// <summary>Images of a project in the organizations the caller may see.</summary>
internal static class ListImages
{
    internal sealed record Request(Guid ProjectId, Guid? OrganizationId, ImageFilter Filter, ImageSort Sort = ImageSort.Newest, string? Cursor = null, int Size = 60);

    internal sealed class Handler(HubDbContext db)
    {
        public async Task<Result<ImagePage>> HandleAsync(Request request, CancellationToken cancel)
        {
            if (request.Size is < 1 or > 500)
                return HubError.Invalid("size", "A page has 1 to 500 images.");
            ImageCursor? cursor = request.Cursor is null ? null : ImageCursor.Parse(request.Cursor);
            if (request.Cursor is not null && cursor is null)
                return HubError.Invalid("cursor", "The cursor is not one that this list gave; start from the first page without it.");
            Result<List<Guid>> organizations = await VisibleOrganizations.InAsync(db, request.ProjectId, request.OrganizationId, request.Filter.Organization, cancel);
            if (!organizations.Succeeded)
                return organizations.Error;

            List<ListedImage> found = [];
            foreach (Guid organization in organizations.Value)
            {
                // One more than shown tells whether the page goes on.
                IQueryable<Image> page = request.Filter.Apply(db.Set<Image>().Where(i => i.ProjectId == request.ProjectId && i.OrganizationId == organization), db)
                    .Page(request.Sort, cursor).Take(request.Size + 1);
                found.AddRange(await Listed(page).ToListAsync(cancel));
            }

            return Cut(found, request, cursor);
        }

        private static ImagePage Cut(List<ListedImage> found, Request request, ImageCursor? cursor)
        {
            List<ListedImage> ordered = [.. found.Order(request.Sort)];
            bool backwards = cursor?.Backwards == true, more = ordered.Count > request.Size;
            List<ListedImage> page = [.. backwards ? ordered.TakeLast(request.Size) : ordered.Take(request.Size)];
            if (page.Count == 0)
                return new(page, null, null);
            return new(page,
                more || backwards ? At(page[^1], backwards: false) : null,
                backwards ? (more ? At(page[0], backwards: true) : null) : (cursor is null ? null : At(page[0], backwards: true)));
        }

        private static string At(ListedImage image, bool backwards) => new ImageCursor(image.Id, image.CapturedAt, image.QualityScore, backwards).ToString();
    }

    internal static IQueryable<ListedImage> Listed(IQueryable<Image> images) => images.AsNoTracking().Select(i => new ListedImage(
        i.Id, i.OrganizationId, i.FileName, i.ContentHash, i.Width, i.Height, i.Bytes, i.Camera, i.Station, i.PartId, i.Batch, i.CapturedAt, i.ArrivedAt,
        i.Quality, i.QualityScore, i.QualityReasons.Split('|', StringSplitOptions.RemoveEmptyEntries), i.ClusterId, i.IsAnnotated, i.Arrivals));

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/projects/{project}/images", (HttpContext http, Handler handler, [AsParameters] ImageQuery query, CancellationToken cancel) =>
            AnswerAsync(http, handler, null, query, cancel)).Requires(HubAction.ImagesRead).WithName("ListImages")
            .WithSummary("The images of a project in all your organizations, filtered, page by page.");
        routes.MapGet("/api/v1/organizations/{organization}/projects/{project}/images", (HttpContext http, Handler handler, [AsParameters] ImageQuery query, CancellationToken cancel) =>
            AnswerAsync(http, handler, http.OrganizationId(), query, cancel)).Requires(HubAction.ImagesRead).WithName("ListOrganizationImages")
            .WithSummary("The images of a project in one organization, filtered, page by page.");
    }

    private static async Task<IResult> AnswerAsync(HttpContext http, Handler handler, Guid? organization, ImageQuery query, CancellationToken cancel) =>
        (await handler.HandleAsync(new(http.ProjectId(), organization, query.ToFilter(), query.Sort?.Value ?? ImageSort.Newest, query.Cursor, query.Size ?? 60), cancel)).ToOk();
}
