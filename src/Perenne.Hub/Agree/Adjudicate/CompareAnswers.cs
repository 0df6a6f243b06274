using Microsoft.EntityFrameworkCore;
using Perenne.Contracts.Annotation;
using Perenne.Hub.Annotate;
using Perenne.Hub.Collect;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;
using Perenne.Vision.Agreement;

namespace Perenne.Hub.Agree.Adjudicate;

internal enum ShapeStanding
{
    /// <summary>Everybody drew it and gave it the same class.</summary>
    Agreed,

    /// <summary>Some did not draw it.</summary>
    NotByAll,

    /// <summary>Drawn at the same place, of another class.</summary>
    OtherClass,
}

/// <param name="Standing">Of each shape, by its id.</param>
internal sealed record ComparedAnswer(Guid PersonId, string Name, AnnotationDocument Document, IReadOnlyDictionary<string, ShapeStanding> Standing);

internal sealed record AnswerComparison(
    Guid TaskId, Guid CampaignId, string Campaign, TaskState State, Guid ImageId, string FileName, TaskPicture Picture, IReadOnlyList<ComparedAnswer> Answers, IReadOnlyList<PeopleCamp> Camps);

/// <summary>All answers to one image beside each other, each shape with how far the others share it.</summary>
internal sealed class CompareAnswers(HubDbContext db, AdjudicationAccess disputes)
{
    public async Task<Result<AnswerComparison>> HandleAsync(Guid project, Guid taskId, CancellationToken cancel)
    {
        Result<Disputed> found = await disputes.LoadAsync(project, taskId, decides: false, cancel);
        if (!found.Succeeded)
            return found.Error;
        (AnnotationTask task, Campaign campaign, _) = found.Value;
        Image? image = await db.Set<Image>().AsNoTracking().SingleOrDefaultAsync(i => i.Id == task.ImageId, cancel);
        if (image is null)
            return HubError.NotFound("The image of this task");
        List<SubmittedAnswer> answers = await TaskAnswers.ReadAsync(db, [taskId], cancel);
        Guid[] people = [.. answers.Select(a => a.PersonId)];
        Dictionary<Guid, string> names = await db.Users.Where(u => people.Contains(u.Id)).ToDictionaryAsync(u => u.Id, u => u.DisplayName, cancel);
        ILookup<Guid, (string Shape, ShapeStanding Standing)> standing = Standings(answers);
        IReadOnlyList<PeopleCamp> camps = await db.Set<AgreementItem>().Where(i => i.TaskId == taskId).Select(i => i.Camps).SingleOrDefaultAsync(cancel) ?? [];
        return new AnswerComparison(taskId, campaign.Id, campaign.Name, task.State, image.Id, image.FileName, TaskPicture.Of(image),
            [.. answers.Select(a => new ComparedAnswer(a.PersonId, names.GetValueOrDefault(a.PersonId, "?"), a.Document, standing[a.PersonId].ToDictionary(s => s.Shape, s => s.Standing)))], camps);
    }

    private static ILookup<Guid, (string Shape, ShapeStanding Standing)> Standings(List<SubmittedAnswer> answers)
    {
        IEnumerable<AnnotatorAnswer> opinions = answers.Select(a => a.Document.ToAnswer(a.PersonId));
        return ShapeGrouping.Of(opinions, DocumentAgreement.IouThreshold).SelectMany(group =>
        {
            ShapeStanding standing = group.Members.Select(m => m.Shape.LabelClass).Distinct().Count() > 1 ? ShapeStanding.OtherClass
                : group.Members.Length < answers.Count ? ShapeStanding.NotByAll : ShapeStanding.Agreed;
            return group.Members.Select(m => (Person: Guid.Parse(m.AnnotatorId), Shape: m.Shape.Id, standing));
        }).ToLookup(one => one.Person, one => (one.Shape, one.standing));
    }
}
