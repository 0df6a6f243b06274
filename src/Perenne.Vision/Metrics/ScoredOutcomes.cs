namespace Perenne.Vision.Metrics;

internal static class ScoredOutcomes
{
    public static void Check(ReadOnlySpan<double> scores, ReadOnlySpan<bool> right, bool probabilities)
    {
        if (scores.Length != right.Length)
            throw new ArgumentException($"Each score needs its outcome, but there are {scores.Length} scores and {right.Length} outcomes.");
        foreach (double score in scores)
            if (!double.IsFinite(score) || (probabilities && score is < 0 or > 1))
                throw new ArgumentException($"A score is {score}; expected {(probabilities ? "a number in [0, 1]" : "a finite number")}.");
    }
}
