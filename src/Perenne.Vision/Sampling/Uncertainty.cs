namespace Perenne.Vision.Sampling;

/// <summary>How unsure a model is of a prediction; higher = more worth annotating (Settles 2009, section 3.1).</summary>
public static class Uncertainty
{
    /// <summary>1 − (best − second best probability), in [0,1].</summary>
    /// <param name="probabilities">At least two, each in [0,1].</param>
    /// <exception cref="ArgumentException">There are fewer than two, or one is outside [0,1].</exception>
    public static double Margin(ReadOnlySpan<double> probabilities)
    {
        Check(probabilities);
        double best = 0, second = 0;
        foreach (double p in probabilities)
            (best, second) = p > best ? (p, best) : (best, Math.Max(second, p));
        return 1 - (best - second);
    }

    /// <summary>The entropy of the probabilities divided by its maximum, in [0,1].</summary>
    /// <inheritdoc cref="Margin"/>
    public static double Entropy(ReadOnlySpan<double> probabilities)
    {
        Check(probabilities);
        double sum = 0;
        foreach (double p in probabilities)
            sum -= p > 0 ? p * Math.Log(p) : 0;
        return Math.Clamp(sum / Math.Log(probabilities.Length), 0, 1);
    }

    /// <summary>For an image with detections: how near its least sure score is to the decision threshold, in [0,1]; 0 without detections.</summary>
    /// <param name="scores">Scores of all detections of the image, also those below the threshold, each in [0,1].</param>
    /// <param name="threshold">Where the decision falls, inside (0,1).</param>
    public static double OfDetections(ReadOnlySpan<double> scores, double threshold)
    {
        if (!(threshold > 0 && threshold < 1))
            throw new ArgumentOutOfRangeException(nameof(threshold), threshold, "The threshold lies inside (0,1).");
        double most = 0;
        foreach (double score in scores)
            most = Math.Max(most, 1 - (score >= threshold ? (score - threshold) / (1 - threshold) : (threshold - score) / threshold));
        return most;
    }

    /// <summary>The indices of the <paramref name="count"/> most uncertain, most uncertain first; ties by index.</summary>
    public static int[] MostUncertain(IReadOnlyList<double> uncertainties, int count) =>
        [.. Enumerable.Range(0, uncertainties.Count).OrderByDescending(i => uncertainties[i]).Take(count)];

    private static void Check(ReadOnlySpan<double> probabilities)
    {
        if (probabilities.Length < 2)
            throw new ArgumentException("Uncertainty between classes needs at least two probabilities; for one score use 1 − score as the second.", nameof(probabilities));
        foreach (double p in probabilities)
            if (!(p is >= 0 and <= 1))
                throw new ArgumentException($"{p} is not a probability: apply the softmax or sigmoid first.", nameof(probabilities));
    }
}
