using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Collect;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared.Blobs;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Work;

namespace Perenne.Hub.Datasets;

/// <summary>
/// Writes the manifest, counts and warns, in one pass. A killed builder leaves a temporary file; the next one starts anew and its fence keeps
/// the old one, should it wake up, from finishing.
/// </summary>
internal sealed class BuildDatasetVersion(HubDbContext db, DatasetRows rows, IBlobStore blobs, Staging staging, TimeProvider time) : ILongWork
{
    public string Kind => WorkKinds.Dataset;

    public async Task RunAsync(WorkItem item, CancellationToken cancel)
    {
        DateTimeOffset now = time.GetUtcNow();
        int claimed = await db.Set<DatasetVersion>().Where(v => v.Id == item.SubjectId && (v.State == DatasetState.Queued || v.State == DatasetState.Building))
            .ExecuteUpdateAsync(set => set.SetProperty(v => v.State, DatasetState.Building).SetProperty(v => v.Fence, item.LeaseId).SetProperty(v => v.Progress, 0), cancel);
        if (claimed == 0)
            return; // Cancelled while it waited, or done by a builder that died before it said so.
        DatasetVersion version = await db.Set<DatasetVersion>().AsNoTracking().SingleAsync(v => v.Id == item.SubjectId, cancel);
        string file = staging.NewPath();
        try
        {
            await BuildAsync(version, file, cancel);
        }
        catch (Superseded)
        {
            // Cancelled by somebody: nothing is kept.
        }
        catch (Exception error) when (error is not OperationCanceledException && item.Attempts >= 2)
        {
            await FailAsync(version, error is StorageFullException ? error.Message : $"The version could not be written: {error.Message}", cancel);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private async Task BuildAsync(DatasetVersion version, string file, CancellationToken cancel)
    {
        List<Guid> organizations = await db.Set<DatasetOrganization>().Where(o => o.DatasetVersionId == version.Id).Select(o => o.OrganizationId).ToListAsync(cancel);
        int expected = await ExpectAsync(version, organizations, cancel);
        List<IReadOnlyList<LabelClass>> schemas = await db.Set<SchemaVersion>().Where(v => v.ProjectId == version.ProjectId).OrderBy(v => v.Number).Select(v => v.Classes).ToListAsync(cancel);
        ClassMap classes = new(schemas, version.Query.Classes);
        StatisticsBuilder statistics = new(classes, expected);
        LeftOut leftOut = new();
        using IncrementalHash content = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        content.AppendData(Encoding.UTF8.GetBytes("perenne-dataset/1\n" + string.Join('\n', classes.Offered.Select(c => $"{c.Id} {c.Name}")) + "\n"));
        string manifestHash;
        long bytes;
        await using (FileStream stream = new(file, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 128 << 10, FileOptions.Asynchronous))
        {
            ManifestWriter writer = await ManifestWriter.CreateAsync(stream, About(version), cancel);
            // Nothing but the reading touches the database while both go on.
            IAsyncEnumerable<FoundPage> pages = rows.ReadAsync(version.ProjectId, organizations, version.Query, version.Split.KeepImported, seen => SeenAsync(version, seen, cancel), cancel);
            await foreach (FoundPage page in ReadAhead.Of(pages, cancel))
            {
                foreach (DatasetItem item in DatasetRows.Items(page, version.Split, classes, leftOut))
                {
                    await writer.AddAsync(item, cancel);
                    statistics.Add(item);
                    content.AppendData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{item.Image.OrganizationId:n} {item.Image.ContentHash} {item.Split} {item.DocumentHash}\n")));
                }
            }

            await writer.FinishAsync(cancel);
            await stream.FlushAsync(cancel);
            (bytes, stream.Position) = (stream.Length, 0);
            manifestHash = Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancel));
        }

        DatasetStatistics figures = statistics.Finish();
        if (figures.Images.All == 0)
        {
            await FailAsync(version, $"No annotated image matches: {leftOut.Unlabelled} images were found without an annotation of the kind asked for. Widen the filter, or annotate first.", cancel);
            return;
        }

        await blobs.PutAsync(new(version.OwnerOrganizationId, BlobKind.Manifest, manifestHash), file, cancel);
        await FinishAsync(version, figures, DatasetWarnings.Of(figures, statistics, leftOut, await AskedAsync(organizations, cancel)), Convert.ToHexStringLower(content.GetHashAndReset()), manifestHash, bytes, statistics.Shapes, cancel);
    }

    private async Task FinishAsync(
        DatasetVersion version, DatasetStatistics figures, IReadOnlyList<DatasetWarning> warnings, string contentHash, string manifestHash, long bytes, int shapes, CancellationToken cancel)
    {
        DateTimeOffset now = time.GetUtcNow();
        await db.Set<DatasetVersion>().Where(v => v.Id == version.Id && v.Fence == version.Fence && v.State == DatasetState.Building).ExecuteUpdateAsync(set => set
            .SetProperty(v => v.State, DatasetState.Ready).SetProperty(v => v.Statistics, figures).SetProperty(v => v.Warnings, warnings)
            .SetProperty(v => v.ContentHash, contentHash).SetProperty(v => v.ManifestHash, manifestHash).SetProperty(v => v.ManifestBytes, bytes)
            .SetProperty(v => v.Images, figures.Images.All).SetProperty(v => v.Shapes, shapes).SetProperty(v => v.FinishedAt, now), cancel);
    }

    private async Task FailAsync(DatasetVersion version, string sentence, CancellationToken cancel)
    {
        DateTimeOffset now = time.GetUtcNow();
        await db.Set<DatasetVersion>().Where(v => v.Id == version.Id && v.Fence == version.Fence && v.State == DatasetState.Building).ExecuteUpdateAsync(set => set
            .SetProperty(v => v.State, DatasetState.Failed).SetProperty(v => v.Failure, sentence).SetProperty(v => v.FinishedAt, now), cancel);
    }

    private async Task<int> ExpectAsync(DatasetVersion version, List<Guid> organizations, CancellationToken cancel)
    {
        int expected = await version.Query.Filter.Apply(db.Set<Image>().Where(i => i.ProjectId == version.ProjectId && organizations.Contains(i.OrganizationId)), db).CountAsync(cancel);
        await db.Set<DatasetVersion>().Where(v => v.Id == version.Id && v.Fence == version.Fence).ExecuteUpdateAsync(set => set.SetProperty(v => v.Expected, expected), cancel);
        return expected;
    }

    private async Task SeenAsync(DatasetVersion version, int seen, CancellationToken cancel)
    {
        int still = await db.Set<DatasetVersion>().Where(v => v.Id == version.Id && v.Fence == version.Fence && v.State == DatasetState.Building).ExecuteUpdateAsync(set => set.SetProperty(v => v.Progress, seen), cancel);
        if (still == 0)
            throw new Superseded();
    }

    private Task<List<string>> AskedAsync(List<Guid> organizations, CancellationToken cancel) => db.Set<Organization>().Where(o => organizations.Contains(o.Id)).Select(o => o.Slug).ToListAsync(cancel);

    private static Dictionary<string, string> About(DatasetVersion version) => new()
    {
        ["perenne.format"] = "perenne-dataset/1", ["perenne.dataset"] = version.Id.ToString(), ["perenne.number"] = version.Number.ToString(CultureInfo.InvariantCulture), ["perenne.name"] = version.Name,
    };

    private sealed class Superseded : Exception;
}
