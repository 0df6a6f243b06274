using Perenne.Vision.Statistics;

namespace Perenne.Vision.Metrics;

/// <summary>The rates of one group of images with their intervals.</summary>
/// <param name="Rates">At the threshold.</param>
/// <param name="Escape">Interval of the escape rate; <c>null</c> where undefined.</param>
/// <param name="Overkill">Interval of the overkill rate; <c>null</c> where undefined.</param>
public sealed record SliceRates(InspectionRates Rates, Interval? Escape, Interval? Overkill);

/// <summary>Escape and overkill at one threshold: of all images, per class and per slice (organization).</summary>
/// <param name="Overall">All images.</param>
/// <param name="ByCategory">Per class; see <see cref="ImageEvidence.OfCategory"/>.</param>
/// <param name="BySlice">Per slice, all classes.</param>
public sealed record InspectionReport(SliceRates Overall, IReadOnlyDictionary<long, SliceRates> ByCategory, IReadOnlyDictionary<string, SliceRates> BySlice)
{
    /// <summary>Builds the report.</summary>
    /// <param name="images">Every image.</param>
    /// <param name="threshold">Images with a score of at least this are rejected.</param>
    /// <param name="seed">Same seed, same intervals.</param>
    /// <param name="resamples">Bootstrap resamples.</param>
    /// <param name="level">Coverage of the intervals in (0, 1).</param>
    public static InspectionReport Of(IReadOnlyList<ImageEvidence> images, double threshold, ulong seed, int resamples = 1000, double level = 0.95)
    {
        SliceRates Rates(IReadOnlyList<JudgedImage> judged)
        {
            (Interval? escape, Interval? overkill) = InspectionRates.Intervals(judged, threshold, seed, resamples, level);
            return new SliceRates(InspectionRates.At(judged, threshold), escape, overkill);
        }
        IEnumerable<long> categories = images.SelectMany(i => i.Defects.Concat(i.BestScores.Keys)).Distinct().Order();
        return new InspectionReport(
            Rates([.. images.Select(i => i.Judged)]),
            categories.ToDictionary(c => c, c => Rates(ImageEvidence.OfCategory(images, c))),
            images.GroupBy(i => i.Slice).ToDictionary(g => g.Key, g => Rates([.. g.Select(i => i.Judged)])));
    }
}
