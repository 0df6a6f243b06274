using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Perenne.Contracts.Annotation;
using Perenne.Contracts.Collect;
using Perenne.Hub.Agree;
using Perenne.Hub.Annotate;
using Perenne.Hub.Collect;
using Perenne.Hub.Share.Feed;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Share.Exports;

/// <summary>Images with the annotation that is taken for each, in keyset pages: a slow reader holds no database connection.</summary>
internal sealed class ExportRows(HubDbContext db)
{
    public const int PageSize = 300;

    /// <param name="images">Those to take, in any order.</param>
    /// <param name="slug">Of their organization.</param>
    /// <param name="after">The last image of the page before.</param>
    /// <returns>The images of the page in the order of their ids, and the last id; null behind the last page.</returns>
    public async Task<(List<ExportedImage> Images, Guid Last)?> PageAsync(IQueryable<Image> images, string slug, ExportSource source, Guid after, CancellationToken cancel)
    {
        List<Image> page = await images.AsNoTracking().Where(i => i.Id > after).OrderBy(i => i.Id).Take(PageSize).ToListAsync(cancel);
        if (page.Count == 0)
            return null;
        Dictionary<Guid, AnnotationDocument> documents = await DocumentsAsync([.. page.Where(i => i.IsAnnotated).Select(i => i.Id)], source, cancel);
        return ([.. page.Select(image => Export(image, slug, documents.GetValueOrDefault(image.Id)))], page[^1].Id);
    }

    /// <summary>Drafts are never taken: what a person has not submitted is nobody else's yet.</summary>
    public async Task<Dictionary<Guid, AnnotationDocument>> DocumentsAsync(Guid[] images, ExportSource source, CancellationToken cancel)
    {
        Dictionary<Guid, AnnotationDocument> found = await db.Set<GroundTruth>().Where(t => images.Contains(t.ImageId) && t.IsCurrent)
            .Select(t => new { t.ImageId, t.Document }).ToDictionaryAsync(t => t.ImageId, t => t.Document, cancel);
        if (source == ExportSource.GroundTruth)
            return found;
        foreach (AnnotationStage stage in new[] { AnnotationStage.Submitted, AnnotationStage.Imported })
        {
            Guid[] open = [.. images.Where(i => !found.ContainsKey(i))];
            if (open.Length == 0)
                break;
            var rows = await db.Set<ChangedAnnotation>().Where(c => open.Contains(c.ImageId) && c.Stage == stage && !c.IsWithdrawn)
                .Join(db.Set<AnnotationRevision>(), c => new { A = c.RecordId, N = c.Revision }, r => new { A = r.AnnotationId, N = r.Number }, (c, r) => new { c.ImageId, c.ChangedAt, c.RecordId, r.Document })
                .ToListAsync(cancel);
            foreach (var newest in rows.GroupBy(r => r.ImageId).Select(g => g.OrderByDescending(r => r.ChangedAt).ThenBy(r => r.RecordId).First()))
                found[newest.ImageId] = newest.Document!;
        }

        return found;
    }

    private static ExportedImage Export(Image image, string organization, AnnotationDocument? document)
    {
        Dictionary<string, string> metadata = JsonSerializer.Deserialize<Dictionary<string, string>>(image.Metadata) ?? [];
        return new(image.Id, organization, image.FileName, image.ContentHash, image.Width, image.Height,
            metadata.GetValueOrDefault("path"), metadata.GetValueOrDefault("split"), image.GroupKey, document);
    }
}
