using Microsoft.EntityFrameworkCore;
using Perenne.Contracts.Annotation;
using Perenne.Hub.Shared;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Annotate;

/// <summary>An author's annotation of a task: one, however often the lease changes hands, so nothing is lost.</summary>
internal static class Drafts
{
    public static Task<Annotation?> FindAsync(HubDbContext db, Guid task, Guid author, CancellationToken cancel) =>
        db.Set<Annotation>().SingleOrDefaultAsync(a => a.TaskId == task && a.AuthorId == author, cancel);

    public static async Task<Annotation> StartAsync(HubDbContext db, IdSource ids, TimeProvider time, Assignment assignment, Guid author, CancellationToken cancel)
    {
        Guid project = await db.Set<Campaign>().Where(c => c.Id == assignment.CampaignId).Select(c => c.ProjectId).SingleAsync(cancel);
        DateTimeOffset now = time.GetUtcNow();
        Annotation annotation = new()
        {
            Id = ids.Next(),
            OrganizationId = assignment.OrganizationId,
            ProjectId = project,
            ImageId = assignment.Task!.ImageId,
            TaskId = assignment.TaskId,
            Source = AnnotationSource.Person,
            AuthorId = author,
            Document = AnnotationDocument.Empty,
            CreatedAt = now,
            ChangedAt = now,
        };
        db.Add(annotation);
        return annotation;
    }
}
