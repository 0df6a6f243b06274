using Microsoft.EntityFrameworkCore;
using Perenne.Contracts.Annotation;
using Perenne.Hub.Annotate;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Collect.Pages;

/// <summary>Whose annotation is shown over the picture.</summary>
internal sealed record ShownAnnotation(AnnotationSource Source, string? Author, int Revision, DateTimeOffset ChangedAt, AnnotationDocument Document);

/// <param name="Annotations">Newest first.</param>
/// <param name="Newer">The neighbour towards the front of the gallery, in order of arrival.</param>
internal sealed record Picture(IReadOnlyList<ShownAnnotation> Annotations, IReadOnlyList<LabelClass> Classes, Guid? Newer, Guid? Older);

/// <summary>What the image page lays over and around the picture.</summary>
internal sealed class ReadPicture(HubDbContext db)
{
    public async Task<Picture> HandleAsync(Guid project, Guid organization, Guid image, CancellationToken cancel)
    {
        List<ShownAnnotation> annotations = await db.Set<Annotation>().Where(a => a.ImageId == image && a.ProjectId == project)
            .OrderByDescending(a => a.ChangedAt)
            .Select(a => new ShownAnnotation(a.Source, db.Users.Where(u => u.Id == a.AuthorId).Select(u => u.DisplayName).FirstOrDefault(), a.Revision, a.ChangedAt, a.Document))
            .ToListAsync(cancel);
        IReadOnlyList<LabelClass> classes = await db.Set<SchemaVersion>().Where(v => v.ProjectId == project).OrderByDescending(v => v.Number).Select(v => v.Classes).FirstOrDefaultAsync(cancel) ?? [];
        IQueryable<Image> siblings = db.Set<Image>().Where(i => i.ProjectId == project && i.OrganizationId == organization);
        Guid? newer = await siblings.Where(i => i.Id > image).OrderBy(i => i.Id).Select(i => (Guid?)i.Id).FirstOrDefaultAsync(cancel);
        Guid? older = await siblings.Where(i => i.Id < image).OrderByDescending(i => i.Id).Select(i => (Guid?)i.Id).FirstOrDefaultAsync(cancel);
        return new(annotations, classes, newer, older);
    }
}
