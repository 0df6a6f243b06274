using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Agree;
using Perenne.Hub.Collect;
using Perenne.Hub.Datasets;
using Perenne.Hub.Registry;
using Perenne.Hub.Shared.Blobs;
using Perenne.Hub.Shared.Data;
using Perenne.Vision.Sampling;

namespace Perenne.Hub.Evaluate;

/// <summary>
/// Keeps a measurement honest by membership, not by dates: an image is left out when the model, or one it was started from, was trained or
/// validated on it or on an image of its group (the same part, a near duplicate). Of an uploaded model nobody knows; what arrived before it counts as seen.
/// </summary>
internal sealed class UnseenImages(HubDbContext db, IBlobStore blobs)
{
    private const int MostAncestors = 100, Chunk = 500;

    public async Task<List<ManifestImage>> OfAsync(Guid project, List<ManifestImage> images, EvaluationSlice slice, CancellationToken cancel)
    {
        foreach (int number in Numbers(slice.NotSeenBy))
        {
            Guid? next = await db.Set<ModelVersion>().Where(m => m.ProjectId == project && m.Number == number).Select(m => (Guid?)m.Id).SingleOrDefaultAsync(cancel);
            for (int i = 0; next is { } id && i < MostAncestors; i++)
            {
                ModelVersion model = await db.Set<ModelVersion>().AsNoTracking().SingleAsync(m => m.Id == id, cancel);
                images = await WithoutAsync(images, model, cancel);
                next = model.ParentId;
            }
        }

        return slice.Newest is { } most && images.Count > most ? await NewestAsync(project, images, most, cancel) : images;
    }

    public static IEnumerable<int> Numbers(string? list) =>
        (list ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(n => int.Parse(n, CultureInfo.InvariantCulture));

    private async Task<List<ManifestImage>> WithoutAsync(List<ManifestImage> images, ModelVersion model, CancellationToken cancel)
    {
        DatasetVersion? dataset = await db.Set<DatasetVersion>().AsNoTracking().SingleOrDefaultAsync(v => v.Id == model.DatasetVersionId, cancel);
        if (dataset?.ManifestHash is null)
            return await ArrivedAfterAsync(images, model.CreatedAt, cancel);
        HashSet<Guid> seen = [];
        HashSet<(Guid, string)> groups = [];
        await using Stream stream = await ManifestFile.OpenAsync(blobs, dataset, cancel);
        await foreach (ManifestImage image in ManifestReader.ReadAsync(stream, withShapes: false, cancel))
        {
            if (image.Split == Split.Test)
                continue;
            seen.Add(image.Id);
            groups.Add((image.OrganizationId, image.Group));
        }

        return images.FindAll(i => !seen.Contains(i.Id) && !groups.Contains((i.OrganizationId, i.Group)));
    }

    private async Task<List<ManifestImage>> ArrivedAfterAsync(List<ManifestImage> images, DateTimeOffset moment, CancellationToken cancel)
    {
        HashSet<Guid> later = [];
        foreach (Guid[] chunk in images.Select(i => i.Id).Chunk(Chunk))
            later.UnionWith(await db.Set<Image>().Where(i => chunk.Contains(i.Id) && i.ArrivedAt > moment).Select(i => i.Id).ToListAsync(cancel));
        return images.FindAll(i => later.Contains(i.Id));
    }

    private async Task<List<ManifestImage>> NewestAsync(Guid project, List<ManifestImage> images, int most, CancellationToken cancel)
    {
        Dictionary<Guid, DateTimeOffset> accepted = [];
        foreach (Guid[] chunk in images.Select(i => i.Id).Chunk(Chunk))
            foreach (var truth in await db.Set<GroundTruth>().Where(t => t.ProjectId == project && t.IsCurrent && chunk.Contains(t.ImageId)).Select(t => new { t.ImageId, t.At }).ToListAsync(cancel))
                accepted[truth.ImageId] = truth.At;
        // Without an acceptance (imported): by arrival, which is the order of the ids.
        return [.. images.OrderByDescending(i => accepted.GetValueOrDefault(i.Id)).ThenByDescending(i => i.Id).Take(most)];
    }
}

internal static class ManifestFile
{
    /// <summary>The manifest, seekable.</summary>
    public static async Task<Stream> OpenAsync(IBlobStore blobs, DatasetVersion dataset, CancellationToken cancel)
    {
        Stream stream = await blobs.OpenAsync(new(dataset.OwnerOrganizationId, BlobKind.Manifest, dataset.ManifestHash!), cancel)
            ?? throw new FileNotFoundException($"The manifest of dataset version {dataset.Number} is missing from the blob store.");
        if (stream.CanSeek)
            return stream;
        await using (stream)
        {
            MemoryStream whole = new();
            await stream.CopyToAsync(whole, cancel);
            whole.Position = 0;
            return whole;
        }
    }
}
