using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Datasets;

internal sealed record DiffImage(Guid Id, string Organization, string FileName, string Split);

/// <param name="Added">Images only in the newer version.</param>
/// <param name="Removed">Images only in the older version.</param>
/// <param name="Relabelled">Images in both whose annotation differs.</param>
/// <param name="Moved">Images that changed between train, validation and test. Only where parts, groups or near duplicates became known later.</param>
/// <param name="Examples">The first of each, by the names above.</param>
internal sealed record DatasetDiff(int From, int To, int Added, int Removed, int Relabelled, int Moved, int Unchanged, IReadOnlyDictionary<string, IReadOnlyList<DiffImage>> Examples);

/// <summary>What changed from one version to another: both manifests read side by side in their common order, so memory does not grow with them.</summary>
internal sealed class DiffDatasets(ReadDatasets read)
{
    private const int MostShown = 60;

    public async Task<Result<DatasetDiff>> HandleAsync(Guid project, int from, int to, CancellationToken cancel)
    {
        Result<Stream> first = await read.OpenManifestAsync(project, from, cancel);
        if (!first.Succeeded)
            return first.Error;
        await using Stream older = first.Value;
        Result<Stream> second = await read.OpenManifestAsync(project, to, cancel);
        if (!second.Succeeded)
            return second.Error;
        await using Stream newer = second.Value;
        // Parquet is read from its end: a stream of an object store is not enough.
        await using Stream a = await SeekableAsync(older, cancel), b = await SeekableAsync(newer, cancel);
        return await CompareAsync(ManifestReader.ReadAsync(a, withShapes: false, cancel), ManifestReader.ReadAsync(b, withShapes: false, cancel), from, to, cancel);
    }

    internal static async Task<DatasetDiff> CompareAsync(IAsyncEnumerable<ManifestImage> older, IAsyncEnumerable<ManifestImage> newer, int from, int to, CancellationToken cancel)
    {
        Dictionary<string, List<DiffImage>> examples = new() { ["added"] = [], ["removed"] = [], ["relabelled"] = [], ["moved"] = [] };
        int added = 0, removed = 0, relabelled = 0, moved = 0, unchanged = 0;
        void Show(string kind, ManifestImage image)
        {
            if (examples[kind].Count < MostShown)
                examples[kind].Add(new(image.Id, image.Organization, image.FileName, SplitWords.Of(image.Split)));
        }

        await using IAsyncEnumerator<ManifestImage> a = older.GetAsyncEnumerator(cancel), b = newer.GetAsyncEnumerator(cancel);
        bool moreA = await a.MoveNextAsync(), moreB = await b.MoveNextAsync();
        while (moreA || moreB)
        {
            int order = !moreA ? 1 : !moreB ? -1 : string.CompareOrdinal(a.Current.Place, b.Current.Place);
            if (order == 0)
            {
                bool other = a.Current.LabelHash != b.Current.LabelHash, elsewhere = a.Current.Split != b.Current.Split;
                relabelled += other ? 1 : 0;
                moved += elsewhere ? 1 : 0;
                unchanged += other || elsewhere ? 0 : 1;
                if (other)
                    Show("relabelled", b.Current);
                if (elsewhere)
                    Show("moved", b.Current);
                moreA = await a.MoveNextAsync();
                moreB = await b.MoveNextAsync();
            }
            else if (order < 0)
            {
                removed++;
                Show("removed", a.Current);
                moreA = await a.MoveNextAsync();
            }
            else
            {
                added++;
                Show("added", b.Current);
                moreB = await b.MoveNextAsync();
            }
        }

        return new(from, to, added, removed, relabelled, moved, unchanged, examples.ToDictionary(e => e.Key, e => (IReadOnlyList<DiffImage>)e.Value));
    }

    private static async Task<Stream> SeekableAsync(Stream stream, CancellationToken cancel)
    {
        if (stream.CanSeek)
            return stream;
        FileStream copy = new(Path.GetTempFileName(), FileMode.Open, FileAccess.ReadWrite, FileShare.None, 64 << 10, FileOptions.DeleteOnClose | FileOptions.Asynchronous);
        await stream.CopyToAsync(copy, cancel);
        copy.Position = 0;
        return copy;
    }

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/projects/{project}/datasets/{number:int}/diff/{from:int}", async (int number, int from, DiffDatasets handler, HttpContext http) =>
            (await handler.HandleAsync(http.ProjectId(), from, number, http.RequestAborted)).ToOk())
        .Requires(HubAction.DatasetsRead).Produces<DatasetDiff>().WithTags("Datasets").WithName("DiffDatasetVersions").WithSummary("What changed from one dataset version to another.");
}
