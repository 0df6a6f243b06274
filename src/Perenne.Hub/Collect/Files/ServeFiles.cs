using Microsoft.EntityFrameworkCore;
using Microsoft.Net.Http.Headers;
using Perenne.Hub.Shared.Blobs;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Collect.Files;

/// <summary>Original, thumbnail and tiles of an image. Addressed by content, so a browser may keep them for ever; private, because rights may end.</summary>
internal static class ServeFiles
{
    private const string Forever = "private, max-age=31536000, immutable";

    internal sealed record Served(Guid OrganizationId, string ContentHash, string FileName, string Format, int Width, int Height);

    internal sealed class Handler(HubDbContext db, IBlobStore blobs, TilePacks packs, MakeDerivatives derivatives)
    {
        public Task<Served?> FindAsync(Guid project, Guid image, CancellationToken cancel) => db.Set<Image>().Where(i => i.Id == image && i.ProjectId == project)
            .Select(i => new Served(i.OrganizationId, i.ContentHash, i.FileName, i.Format, i.Width, i.Height)).SingleOrDefaultAsync(cancel)!;

        /// <summary>Made now when the background has not come to it yet.</summary>
        public async Task<Stream> OpenAsync(Served image, BlobKind kind, CancellationToken cancel)
        {
            BlobKey key = new(image.OrganizationId, kind, image.ContentHash);
            if (await blobs.OpenAsync(key, cancel) is { } there)
                return there;
            if (kind != BlobKind.Original)
                await derivatives.MakeAsync(image.OrganizationId, image.ContentHash, cancel);
            return await blobs.OpenAsync(key, cancel) ?? throw new FileNotFoundException($"{kind} {image.ContentHash} is missing from the blob store.");
        }

        /// <summary>Null: the picture has no such tile.</summary>
        public async Task<byte[]?> TileAsync(Served image, (int Level, int Column, int Row) tile, CancellationToken cancel)
        {
            (bool isMade, byte[]? bytes) = await packs.ReadAsync(image.OrganizationId, image.ContentHash, image.Width, image.Height, tile, cancel);
            if (isMade)
                return bytes;
            await derivatives.MakeAsync(image.OrganizationId, image.ContentHash, cancel);
            return (await packs.ReadAsync(image.OrganizationId, image.ContentHash, image.Width, image.Height, tile, cancel)).Tile;
        }
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder image = routes.MapGroup("/api/v1/projects/{project}/images/{image:guid}");
        image.MapGet("/original", (HttpContext http, Guid image, Handler handler, CancellationToken cancel) => AnswerAsync(http, image, handler, async served =>
        {
            // Never shown as a page of ours: a file that is also something else stays a download.
            http.Response.Headers[HeaderNames.XContentTypeOptions] = "nosniff";
            http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
            Stream content = await handler.OpenAsync(served, BlobKind.Original, cancel);
            return TypedResults.Stream(content, ContentType(served.Format), served.FileName, entityTag: Tag(served, "o"), enableRangeProcessing: content.CanSeek);
        }, cancel)).Requires(HubAction.ImagesRead).WithName("DownloadOriginal")
            .WithSummary("The image's file as it arrived.");
        image.MapGet("/thumbnail", (HttpContext http, Guid image, Handler handler, CancellationToken cancel) => AnswerAsync(http, image, handler, async served =>
            TypedResults.Stream(await handler.OpenAsync(served, BlobKind.Thumbnail, cancel), "image/jpeg", entityTag: Tag(served, "t")), cancel))
            .Requires(HubAction.ImagesRead).WithName("DownloadThumbnail")
            .WithSummary("A small picture of the image.");
        image.MapGet("/tiles/{level:int}/{column:int}/{row:int}", (HttpContext http, Guid image, int level, int column, int row, Handler handler, CancellationToken cancel) =>
            AnswerAsync(http, image, handler, async served => await TileAsync(handler, served, level, column, row, cancel), cancel)).Requires(HubAction.ImagesRead).WithName("DownloadTile")
            .WithSummary("One tile of the image's deep-zoom pyramid.");
    }

    private static async Task<IResult> TileAsync(Handler handler, Served served, int level, int column, int row, CancellationToken cancel)
    {
        byte[]? tile = await handler.TileAsync(served, (level, column, row), cancel);
        return tile is null
            ? HubError.NotFound($"Tile {level}/{column}/{row}").ToProblem()
            : TypedResults.Bytes(tile, "image/jpeg", entityTag: Tag(served, $"{level}.{column}.{row}"));
    }

    private static async Task<IResult> AnswerAsync(HttpContext http, Guid image, Handler handler, Func<Served, Task<IResult>> answer, CancellationToken cancel)
    {
        if (await handler.FindAsync(http.ProjectId(), image, cancel) is not { } served)
            return HubError.NotFound("The image").ToProblem();
        http.Response.Headers.CacheControl = Forever;
        return await answer(served);
    }

    private static EntityTagHeaderValue Tag(Served served, string part) => new($"\"{served.ContentHash[..32]}-{part}\"");

    private static string ContentType(string format) => format switch
    {
        "jpeg" or "png" or "webp" or "bmp" or "tiff" => "image/" + format,
        _ => "application/octet-stream",
    };
}
