using Perenne.Hub.Progress;

namespace Perenne.Hub.Fleet;

/// <summary>What an organization needs before a model can be kept good there, in the order in which it is best done.</summary>
internal enum ReadinessItem
{
    Outlook,
    Annotators,
    Reviewer,
    LabelClasses,
    Images,
    Annotations,
    Station,
    Model,
    Monitoring,
    Automation,
}

/// <param name="Words">How it stands, and what is missing.</param>
internal sealed record ReadinessStep(ReadinessItem Item, bool IsDone, string Words);

/// <param name="AnnotatorAccounts">People with the right to annotate there.</param>
/// <param name="ReferenceShare">How much of the normal the fullest camera has learnt, 0 to 1.</param>
internal sealed record ReadinessFacts(
    OutlookDraft? Outlook, double? MeasuredSeconds, int AnnotatorAccounts, int Reviewers, int LabelClasses, int Images, int Accepted, int Stations, int? ActiveVersion, double ReferenceShare, bool PolicyIsOn);

/// <summary>The readiness checklist as a pure function of facts.</summary>
internal static class ReadinessRules
{
    /// <summary>Below this no measurement has an interval that says anything.</summary>
    public const int LeastImages = 100, LeastAccepted = 50;

    /// <summary>The annotators that the outlook asks for; null while nothing is stated.</summary>
    public static CapacityAnswer? Needed(ReadinessFacts facts) => facts.Outlook is { } outlook ? CapacityPlan.Of(outlook.Question(facts.MeasuredSeconds)) : null;

    public static IReadOnlyList<ReadinessStep> Of(ReadinessFacts facts)
    {
        int needed = Math.Max(2, Needed(facts)?.Annotators ?? 2);
        return
        [
            facts.Outlook is { } o
                ? new(ReadinessItem.Outlook, true, $"{o.Sites} sites, {o.Variants} variants at each, {o.ChangesPerYear:0.#} changes of each a year, {o.Annotators} people.")
                : new(ReadinessItem.Outlook, false, "Say how many sites, product variants and changes there are, and who can annotate: the number of people follows from it."),
            facts.Outlook is { } stated && stated.Annotators < needed
                ? new(ReadinessItem.Annotators, false, $"{needed} people are needed for what changes there, {stated.Annotators} are available. Find more, or plan more hours for each.")
                : new(ReadinessItem.Annotators, facts.AnnotatorAccounts >= needed, $"{facts.AnnotatorAccounts} of {needed} people have an account with which they can annotate."),
            new(ReadinessItem.Reviewer, facts.Reviewers > 0, facts.Reviewers > 0 ? $"{facts.Reviewers} people can review." : "Somebody must be able to review: nobody reviews their own work."),
            new(ReadinessItem.LabelClasses, facts.LabelClasses > 0, facts.LabelClasses > 0 ? $"{facts.LabelClasses} label classes." : "What is annotated is not defined yet."),
            new(ReadinessItem.Images, facts.Images >= LeastImages, $"{facts.Images} of {LeastImages} images from this organization's own cameras."),
            new(ReadinessItem.Annotations, facts.Accepted >= LeastAccepted, $"{facts.Accepted} of {LeastAccepted} accepted annotations: with fewer, no model can be measured there."),
            new(ReadinessItem.Station, facts.Stations > 0, facts.Stations > 0 ? $"{facts.Stations} stations report." : "No station reports yet. Enrol one with a one-time code."),
            new(ReadinessItem.Model, facts.ActiveVersion is not null, facts.ActiveVersion is { } v ? $"Version {v} decides." : "No model decides there yet."),
            new(ReadinessItem.Monitoring, facts.ReferenceShare >= 1, facts.ReferenceShare >= 1 ? "The monitor knows what is normal." : $"The monitor has learnt {facts.ReferenceShare:P0} of what is normal; it learns from what the station judges."),
            new(ReadinessItem.Automation, facts.PolicyIsOn, facts.PolicyIsOn ? "The project's policy is on." : "The project's policy is off: nothing is measured or retrained by itself."),
        ];
    }
}
