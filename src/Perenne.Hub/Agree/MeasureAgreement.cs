using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Annotate;
using Perenne.Hub.Shared.Data;
using Perenne.Vision.Agreement;

namespace Perenne.Hub.Agree;

/// <summary>
/// Compares the answers to one task whenever they change: only this task's pairs, so that its cost does not grow with the campaign.
/// Runs inside the caller's transaction, after the task's row was updated, which puts two last submits one after the other.
/// </summary>
internal sealed class MeasureAgreement(HubDbContext db)
{
    private static readonly AgreementOptions Options = new(DocumentAgreement.IouThreshold, Resamples: 0);

    public async Task HandleAsync(AnnotationTask task, Guid project, DateTimeOffset now, CancellationToken cancel)
    {
        List<SubmittedAnswer> answers = await TaskAnswers.ReadAsync(db, [task.Id], cancel);
        AgreementItem? item = await db.Set<AgreementItem>().SingleOrDefaultAsync(i => i.TaskId == task.Id, cancel);
        IReadOnlyList<PersonPair> before = item?.Pairs ?? [];
        if (answers.Count < 2)
        {
            if (item is not null)
                db.Remove(item);
        }
        else
        {
            if (item is null)
                db.Add(item = New(task, project));
            Fill(item, answers, now);
        }

        await db.SaveChangesAsync(cancel);
        await AddAsync(task, before, -1, cancel);
        await AddAsync(task, answers.Count < 2 ? [] : item!.Pairs, 1, cancel);
    }

    private static AgreementItem New(AnnotationTask task, Guid project) => new()
    {
        TaskId = task.Id,
        OrganizationId = task.OrganizationId,
        ProjectId = project,
        CampaignId = task.CampaignId,
        ImageId = task.ImageId,
    };

    private static void Fill(AgreementItem item, List<SubmittedAnswer> answers, DateTimeOffset now)
    {
        AnnotatorAnswer[] opinions = [.. answers.Select(a => a.Document.ToAnswer(a.PersonId))];
        ShapeAgreementReport report = ShapeAgreement.Evaluate([new(item.ImageId.ToString(), item.OrganizationId.ToString(), [.. opinions])], Options);
        Contradiction? worst = report.Contradictions.IsEmpty ? null : report.Contradictions[0];
        (item.Answers, item.SeeDefect, item.F1, item.At) = (answers.Count, opinions.Count(o => o.SeesDefect), report.Overall.F1.Value, now);
        (item.Kind, item.Score, item.Contradictions) = (worst?.Kind, worst?.Score ?? 0, report.Contradictions.Length);
        item.Camps = worst is null ? [] : [.. worst.Camps.Select(c => new PeopleCamp(c.Says, [.. c.Annotators.Select(Guid.Parse)]))];
        item.Pairs = [.. Pairs(answers, opinions)];
        item.IsSettled = false;
    }

    private static IEnumerable<PersonPair> Pairs(List<SubmittedAnswer> answers, AnnotatorAnswer[] opinions)
    {
        int[] order = [.. Enumerable.Range(0, answers.Count).OrderBy(i => answers[i].PersonId)];
        for (int i = 0; i < order.Length; i++)
        {
            for (int j = i + 1; j < order.Length; j++)
            {
                (SubmittedAnswer a, SubmittedAnswer b) = (answers[order[i]], answers[order[j]]);
                PairFigures figures = DocumentAgreement.Compare(a.Document, b.Document);
                yield return new(a.PersonId, b.PersonId, figures.Matched, figures.OnlyFirst, figures.OnlySecond, figures.SumIou, opinions[order[i]].SeesDefect == opinions[order[j]].SeesDefect);
            }
        }
    }

    private async Task AddAsync(AnnotationTask task, IReadOnlyList<PersonPair> pairs, int sign, CancellationToken cancel)
    {
        foreach (PersonPair p in pairs)
        {
            await db.Database.ExecuteSqlAsync($"""
                INSERT INTO agreement_totals (campaign_id, first, second, organization_id, images, same_answers, matched, only_first, only_second, sum_iou)
                VALUES ({task.CampaignId}, {p.First}, {p.Second}, {task.OrganizationId}, {sign}, {sign * (p.SameAnswer ? 1 : 0)}, {sign * p.Matched}, {sign * p.OnlyFirst}, {sign * p.OnlySecond}, {sign * p.SumIou})
                ON CONFLICT (campaign_id, first, second) DO UPDATE SET
                    images = agreement_totals.images + excluded.images,
                    same_answers = agreement_totals.same_answers + excluded.same_answers,
                    matched = agreement_totals.matched + excluded.matched,
                    only_first = agreement_totals.only_first + excluded.only_first,
                    only_second = agreement_totals.only_second + excluded.only_second,
                    sum_iou = agreement_totals.sum_iou + excluded.sum_iou
                """, cancel);
        }
    }
}
