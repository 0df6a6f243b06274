using System.Globalization;
using Perenne.Contracts.Collect;
using Perenne.Hub.Shared.Blobs;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Collect.Uploads;

/// <summary>How far an upload is, and giving it up.</summary>
internal static class ReadUpload
{
    internal sealed class Handler(HubDbContext db, OwnUploads own, IBlobStore blobs)
    {
        public async Task<Result<UploadState>> HandleAsync(Guid project, Guid id, CancellationToken cancel) =>
            (await own.FindAsync(project, id, cancel)).Map(upload => upload.ToState());

        public async Task<Result<Done>> GiveUpAsync(Guid project, Guid id, CancellationToken cancel)
        {
            Result<Upload> found = await own.FindAsync(project, id, cancel);
            if (!found.Succeeded)
                return found.Error;
            await UploadPieces.DeleteAsync(blobs, found.Value, cancel);
            db.Remove(found.Value);
            await db.SaveChangesAsync(cancel);
            return new Done();
        }
    }

    public static void Map(IEndpointRouteBuilder uploads)
    {
        uploads.MapGet("/{upload:guid}", StateAsync)
            .Requires(HubAction.ImagesAdd).Produces<UploadState>().WithName("GetUpload").WithSummary("How many bytes of an upload are there, and its verdict.");
        uploads.MapMethods("/{upload:guid}", ["HEAD"], StateAsync)
            .Requires(HubAction.ImagesAdd).Produces(200).WithName("HeadUpload").WithSummary("How many bytes of an upload are there, in the headers alone.");
        uploads.MapDelete("/{upload:guid}", async (HttpContext http, Guid upload, Handler handler, CancellationToken cancel) =>
                (await handler.GiveUpAsync(http.ProjectId(), upload, cancel)).ToOk())
            .Requires(HubAction.ImagesAdd).Produces(204).WithName("DeleteUpload").WithSummary("Give an upload up; an image that came of it stays.");
    }

    private static async Task<IResult> StateAsync(HttpContext http, Guid upload, Handler handler, CancellationToken cancel)
    {
        Result<UploadState> result = await handler.HandleAsync(http.ProjectId(), upload, cancel);
        if (result.Succeeded)
        {
            http.Response.Headers["Upload-Offset"] = result.Value.Offset.ToString(CultureInfo.InvariantCulture);
            http.Response.Headers["Upload-Length"] = result.Value.Length.ToString(CultureInfo.InvariantCulture);
        }

        return result.ToOk();
    }
}

internal static class UploadEndpoints
{
    public static void MapUploads(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder uploads = routes.MapGroup("/api/v1/organizations/{organization}/projects/{project}/uploads").WithTags("Uploads");
        StartUpload.Map(uploads);
        AppendPiece.Map(uploads);
        ReadUpload.Map(uploads);
        FinishUpload.Map(uploads);
    }

    public static void AddUploads(this IServiceCollection services) => services
        .AddScoped<OwnUploads>().AddScoped<StartUpload.Handler>().AddScoped<AppendPiece.Handler>().AddScoped<ReadUpload.Handler>().AddScoped<FinishUpload.Handler>();
}
