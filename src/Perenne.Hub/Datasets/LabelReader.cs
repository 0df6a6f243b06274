using Microsoft.EntityFrameworkCore;
using Perenne.Contracts.Annotation;
using Perenne.Hub.Agree;
using Perenne.Hub.Annotate;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Datasets;

/// <param name="Source">In lower case, as the manifest has it.</param>
internal sealed record ReadLabel(AnnotationDocument Document, string Source);

/// <summary>The annotation that speaks for each image of a page, by the rule of the query.</summary>
/// <remarks>The ids travel as one parameter: a thousand of them would be a statement that is compiled anew for each page. Annotations are asked for by
/// the image alone, which belongs to one project: asked for by both, SQLite reads the whole project once per page.</remarks>
internal sealed class LabelReader(HubDbContext db)
{
    public async Task<Dictionary<Guid, ReadLabel>> ReadAsync(Guid project, DatasetQuery query, List<Guid> images, CancellationToken cancel)
    {
        Dictionary<Guid, ReadLabel> found = (await db.Set<GroundTruth>().AsNoTracking().Where(t => t.ProjectId == project && t.IsCurrent && EF.Parameter(images).Contains(t.ImageId))
                .Select(t => new { t.ImageId, t.Document, t.Source }).ToListAsync(cancel))
            .ToDictionary(t => t.ImageId, t => new ReadLabel(t.Document, t.Source.ToString().ToLowerInvariant()));
        if (query.Labels == LabelSource.Submitted)
            await AddSubmittedAsync(images, found, cancel);
        if (query.Labels != LabelSource.Accepted)
            await AddImportedAsync(images, found, cancel);
        if (query.AgreementLeast is { } least)
            await DropDisputedAsync(least, found, cancel);
        return found;
    }

    private async Task AddSubmittedAsync(List<Guid> images, Dictionary<Guid, ReadLabel> found, CancellationToken cancel)
    {
        List<Guid> open = [.. images.Where(id => !found.ContainsKey(id))];
        // A draft that was never submitted is nobody's answer.
        var answers = await db.Set<Annotation>().AsNoTracking().Where(a => a.Source == AnnotationSource.Person && EF.Parameter(open).Contains(a.ImageId))
            .SelectMany(a => db.Set<AnnotationRevision>().Where(r => r.AnnotationId == a.Id && r.Document != null && (r.Kind == RevisionKind.Submitted || r.Kind == RevisionKind.Fixed)),
                (a, r) => new { a.ImageId, r.At, r.Document }).ToListAsync(cancel);
        foreach (var one in answers.GroupBy(a => a.ImageId).Select(g => g.MaxBy(a => a.At)!))
            found[one.ImageId] = new(one.Document!, "submitted");
    }

    private async Task AddImportedAsync(List<Guid> images, Dictionary<Guid, ReadLabel> found, CancellationToken cancel)
    {
        List<Guid> open = [.. images.Where(id => !found.ContainsKey(id))];
        if (open.Count == 0)
            return;
        foreach (var one in await db.Set<Annotation>().AsNoTracking().Where(a => a.Source == AnnotationSource.Import && EF.Parameter(open).Contains(a.ImageId))
            .Select(a => new { a.ImageId, a.Document }).ToListAsync(cancel))
            found[one.ImageId] = new(one.Document, "imported");
    }

    private async Task DropDisputedAsync(double least, Dictionary<Guid, ReadLabel> found, CancellationToken cancel)
    {
        List<Guid> images = [.. found.Keys];
        var answers = await db.Set<Annotation>().AsNoTracking()
            .Where(a => a.Source == AnnotationSource.Person && a.TaskId != null && EF.Parameter(images).Contains(a.ImageId)).Select(a => new { a.ImageId, a.Document }).ToListAsync(cancel);
        foreach (var group in answers.GroupBy(a => a.ImageId).Where(g => g.Count() > 1))
            if (DocumentAgreement.LeastPairF1([.. group.Select(a => a.Document)]) < least)
                found.Remove(group.Key);
    }
}
