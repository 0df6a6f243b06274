namespace Perenne.Vision.Agreement;

/// <summary>Sums over images from which every figure of a scope follows. Sums add up, so a bootstrap resample is a weighted sum.</summary>
internal sealed class AgreementTally
{
    private const int IouSum = 0, IouPairs = 1, TwiceTruePositives = 2, ShapePairs = 3, ItemAgreement = 4, ImageAgreement = 5, ImagePairs = 6,
        ImageSamePairs = 7, ImageGood = 8, ImageBad = 9, Categories = 10;
    private readonly double[] sums;

    public AgreementTally(int categories) => sums = new double[Categories + categories];

    public double? Alpha => NominalAlpha(sums[ItemAgreement], sums.AsSpan(Categories));

    public double? MeanIou => Ratio(sums[IouSum], sums[IouPairs]);

    public double? F1 => Ratio(sums[TwiceTruePositives], sums[ShapePairs]);

    public double? ImageAlpha => NominalAlpha(sums[ImageAgreement], sums.AsSpan(ImageGood, 2));

    public double? ImageShare => Ratio(sums[ImageSamePairs], sums[ImagePairs]);

    public void Add(AgreementTally other, double weight)
    {
        for (int i = 0; i < sums.Length; i++)
            sums[i] += weight * other.sums[i];
    }

    public void Clear() => Array.Clear(sums);

    /// <summary>An item: how many annotators gave each category.</summary>
    public void AddItem(ReadOnlySpan<int> counts) => sums[ItemAgreement] += AddCounts(counts, Categories);

    public void AddImage(int good, int bad)
    {
        sums[ImageAgreement] += AddCounts([good, bad], ImageGood);
        double raters = good + bad;
        sums[ImagePairs] += raters * (raters - 1);
        sums[ImageSamePairs] += good * (good - 1.0) + bad * (bad - 1.0);
    }

    public void AddOverlap(double iou)
    {
        sums[IouSum] += iou;
        sums[IouPairs]++;
    }

    public void AddMatches(double truePositives, double shapesOfBoth)
    {
        sums[TwiceTruePositives] += 2 * truePositives;
        sums[ShapePairs] += shapesOfBoth;
    }

    private double AddCounts(ReadOnlySpan<int> counts, int at)
    {
        int raters = 0;
        double same = 0;
        for (int c = 0; c < counts.Length; c++)
        {
            sums[at + c] += counts[c];
            raters += counts[c];
            same += counts[c] * (counts[c] - 1.0);
        }
        return same / (raters - 1);
    }

    // α = 1 − (n−1)·(n − Σo_cc)/(n² − Σn_c²), the nominal case of Krippendorff's alpha.
    private static double? NominalAlpha(double agreement, ReadOnlySpan<double> marginals)
    {
        double n = 0, squares = 0;
        foreach (double marginal in marginals)
        {
            n += marginal;
            squares += marginal * marginal;
        }
        double expected = n * n - squares;
        return expected > 0 ? 1 - (n - 1) * (n - agreement) / expected : null;
    }

    private static double? Ratio(double numerator, double denominator) => denominator > 0 ? numerator / denominator : null;
}
