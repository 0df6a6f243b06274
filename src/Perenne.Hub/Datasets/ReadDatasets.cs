using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Shared.Blobs;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Datasets;

internal sealed record DatasetRow(
    Guid Id, int Number, string Name, DatasetState State, int Progress, int Expected, int Images, int Shapes, string? ContentHash, int Warnings, string CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset? FinishedAt);

internal sealed record DatasetDetail(
    DatasetRow Version, string Notes, DatasetQuery Query, SplitRule Split, DatasetStatistics? Statistics, IReadOnlyList<DatasetWarning> Warnings, string? Failure, long ManifestBytes, int? SameAs);

/// <summary>The versions of a project and one of them with all its figures.</summary>
internal sealed class ReadDatasets(HubDbContext db, IBlobStore blobs)
{
    private const int MostListed = 500;

    public async Task<IReadOnlyList<DatasetRow>> ListAsync(Guid project, CancellationToken cancel) =>
        [.. (await db.VisibleVersions(project).AsNoTracking().OrderByDescending(v => v.Number).Take(MostListed).ToListAsync(cancel)).Select(Row)];

    public async Task<Result<DatasetDetail>> GetAsync(Guid project, int number, CancellationToken cancel)
    {
        if (await FindAsync(project, number, cancel) is not { } v)
            return HubError.NotFound($"Dataset version {number}");
        int? same = v.ContentHash is null ? null : await db.VisibleVersions(project).Where(o => o.ContentHash == v.ContentHash && o.Number < number).Select(o => (int?)o.Number).MinAsync(cancel);
        return new DatasetDetail(Row(v), v.Notes, v.Query, v.Split, v.Statistics, v.Warnings, v.Failure, v.ManifestBytes, same);
    }

    public async Task<Result<Stream>> OpenManifestAsync(Guid project, int number, CancellationToken cancel)
    {
        if (await FindAsync(project, number, cancel) is not { } v)
            return HubError.NotFound($"Dataset version {number}");
        return v.ManifestHash is { } hash && await blobs.OpenAsync(new(v.OwnerOrganizationId, BlobKind.Manifest, hash), cancel) is { } stream
            ? stream : HubError.Conflict("not-ready", $"Dataset version {number} has no manifest: it is not ready.");
    }

    /// <summary>The project's frozen rule; null before its first version.</summary>
    public async Task<SplitRule?> SplitAsync(Guid project, CancellationToken cancel) =>
        (await db.Set<ProjectSplit>().AsNoTracking().SingleOrDefaultAsync(s => s.ProjectId == project, cancel))?.Rule;

    private Task<DatasetVersion?> FindAsync(Guid project, int number, CancellationToken cancel) => db.VisibleVersions(project).AsNoTracking().SingleOrDefaultAsync(v => v.Number == number, cancel);

    private static DatasetRow Row(DatasetVersion v) =>
        new(v.Id, v.Number, v.Name, v.State, v.Progress, v.Expected, v.Images, v.Shapes, v.ContentHash, v.Warnings.Count, v.CreatedByName, v.CreatedAt, v.FinishedAt);

    public static void Map(IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder group = (RouteGroupBuilder)routes.MapGroup("/projects/{project}/datasets").WithTags("Datasets");
        group.MapGet("", async (ReadDatasets handler, HttpContext http) => TypedResults.Ok(await handler.ListAsync(http.ProjectId(), http.RequestAborted)))
            .Requires(HubAction.DatasetsRead).WithName("ListDatasetVersions").WithSummary("The project's dataset versions, newest first.");
        group.MapGet("/{number:int}", async (int number, ReadDatasets handler, HttpContext http) => (await handler.GetAsync(http.ProjectId(), number, http.RequestAborted)).ToOk())
            .Requires(HubAction.DatasetsRead).Produces<DatasetDetail>().WithName("GetDatasetVersion").WithSummary("One dataset version: query, split, statistics and warnings.");
        group.MapGet("/{number:int}/manifest.parquet", async (int number, ReadDatasets handler, HttpContext http) =>
            {
                Result<Stream> stream = await handler.OpenManifestAsync(http.ProjectId(), number, http.RequestAborted);
                return stream.Succeeded ? TypedResults.Stream(stream.Value, "application/vnd.apache.parquet", $"dataset-{number}.parquet", enableRangeProcessing: stream.Value.CanSeek) : stream.Error.ToProblem();
            })
            .Requires(HubAction.DatasetsRead).WithName("DownloadManifest").WithSummary("The manifest as a Parquet file, one row per image and shape.");
    }
}
