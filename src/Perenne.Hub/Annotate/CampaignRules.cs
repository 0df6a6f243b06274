
using Perenne.Contracts.Annotation;

namespace Perenne.Hub.Annotate;

internal enum QueueOrder
{
    Oldest,
    Newest,
    Random,

    /// <summary>Most uncertain for the model that proposes first; images without proposals come last. Newer proposals move what waits.</summary>
    Uncertain,

    /// <summary>As different in looks (perceptual hash) from everything before as possible.</summary>
    Diverse,
}

internal enum ProposalRule
{
    Never,

    /// <summary>Hidden until the annotator has drawn or answered: less bias.</summary>
    AfterFirstShape,
    Always,
}

/// <summary>How a campaign's work is distributed. Read by the pure functions of Distribution.</summary>
/// <param name="OverlapShare">Share of the images that several people annotate, 0 to 1.</param>
/// <param name="OverlapCount">How many people annotate those, 2 to 10.</param>
/// <param name="ReviewShare">Share of finished annotations that a reviewer looks at, 0 to 1.</param>
/// <param name="GoldShare">Share of a person's tasks whose answer is known, 0 to 0.5.</param>
/// <param name="AgreementLeast">Overlapped images whose agreement (F1 at IoU 0.5) is lower go to adjudication, 0 to 1.</param>
/// <param name="QuotaPerDay">Images a person may finish a day; null: no limit.</param>
/// <param name="SamePartSamePerson">Images of one part go to the person who had the first of them.</param>
/// <param name="LeaseMinutes">A task untouched for so long goes back to the queue; its draft is kept.</param>
/// <param name="TopUpBelow">When fewer free tasks are left, images are taken from the pool; 0: never.</param>
/// <param name="SkipsToGiveUp">After so many skips an image counts as not annotatable.</param>
/// <param name="GoldLeast">Answers of people who score lower on gold tasks (mean F1, from three on) are all reviewed; 0: nobody's, 0 to 1.</param>
/// <param name="ReviewFirst">So many first answers of everybody new to the campaign are reviewed.</param>
/// <param name="Kinds">Kinds of annotation that may be given ("tag": a class for the whole image, "value": only <paramref name="Values"/>); null or empty: all.</param>
/// <param name="Classes">Label classes of the schema that are offered; null or empty: all, also later ones.</param>
/// <param name="Values">Numbers that every answer gives for the whole image.</param>
internal sealed record CampaignRules(
    double OverlapShare = 0,
    int OverlapCount = 2,
    double ReviewShare = 0.1,
    double GoldShare = 0,
    double AgreementLeast = 0.5,
    QueueOrder Order = QueueOrder.Oldest,
    int? QuotaPerDay = null,
    bool SamePartSamePerson = false,
    ProposalRule Proposals = ProposalRule.AfterFirstShape,
    int LeaseMinutes = 30,
    int TopUpBelow = 0,
    int SkipsToGiveUp = 2,
    double GoldLeast = 0,
    int ReviewFirst = 0,
    IReadOnlyList<string>? Kinds = null,
    IReadOnlyList<ImageValueRule>? Values = null,
    IReadOnlyList<Guid>? Classes = null)
{
    public bool Offers(Guid labelClass) => Classes is not { Count: > 0 } || Classes.Contains(labelClass);

    /// <summary>What an answer holds that the campaign does not ask for, as a sentence; null when nothing.</summary>
    /// <param name="labels">Names of the label classes asked for; null: any.</param>
    public string? NotAskedFor(AnnotationDocument document, IReadOnlySet<string>? labels)
    {
        if (Kinds is { Count: > 0 } kinds)
        {
            if (document.Shapes.FirstOrDefault(shape => !kinds.Contains(shape.Kind)) is { } other)
                return $"This campaign asks for {string.Join(", ", kinds)}; here '{other.Label}' is marked with a {other.Kind}. Remove it, or mark the place with what is asked for.";
            if (!document.Tags.IsEmpty && !kinds.Contains("tag"))
                return $"This campaign asks for {string.Join(", ", kinds)}, not for classes of the whole image. Remove '{document.Tags[0]}'.";
        }

        string? unasked = labels is null ? null : document.Shapes.Select(shape => shape.Label).Concat(document.Tags).FirstOrDefault(label => !labels.Contains(label));
        return unasked is null ? null : $"This campaign does not ask for '{unasked}'. Give another class, or remove what is marked so.";
    }

    /// <summary>What is wrong with the rules, by field; empty when nothing is.</summary>
    public IEnumerable<(string Field, string Problem)> Problems()
    {
        if (OverlapShare is not (>= 0 and <= 1))
            yield return (nameof(OverlapShare), "The overlap share lies between 0 and 1 (0.2 = every fifth image).");
        if (OverlapCount is < 2 or > 10)
            yield return (nameof(OverlapCount), "An overlapped image is annotated by 2 to 10 people.");
        if (ReviewShare is not (>= 0 and <= 1))
            yield return (nameof(ReviewShare), "The review share lies between 0 and 1.");
        if (GoldShare is not (>= 0 and <= 0.5))
            yield return (nameof(GoldShare), "The share of gold tasks lies between 0 and 0.5.");
        if (GoldLeast is not (>= 0 and <= 1))
            yield return (nameof(GoldLeast), "The score needed on gold tasks lies between 0 and 1.");
        if (ReviewFirst is < 0 or > 1000)
            yield return (nameof(ReviewFirst), "Between 0 and 1,000 first answers of a person are reviewed.");
        if (AgreementLeast is not (>= 0 and <= 1))
            yield return (nameof(AgreementLeast), "The agreement needed lies between 0 and 1.");
        if (QuotaPerDay is <= 0)
            yield return (nameof(QuotaPerDay), "A quota is at least one image a day; leave it empty for no limit.");
        if (LeaseMinutes is < 1 or > 24 * 60)
            yield return (nameof(LeaseMinutes), "A task is lent for 1 minute to 24 hours.");
        if (SkipsToGiveUp is < 1 or > 10)
            yield return (nameof(SkipsToGiveUp), "An image is given up after 1 to 10 skips.");
        string[] known = ["box", "rotatedBox", "polygon", "polyline", "point", "mask", "tag", "value"];
        foreach (string kind in (Kinds ?? []).Where(kind => !known.Contains(kind)))
            yield return (nameof(Kinds), $"'{kind}' is no kind of shape; known are {string.Join(", ", known)}.");
        foreach (string problem in ImageValueRule.Problems(Values ?? []))
            yield return (nameof(Values), problem);
    }
}
