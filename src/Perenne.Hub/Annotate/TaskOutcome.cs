using Perenne.Contracts.Annotation;
using Perenne.Hub.Agree;

namespace Perenne.Hub.Annotate;

/// <summary>Where a task goes when all its slots are submitted: a pure decision.</summary>
internal static class TaskOutcome
{
    /// <param name="watched">One of the authors is new, or scores low on gold tasks.</param>
    public static TaskState Of(CampaignRules rules, long seed, Guid image, IReadOnlyList<AnnotationDocument> answers, bool watched)
    {
        if (answers.Count > 1 && DocumentAgreement.LeastPairF1(answers) < rules.AgreementLeast)
            return TaskState.Disputed;
        return watched || QueueKey.Draw(seed, image, "review") < rules.ReviewShare ? TaskState.InReview : TaskState.Done;
    }
}
