using Perenne.Vision.Statistics;

namespace Perenne.Vision.Metrics;

/// <summary>What a plant asks of a model at one threshold.</summary>
/// <param name="Threshold">Images with a score of at least this are rejected.</param>
/// <param name="Defective">Images with a defect.</param>
/// <param name="Escaped">Defective images passed as good.</param>
/// <param name="Good">Images without a defect.</param>
/// <param name="Overkilled">Good images rejected.</param>
public readonly record struct InspectionRates(double Threshold, int Defective, int Escaped, int Good, int Overkilled)
{
    /// <summary>Defective images passed as good, of all defective; <c>null</c> without a defective image.</summary>
    public double? EscapeRate => Defective == 0 ? null : (double)Escaped / Defective;

    /// <summary>Good images rejected, of all good; <c>null</c> without a good image.</summary>
    public double? OverkillRate => Good == 0 ? null : (double)Overkilled / Good;

    /// <summary>Counts at one threshold.</summary>
    public static InspectionRates At(IEnumerable<JudgedImage> images, double threshold)
    {
        int defective = 0, escaped = 0, good = 0, overkilled = 0;
        foreach (JudgedImage image in images)
        {
            bool rejected = image.Score >= threshold;
            if (image.IsDefective)
                (defective, escaped) = (defective + 1, escaped + (rejected ? 0 : 1));
            else
                (good, overkilled) = (good + 1, overkilled + (rejected ? 1 : 0));
        }
        return new InspectionRates(threshold, defective, escaped, good, overkilled);
    }

    /// <summary>One point per different score, by falling threshold, after the point that rejects nothing (threshold +infinity).</summary>
    /// <exception cref="ArgumentException">A score is NaN.</exception>
    public static InspectionRates[] Curve(IEnumerable<JudgedImage> images)
    {
        JudgedImage[] sorted = [.. images.OrderByDescending(i => double.IsNaN(i.Score) ? throw new ArgumentException($"Image {i.ImageId} has no score (NaN).") : i.Score)];
        int defective = sorted.Count(i => i.IsDefective), good = sorted.Length - defective, caught = 0, overkilled = 0;
        var curve = new List<InspectionRates> { new(double.PositiveInfinity, defective, defective, good, 0) };
        for (int i = 0; i < sorted.Length && !double.IsNegativeInfinity(sorted[i].Score); i++)
        {
            _ = sorted[i].IsDefective ? caught++ : overkilled++;
            if (i + 1 == sorted.Length || sorted[i + 1].Score != sorted[i].Score)
                curve.Add(new InspectionRates(sorted[i].Score, defective, defective - caught, good, overkilled));
        }
        return [.. curve];
    }

    /// <summary>Percentile bootstrap intervals over images of the escape and the overkill rate; <c>null</c> where too few resamples define one.</summary>
    /// <param name="images">The images.</param>
    /// <param name="threshold">Images with a score of at least this are rejected.</param>
    /// <param name="seed">Same seed, same intervals.</param>
    /// <param name="resamples">How many resamples.</param>
    /// <param name="level">Coverage in (0, 1).</param>
    public static (Interval? Escape, Interval? Overkill) Intervals(IReadOnlyList<JudgedImage> images, double threshold, ulong seed, int resamples = 1000, double level = 0.95)
    {
        Interval? Of(bool defective)
        {
            // Rates of one kind of image resampled among all images, so that the number of that kind varies too.
            bool[] counts = [.. images.Select(i => i.IsDefective == defective)];
            bool[] wrong = [.. images.Select(i => i.IsDefective == defective && (i.Score >= threshold) != defective)];
            return PercentileBootstrap.Of(images.Count, drawn => WeightedRate(counts, wrong, drawn), resamples, level, seed);
        }
        return (Of(defective: true), Of(defective: false));
    }

    private static double? WeightedRate(bool[] counts, bool[] wrong, int[] drawn)
    {
        int all = 0, bad = 0;
        for (int i = 0; i < drawn.Length; i++)
        {
            all += counts[i] ? drawn[i] : 0;
            bad += wrong[i] ? drawn[i] : 0;
        }
        return all == 0 ? null : (double)bad / all;
    }
}
