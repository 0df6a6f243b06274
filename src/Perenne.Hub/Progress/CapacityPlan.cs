using Perenne.Hub.Shared.Results;

namespace Perenne.Hub.Progress;

/// <param name="Sites">Plants that need their images annotated.</param>
/// <param name="Variants">Product variants at each site.</param>
/// <param name="ChangesPerYear">How often a variant, its lighting or its defects change so much that new images are needed.</param>
/// <param name="ImagesPerChange">New images to annotate after each change.</param>
/// <param name="OverlapShare">Share of them annotated by several, 0 to 1.</param>
/// <param name="OverlapCount">By how many.</param>
/// <param name="ReviewShare">Share of answers that are reviewed, 0 to 1.</param>
/// <param name="SecondsPerImage">Median active time of an answer.</param>
/// <param name="SecondsPerReview">Of a review.</param>
/// <param name="HoursPerPerson">Hours a week one annotator has for it.</param>
internal sealed record CapacityQuestion(
    int Sites = 20, int Variants = 3, double ChangesPerYear = 4, int ImagesPerChange = 200, double OverlapShare = 0.2, int OverlapCount = 2, double ReviewShare = 0.1,
    double SecondsPerImage = 60, double SecondsPerReview = 15, double HoursPerPerson = 6)
{
    public HubError? Problem() => new Check()
        .That(Sites is >= 1 and <= 10_000, "sites", "Plan for 1 to 10,000 sites.")
        .That(Variants is >= 1 and <= 10_000, "variants", "A site has 1 to 10,000 product variants.")
        .That(ChangesPerYear is > 0 and <= 365, "changesPerYear", "A variant changes more than 0 and at most 365 times a year.")
        .That(ImagesPerChange is >= 1 and <= 1_000_000, "imagesPerChange", "A change needs 1 to 1,000,000 images.")
        .That(OverlapShare is >= 0 and <= 1, "overlapShare", "The overlap share lies between 0 and 1 (0.2 = every fifth image).")
        .That(OverlapCount is >= 2 and <= 10, "overlapCount", "An overlapped image is annotated by 2 to 10 people.")
        .That(ReviewShare is >= 0 and <= 1, "reviewShare", "The review share lies between 0 and 1.")
        .That(SecondsPerImage is >= 1 and <= 86_400, "secondsPerImage", "The time for an image lies between 1 second and a day.")
        .That(SecondsPerReview is >= 0 and <= 86_400, "secondsPerReview", "The time for a review lies between 0 seconds and a day.")
        .That(HoursPerPerson is > 0 and <= 60, "hoursPerPerson", "A person has more than 0 and at most 60 hours a week.").Error;
}

/// <param name="AnnotatorsAtOnce">So many work when all changes of a site come in the same week: the busiest week of one site, added to the rest.</param>
internal sealed record CapacityAnswer(
    double ImagesPerYear, double ImagesPerWeek, double AnswersPerWeek, double AnnotationHoursPerWeek, double ReviewHoursPerWeek, int Annotators, double HoursPerAnnotator, int AnnotatorsAtOnce);

/// <summary>How many people keep how many plants annotated: pure arithmetic, so that every figure can be checked by hand.</summary>
internal static class CapacityPlan
{
    private const double WeeksPerYear = 52;

    public static CapacityAnswer Of(CapacityQuestion q)
    {
        double images = q.Sites * q.Variants * q.ChangesPerYear * q.ImagesPerChange, week = images / WeeksPerYear;
        double perImage = 1 + (q.OverlapShare * (q.OverlapCount - 1)), answers = week * perImage;
        double drawing = Hours(answers * q.SecondsPerImage), reviewing = Hours(answers * q.ReviewShare * q.SecondsPerReview);
        int people = Math.Max(1, (int)Math.Ceiling((drawing + reviewing) / q.HoursPerPerson));
        double siteAtOnce = Hours(q.Variants * q.ImagesPerChange * perImage * (q.SecondsPerImage + (q.ReviewShare * q.SecondsPerReview)));
        double rest = (drawing + reviewing) * (q.Sites - 1) / q.Sites;
        return new(images, week, answers, drawing, reviewing, people, (drawing + reviewing) / people, Math.Max(people, (int)Math.Ceiling((rest + siteAtOnce) / q.HoursPerPerson)));
    }

    private static double Hours(double seconds) => seconds / 3600;
}
