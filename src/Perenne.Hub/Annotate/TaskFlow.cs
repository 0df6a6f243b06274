using Microsoft.EntityFrameworkCore;
using Perenne.Contracts.Annotation;
using Perenne.Hub.Agree;
using Perenne.Hub.Progress;
using Perenne.Hub.Share;
using Perenne.Hub.Shared;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Annotate;

/// <summary>What happens to a task when one of its slots is closed. Runs inside the transaction of the submit or skip.</summary>
internal sealed class TaskFlow(HubDbContext db, IdSource ids, GroundTruths truths, Counters counters, MeasureAgreement agreement, GoldTasks gold, Facts facts)
{
    public async Task SubmittedAsync(Assignment assignment, Annotation annotation, AnnotationRevision revision, DateTimeOffset now, CancellationToken cancel)
    {
        // The increment takes the row's lock: of two last submits, one sees the other's.
        await db.Set<AnnotationTask>().Where(t => t.Id == assignment.TaskId).ExecuteUpdateAsync(set => set.SetProperty(t => t.Submitted, t => t.Submitted + 1), cancel);
        AnnotationTask task = await ReadAsync(assignment.TaskId, cancel);
        Campaign campaign = await db.Set<Campaign>().AsNoTracking().SingleAsync(c => c.Id == assignment.CampaignId, cancel);
        if (task.GoldTruthId is not null)
        {
            await gold.ScoreAsync(task, assignment.PersonId!.Value, revision.Document!, now, cancel);
            return;
        }

        if (task.Submitted > 1)
            await agreement.HandleAsync(task, campaign.ProjectId, now, cancel);
        await CloseIfCompleteAsync(task, campaign, annotation, revision, now, cancel);
    }

    /// <summary>A submitted answer went back to its author: the task is open again and the answer no longer counts.</summary>
    public async Task ReturnedAsync(Assignment assignment, Guid project, DateTimeOffset now, CancellationToken cancel)
    {
        await db.Set<AnnotationTask>().Where(t => t.Id == assignment.TaskId).ExecuteUpdateAsync(set => set.SetProperty(t => t.Submitted, t => t.Submitted - 1), cancel);
        AnnotationTask task = await ReadAsync(assignment.TaskId, cancel);
        await MoveAsync(task, TaskState.Open, now, cancel);
        if (task.Submitted > 0)
            await agreement.HandleAsync(task, project, now, cancel);
        await EditCampaign.NextEpochAsync(db, assignment.CampaignId, cancel);
    }

    public async Task SkippedAsync(Assignment assignment, DateTimeOffset now, CancellationToken cancel)
    {
        await db.Set<AnnotationTask>().Where(t => t.Id == assignment.TaskId).ExecuteUpdateAsync(set => set.SetProperty(t => t.Skipped, t => t.Skipped + 1), cancel);
        AnnotationTask task = await ReadAsync(assignment.TaskId, cancel);
        Campaign campaign = await db.Set<Campaign>().AsNoTracking().SingleAsync(c => c.Id == assignment.CampaignId, cancel);
        if (task.State != TaskState.Open || task.GoldTruthId is not null)
            return;
        if (task.Skipped >= campaign.Rules.SkipsToGiveUp && task.Submitted == 0)
        {
            await db.Set<Assignment>().Where(a => a.TaskId == task.Id && a.State == AssignmentState.Free).ExecuteDeleteAsync(cancel);
            await MoveAsync(task, TaskState.Unannotatable, now, cancel);
            return;
        }

        // Somebody else is asked: the same task, one more slot.
        int slot = 1 + await db.Set<Assignment>().Where(a => a.TaskId == task.Id).MaxAsync(a => a.Slot, cancel);
        db.Add(new Assignment
        {
            Id = ids.Next(),
            OrganizationId = task.OrganizationId,
            CampaignId = task.CampaignId,
            TaskId = task.Id,
            Slot = slot,
            QueueKey = QueueKey.Of(task.Priority, task.Place, Math.Min(slot, QueueKey.MaxSlot)),
        });
        await db.Set<Campaign>().Where(c => c.Id == task.CampaignId).ExecuteUpdateAsync(set => set.SetProperty(c => c.Epoch, c => c.Epoch + 1), cancel);
    }

    private async Task CloseIfCompleteAsync(AnnotationTask task, Campaign campaign, Annotation annotation, AnnotationRevision revision, DateTimeOffset now, CancellationToken cancel)
    {
        if (task.State is not TaskState.Open || task.Submitted < task.Required)
            return;
        List<AuthoredDocument> answers = await (
            from slot in db.Set<Assignment>()
            where slot.TaskId == task.Id && slot.State == AssignmentState.Submitted
            join answer in db.Set<Annotation>() on new { slot.TaskId, slot.PersonId } equals new { TaskId = answer.TaskId!.Value, PersonId = answer.AuthorId }
            orderby slot.Slot
            select new AuthoredDocument(answer.AuthorId!.Value, answer.Id, answer.Document)).AsNoTracking().ToListAsync(cancel);
        TaskState next = TaskOutcome.Of(
            campaign.Rules, campaign.Seed, task.ImageId, [.. answers.Select(a => a.Document)], await WatchedAsync(campaign, answers, cancel));
        await MoveAsync(task, next, now, cancel);
        if (next == TaskState.Done)
            await truths.AcceptAsync(task, campaign.ProjectId, answers, annotation, revision, now, cancel);
    }

    private async Task<bool> WatchedAsync(Campaign campaign, List<AuthoredDocument> answers, CancellationToken cancel)
    {
        const int EnoughGold = 3;
        (int first, double least) = (campaign.Rules.ReviewFirst, campaign.Rules.GoldLeast);
        Guid[] authors = [.. answers.Select(a => a.AuthorId)];
        foreach (Guid author in first > 0 ? authors : [])
        {
            // Counted up to the limit only: the answer that was just given is among them.
            if (await db.Set<Assignment>().Where(a => a.PersonId == author && a.CampaignId == campaign.Id && a.State == AssignmentState.Submitted).Take(first + 1).CountAsync(cancel) <= first)
                return true;
        }

        return least > 0 && await db.Set<GoldAnswer>().Where(g => g.CampaignId == campaign.Id && authors.Contains(g.PersonId))
            .GroupBy(g => g.PersonId).Where(g => g.Count() >= EnoughGold && g.Average(one => one.F1) < least).Select(g => g.Key).AnyAsync(cancel);
    }

    public async Task MoveAsync(AnnotationTask task, TaskState next, DateTimeOffset now, CancellationToken cancel)
    {
        DateTimeOffset? finished = next is TaskState.Done or TaskState.Unannotatable ? now : null;
        int moved = await db.Set<AnnotationTask>().Where(t => t.Id == task.Id && t.State == task.State).ExecuteUpdateAsync(
            set => set.SetProperty(t => t.State, next).SetProperty(t => t.FinishedAt, finished), cancel);
        if (moved != 1)
            return;
        await counters.TaskMovedAsync(task.OrganizationId, task.CampaignId, task.State, next, cancel);
        if (next == TaskState.Done)
            await facts.TaskDoneAsync(task.CampaignId, cancel);
    }

    private Task<AnnotationTask> ReadAsync(Guid task, CancellationToken cancel) =>
        db.Set<AnnotationTask>().AsNoTracking().SingleAsync(t => t.Id == task, cancel);
}

/// <summary>One annotator's answer to a task.</summary>
internal sealed record AuthoredDocument(Guid AuthorId, Guid AnnotationId, AnnotationDocument Document);
