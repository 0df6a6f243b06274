using Microsoft.EntityFrameworkCore;
using Perenne.Contracts.Annotation;
using Perenne.Hub.Annotate;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Agree;

/// <summary>What one person submitted, as they submitted it: a reviewer's fix says nothing about whether annotators agree.</summary>
internal sealed record SubmittedAnswer(Guid TaskId, Guid PersonId, Guid AnnotationId, AnnotationDocument Document);

internal static class TaskAnswers
{
    public static async Task<List<SubmittedAnswer>> ReadAsync(HubDbContext db, IReadOnlyList<Guid> tasks, CancellationToken cancel)
    {
        var rows = await (
            from slot in db.Set<Assignment>()
            where tasks.Contains(slot.TaskId) && slot.State == AssignmentState.Submitted
            join answer in db.Set<Annotation>() on new { slot.TaskId, slot.PersonId } equals new { TaskId = answer.TaskId!.Value, PersonId = answer.AuthorId }
            orderby slot.TaskId, slot.Slot
            select new
            {
                slot.TaskId,
                PersonId = slot.PersonId!.Value,
                answer.Id,
                Document = db.Set<AnnotationRevision>().Where(r => r.AnnotationId == answer.Id && r.Kind == RevisionKind.Submitted)
                    .OrderByDescending(r => r.Number).Select(r => r.Document).FirstOrDefault(),
            }).AsNoTracking().ToListAsync(cancel);
        return [.. rows.Where(r => r.Document is not null).Select(r => new SubmittedAnswer(r.TaskId, r.PersonId, r.Id, r.Document!))];
    }
}
