using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Perenne.Contracts;
using Perenne.Contracts.Jobs;
using Perenne.Contracts.Models;
using Perenne.Hub.Datasets;
using Perenne.Hub.Registry;
using Perenne.Hub.Shared;
using Perenne.Hub.Shared.Blobs;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Train;

/// <summary>A run cannot start, for a reason the person can do something about.</summary>
internal sealed class JobException(string message) : Exception(message);

/// <summary>Lays a dataset version out as the folder a trainer reads: job.json, samples.jsonl and the images. job.json is written last: its presence says that the rest is complete.</summary>
internal sealed class JobFolder(HubDbContext db, ReferenceImages files, IBlobStore blobs, ModelStore models, IOptions<HubOptions> options)
{
    private const int Batch = 500;

    public string PathOf(Guid run) => Path.Combine(options.Value.Train.JobsFolder ?? Path.Combine(options.Value.DataFolder, "jobs"), run.ToString("n"));

    /// <returns>Remarks for the person: what was left out.</returns>
    public async Task<string> PrepareAsync(TrainingRun run, CancellationToken cancel)
    {
        string folder = PathOf(run.Id), job = Path.Combine(folder, "job.json");
        if (File.Exists(job))
            return run.Remarks;
        DatasetVersion version = await db.Set<DatasetVersion>().AsNoTracking().SingleAsync(v => v.Id == run.DatasetVersionId, cancel);
        Directory.CreateDirectory(Path.Combine(folder, "images"));
        JobClasses classes = JobClasses.For(run.Config.Task, version.Statistics!);
        await WriteSamplesAsync(run, version, classes, folder, cancel);
        if (run.WarmStartId is { } parent)
            await models.LayOutAsync(await db.Set<ModelVersion>().AsNoTracking().SingleAsync(m => m.Id == parent, cancel), Path.Combine(folder, "warm-start"), cancel);
        TrainingJob description = new()
        {
            Run = run.Id.ToString(), Name = run.Name, Task = run.Config.Task, Classes = classes.Classes, DatasetVersion = version.ContentHash, Seed = run.Config.Seed,
            Minutes = run.Config.Steps is null ? run.Config.Minutes : null, Steps = run.Config.Steps, WarmStart = run.WarmStartId is null ? null : "warm-start",
            Parameters = run.Config.Parameters is { } text ? JsonDocument.Parse(text).RootElement : null,
        };
        await File.WriteAllTextAsync(job + ".part", JsonSerializer.Serialize(description, ContractJson.Indented), cancel);
        File.Move(job + ".part", job, overwrite: true);
        return classes.Remarks;
    }

    public void Remove(Guid run)
    {
        if (Directory.Exists(PathOf(run)))
            Directory.Delete(PathOf(run), recursive: true);
    }

    private async Task WriteSamplesAsync(TrainingRun run, DatasetVersion version, JobClasses classes, string folder, CancellationToken cancel)
    {
        await using Stream manifest = await blobs.OpenAsync(new(version.OwnerOrganizationId, BlobKind.Manifest, version.ManifestHash!), cancel)
            ?? throw new JobException($"The manifest of dataset version {version.Number} is missing from the blob store.");
        await using Stream seekable = manifest.CanSeek ? manifest : await SpooledAsync(manifest, cancel);
        await using StreamWriter lines = new(Path.Combine(folder, "samples.jsonl"));
        List<ManifestImage> batch = new(Batch);
        await foreach (ManifestImage image in ManifestReader.ReadAsync(seekable, withShapes: true, cancel))
        {
            batch.Add(image);
            if (batch.Count == Batch)
                await FlushAsync();
        }

        await FlushAsync();

        async Task FlushAsync()
        {
            Dictionary<Guid, PoolFile> rows = await files.FilesAsync(batch.ConvertAll(i => i.Id), cancel);
            Dictionary<Guid, PoolFile> references = run.Config.UseReference ? await files.OfAsync(rows.Values, cancel) : [];
            foreach (ManifestImage image in batch)
            {
                // Deleted since the version was made: the version is a list, not a copy.
                if (!rows.TryGetValue(image.Id, out PoolFile? row))
                    throw new JobException($"The image '{image.FileName}' of dataset version {version.Number} was deleted. Make a new version and train on that.");
                string path = await PlaceAsync(row, folder, link: run.TrainerId is null, cancel);
                string? reference = references.TryGetValue(image.Id, out PoolFile? other) ? await PlaceAsync(other, folder, link: run.TrainerId is null, cancel) : null;
                await lines.WriteLineAsync(JsonSerializer.Serialize(classes.Sample(image, path, reference), ContractJson.Options));
            }

            batch.Clear();
        }
    }

    /// <summary>A link where the store is a folder on the same disk, else a copy. Somebody's own trainer always gets a copy: by a link it could change the original.</summary>
    private async Task<string> PlaceAsync(PoolFile image, string folder, bool link, CancellationToken cancel)
    {
        string name = $"{image.ContentHash}.{image.Format}", target = Path.Combine(folder, "images", name);
        if (File.Exists(target))
            return name;
        BlobKey key = image.Key;
        if (link && blobs is FolderBlobs store && OperatingSystem.IsLinux() && Link(store.FileOf(key), target) == 0)
            return name;
        await using Stream from = await blobs.OpenAsync(key, cancel) ?? throw new JobException($"The file of image {image.Id} is missing from the blob store.");
        try
        {
            await using (FileStream to = new(target + ".part", FileMode.Create, FileAccess.Write, FileShare.None))
                await from.CopyToAsync(to, cancel);
            File.Move(target + ".part", target);
        }
        catch (IOException error) when (StorageFullException.IsDiskFull(error))
        {
            throw new JobException($"The disk of the job folder is full after the images so far: free some space, or set Hub:Train:JobsFolder to a larger disk, then start the run again.");
        }

        return name;
    }

    private static async Task<Stream> SpooledAsync(Stream stream, CancellationToken cancel)
    {
        FileStream copy = new(Path.GetTempFileName(), FileMode.Open, FileAccess.ReadWrite, FileShare.None, 64 << 10, FileOptions.DeleteOnClose | FileOptions.Asynchronous);
        await stream.CopyToAsync(copy, cancel);
        copy.Position = 0;
        return copy;
    }

    [DllImport("libc", EntryPoint = "link", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Link([MarshalAs(UnmanagedType.LPUTF8Str)] string existing, [MarshalAs(UnmanagedType.LPUTF8Str)] string made);
}
