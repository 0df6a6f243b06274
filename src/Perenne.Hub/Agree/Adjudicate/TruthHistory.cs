using Microsoft.EntityFrameworkCore;
using Perenne.Contracts.Annotation;
using Perenne.Hub.Annotate;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Agree.Adjudicate;

/// <param name="DecidedBy">Null: the rules did.</param>
internal sealed record TruthStep(
    Guid Id, TruthSource Source, bool IsCurrent, DateTimeOffset At, Guid? DecidedById, string? DecidedBy, DateTimeOffset? WithdrawnAt, string? WithdrawnBy, AnnotationDocument Document);

/// <summary>What stood as the truth of an image, and the ways back: reopen the question, or put an earlier answer in its place again.</summary>
internal sealed class TruthHistory(HubDbContext db, CurrentAccess access, AdjudicationAccess disputes, TimeProvider time, TaskFlow flow, GroundTruths truths)
{
    public async Task<Result<IReadOnlyList<TruthStep>>> ReadAsync(Guid project, Guid taskId, CancellationToken cancel)
    {
        Result<Disputed> found = await disputes.LoadAsync(project, taskId, decides: false, cancel);
        if (!found.Succeeded)
            return found.Error;
        Guid image = found.Value.Task.ImageId;
        List<GroundTruth> rows = await db.Set<GroundTruth>().AsNoTracking().Where(t => t.ProjectId == project && t.ImageId == image).OrderByDescending(t => t.At).ThenByDescending(t => t.Id).ToListAsync(cancel);
        Guid[] people = [.. rows.SelectMany(r => new[] { r.DecidedBy, r.WithdrawnBy }).OfType<Guid>()];
        Dictionary<Guid, string> names = await db.Users.Where(u => people.Contains(u.Id)).ToDictionaryAsync(u => u.Id, u => u.DisplayName, cancel);
        string? Name(Guid? id) => id is { } one ? names.GetValueOrDefault(one) : null;
        return rows.ConvertAll(r => new TruthStep(r.Id, r.Source, r.IsCurrent, r.At, r.DecidedBy, Name(r.DecidedBy), r.WithdrawnAt, Name(r.WithdrawnBy), r.Document));
    }

    public async Task<Result<Done>> ReopenAsync(Guid project, Guid taskId, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        Result<Disputed> found = await disputes.LoadAsync(project, taskId, decides: true, cancel);
        if (!found.Succeeded)
            return found.Error;
        AnnotationTask task = found.Value.Task;
        if (task.State != TaskState.Done)
            return HubError.Conflict("not-decided", "Nothing is decided about this image, so there is nothing to reopen.");
        await truths.WithdrawAsync(project, task.ImageId, cancel);
        await db.Set<Collect.Image>().Where(i => i.Id == task.ImageId).ExecuteUpdateAsync(set => set.SetProperty(i => i.IsAnnotated, false), cancel);
        await flow.MoveAsync(task, TaskState.Disputed, time.GetUtcNow(), cancel);
        await db.Set<AgreementItem>().Where(i => i.TaskId == task.Id).ExecuteUpdateAsync(set => set.SetProperty(i => i.IsSettled, false), cancel);
        await transaction.CommitAsync(cancel);
        return default(Done);
    }

    public async Task<Result<Done>> RestoreAsync(Guid project, Guid taskId, Guid truthId, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        Result<Disputed> found = await disputes.LoadAsync(project, taskId, decides: true, cancel);
        if (!found.Succeeded)
            return found.Error;
        AnnotationTask task = found.Value.Task;
        GroundTruth? earlier = await db.Set<GroundTruth>().AsNoTracking().SingleOrDefaultAsync(t => t.Id == truthId && t.ProjectId == project && t.ImageId == task.ImageId, cancel);
        if (earlier is null)
            return HubError.NotFound("This step of the image's history");
        if (earlier.IsCurrent)
            return default(Done);
        DateTimeOffset now = time.GetUtcNow();
        await flow.MoveAsync(task, TaskState.Done, now, cancel);
        await truths.DecideAsync(task, project, earlier.Source, earlier.Document, earlier.From, access.Actor.Id, now, cancel);
        await db.Set<AgreementItem>().Where(i => i.TaskId == task.Id).ExecuteUpdateAsync(set => set.SetProperty(i => i.IsSettled, true), cancel);
        await transaction.CommitAsync(cancel);
        return default(Done);
    }
}
