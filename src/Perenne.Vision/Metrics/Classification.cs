using Perenne.Vision.Statistics;

namespace Perenne.Vision.Metrics;

/// <summary>Figures for image tags.</summary>
public static class Classification
{
    /// <summary>Share of equal labels, in [0, 1]; NaN without labels.</summary>
    public static double Accuracy(ReadOnlySpan<int> actual, ReadOnlySpan<int> predicted)
    {
        RequireSameLength(actual.Length, predicted.Length);
        int equal = 0;
        for (int i = 0; i < actual.Length; i++)
            equal += actual[i] == predicted[i] ? 1 : 0;
        return (double)equal / actual.Length;
    }

    /// <summary>Mean over labels (those that occur as truth or prediction) of F1, in [0, 1]; NaN without labels.</summary>
    public static double MacroF1(ReadOnlySpan<int> actual, ReadOnlySpan<int> predicted)
    {
        RequireSameLength(actual.Length, predicted.Length);
        var counts = new Dictionary<int, (int Both, int Sum)>();
        for (int i = 0; i < actual.Length; i++)
        {
            (int both, int sum) = counts.GetValueOrDefault(actual[i]);
            counts[actual[i]] = (both + (actual[i] == predicted[i] ? 1 : 0), sum + 1);
            (both, sum) = counts.GetValueOrDefault(predicted[i]);
            counts[predicted[i]] = (both, sum + 1);
        }
        // F1 = 2TP / (times true + times predicted).
        return counts.Values.Select(c => 2.0 * c.Both / c.Sum).DefaultIfEmpty(double.NaN).Average();
    }

    /// <summary>Area under the ROC curve: the chance that a positive scores above a negative, ties half. <c>null</c> without both kinds.</summary>
    /// <remarks>By the Mann-Whitney statistic (Hanley and McNeil 1982).</remarks>
    public static double? AreaUnderRoc(ReadOnlySpan<double> scores, ReadOnlySpan<bool> positive)
    {
        ScoredOutcomes.Check(scores, positive, probabilities: false);
        double[] ranks = Ranks.Average(scores).Ranks;
        double sum = 0;
        long positives = 0;
        for (int i = 0; i < ranks.Length; i++)
            if (positive[i])
                (sum, positives) = (sum + ranks[i], positives + 1);
        long negatives = ranks.Length - positives;
        return positives == 0 || negatives == 0 ? null : (sum - positives * (positives + 1) / 2.0) / ((double)positives * negatives);
    }

    internal static void RequireSameLength(int actual, int predicted)
    {
        if (actual != predicted)
            throw new ArgumentException($"Each truth needs its prediction, but there are {actual} and {predicted}.");
    }
}
