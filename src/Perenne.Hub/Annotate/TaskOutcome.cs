using Perenne.Contracts.Annotation;
using Perenne.Hub.Agree;

namespace Perenne.Hub.Annotate;

/// <summary>Where a task goes when all its slots are submitted: a pure decision.</summary>
internal static class TaskOutcome
{
    public static TaskState Of(CampaignRules rules, long seed, Guid image, IReadOnlyList<AnnotationDocument> answers)
    {
        if (answers.Count > 1 && DocumentAgreement.LeastPairF1(answers) < rules.AgreementLeast)
            return TaskState.Disputed;
        return QueueKey.Draw(seed, image, "review") < rules.ReviewShare ? TaskState.InReview : TaskState.Done;
    }
}
