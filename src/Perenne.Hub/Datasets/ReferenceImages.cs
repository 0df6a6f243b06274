using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Collect;
using Perenne.Hub.Shared.Blobs;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Datasets;

/// <summary>An image's file, as far as whoever reads its pixels needs it.</summary>
internal sealed record PoolFile(Guid Id, Guid OrganizationId, Guid ProjectId, string FileName, string ContentHash, string Format, string Metadata)
{
    public BlobKey Key => new(OrganizationId, BlobKind.Original, ContentHash);

    /// <summary>What the metadata "reference" says; null without it.</summary>
    public string? Reference
    {
        get
        {
            if (!Metadata.Contains("\"reference\"", StringComparison.Ordinal))
                return null;
            using JsonDocument json = JsonDocument.Parse(Metadata);
            return json.RootElement.TryGetProperty("reference", out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
    }
}

/// <summary>The defect-free image of the same part: metadata "reference" names it by its file name or its content hash, for training, evaluation and trials alike.</summary>
internal sealed class ReferenceImages(HubDbContext db)
{
    private const int Batch = 500;

    public async Task<Dictionary<Guid, PoolFile>> FilesAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancel)
    {
        Dictionary<Guid, PoolFile> files = new(ids.Count);
        foreach (Guid[] some in ids.Chunk(Batch))
            foreach (PoolFile file in await Select(db.Set<Image>().Where(i => some.Contains(i.Id))).ToListAsync(cancel))
                files[file.Id] = file;
        return files;
    }

    /// <returns>By the id of the image that names it; images without one are left out.</returns>
    public async Task<Dictionary<Guid, PoolFile>> OfAsync(IEnumerable<PoolFile> images, CancellationToken cancel)
    {
        (PoolFile Image, string Name)[] named = [.. images.Select(i => (i, i.Reference)).Where(r => r.Item2 is not null).Select(r => (r.i, r.Item2!))];
        Dictionary<Guid, PoolFile> found = [];
        foreach ((PoolFile Image, string Name)[] some in named.Chunk(Batch))
        {
            string[] names = [.. some.Select(n => n.Name).Distinct()];
            Guid project = some[0].Image.ProjectId;
            ILookup<string, PoolFile> files = (await Select(db.Set<Image>().Where(i => i.ProjectId == project && (names.Contains(i.ContentHash) || names.Contains(i.FileName)))).ToListAsync(cancel))
                .SelectMany(f => new[] { (Key: f.FileName, File: f), (Key: f.ContentHash, File: f) }).ToLookup(f => f.Key, f => f.File);
            // Plants may use the same file names: the own one first.
            foreach ((PoolFile image, string name) in some)
                if (files[name].OrderByDescending(f => f.OrganizationId == image.OrganizationId).ThenBy(f => f.Id).FirstOrDefault() is { } one)
                    found[image.Id] = one;
        }

        return found;
    }

    private static IQueryable<PoolFile> Select(IQueryable<Image> images) => images.AsNoTracking().Select(i => new PoolFile(i.Id, i.OrganizationId, i.ProjectId, i.FileName, i.ContentHash, i.Format, i.Metadata));
}
