using Microsoft.Net.Http.Headers;
using Perenne.Hub.Shared.Blobs;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Share.Exports;

internal static class ExportEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder exports = (RouteGroupBuilder)routes.MapGroup("/projects/{project}/exports").WithTags("Exports");
        exports.MapPost("", async (ExportRequest body, ManageExports handler, HttpContext http) =>
                (await handler.StartAsync(http.ProjectId(), body, http.RequestAborted)).ToCreated(e => $"{http.Request.Path}/{e.Id}"))
            .Requires(HubAction.ExportsRun).Produces<ExportView>(201).WithName("StartExport").WithSummary("Writes a data set in the background; ask for its state, then download it.")
            .WithExample(new ExportRequest("coco", Images: true));
        exports.MapGet("", async (ManageExports handler, HttpContext http) => (await handler.ListAsync(http.ProjectId(), http.RequestAborted)).ToOk())
            .Requires(HubAction.ExportsRun).Produces<IReadOnlyList<ExportView>>().WithName("ListExports").WithSummary("The newest 100 exports of the project, with their progress.");
        exports.MapGet("/{export:guid}", async (Guid export, ManageExports handler, HttpContext http) =>
                (await handler.FindAsync(http.ProjectId(), export, http.RequestAborted)).Map(ManageExports.View).ToOk())
            .Requires(HubAction.ExportsRun).Produces<ExportView>().WithName("GetExport").WithSummary("One export: state, progress, loss report, hash.");
        exports.MapPost("/{export:guid}/cancel", async (Guid export, ManageExports handler, HttpContext http) => (await handler.CancelAsync(http.ProjectId(), export, http.RequestAborted)).ToOk())
            .Requires(HubAction.ExportsRun).Produces(204).WithName("CancelExport").WithSummary("Stops an export, or removes the file of a finished one.");
        exports.MapGet("/{export:guid}/file", DownloadAsync)
            .Requires(HubAction.ExportsRun).Produces(200, contentType: "application/zip").WithName("DownloadExport").WithSummary("The archive of a finished export; a broken download goes on with a Range header.");
    }

    private static async Task<IResult> DownloadAsync(Guid export, ManageExports handler, IBlobStore blobs, HttpContext http)
    {
        Result<Export> found = await handler.FindAsync(http.ProjectId(), export, http.RequestAborted);
        if (!found.Succeeded)
            return found.Error.ToProblem();
        if (found.Value is not { State: ExportState.Done, Hash: { } hash })
            return HubError.Conflict("export-not-done", $"There is no file: the export is {found.Value.State.ToString().ToLowerInvariant()}.").ToProblem();
        BlobKey key = new(found.Value.OrganizationId, BlobKind.Export, hash);
        Stream file = await blobs.OpenAsync(key, http.RequestAborted) ?? throw new FileNotFoundException($"The archive {hash} of the export {export} is missing from the blob store.");
        if (!file.CanSeek && http.Request.Headers.Range.Count > 0)
        {
            await file.DisposeAsync();
            file = new RangedBlob(blobs, key, found.Value.Bytes);
        }

        return TypedResults.Stream(file, "application/zip", $"{found.Value.Plan.Format}-{hash[..8]}.zip", entityTag: new EntityTagHeaderValue($"\"{hash}\""), enableRangeProcessing: file.CanSeek);
    }
}
