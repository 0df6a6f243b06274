namespace Perenne.Vision.Metrics;

/// <summary>A logistic curve from score to probability: 1 / (1 + exp(<see cref="Slope"/> · score + <see cref="Offset"/>)).</summary>
/// <param name="Slope">Negative where higher scores are surer.</param>
/// <param name="Offset">Offset.</param>
/// <remarks>Source: J. Platt, "Probabilistic outputs for support vector machines", 1999; fitted by Newton's method with backtracking after H.-T. Lin, C.-J. Lin, R. Weng, Machine Learning 68, 2007.</remarks>
public sealed record PlattScaling(double Slope, double Offset)
{
    private const double MinimumStep = 1e-10;
    private const double Ridge = 1e-12;

    /// <summary>The probability of a score.</summary>
    public double Apply(double score)
    {
        double f = Slope * score + Offset;
        return f >= 0 ? Math.Exp(-f) / (1 + Math.Exp(-f)) : 1 / (1 + Math.Exp(f));
    }

    /// <summary>Fits by regularised maximum likelihood: targets are (N₊ + 1)/(N₊ + 2) and 1/(N₋ + 2), so separable data stay finite.</summary>
    /// <param name="scores">Finite.</param>
    /// <param name="right">Whether each was right; same length.</param>
    /// <exception cref="ArgumentException">Nothing to fit, lengths differ, or a score is not finite.</exception>
    public static PlattScaling Fit(ReadOnlySpan<double> scores, ReadOnlySpan<bool> right)
    {
        ScoredOutcomes.Check(scores, right, probabilities: false);
        if (scores.IsEmpty)
            throw new ArgumentException("A calibration needs at least one score.");
        int positive = 0;
        foreach (bool r in right)
            positive += r ? 1 : 0;
        int negative = right.Length - positive;
        double high = (positive + 1.0) / (positive + 2.0), low = 1 / (negative + 2.0);
        double slope = 0, offset = Math.Log((negative + 1.0) / (positive + 1.0));
        double loss = Loss(scores, right, high, low, slope, offset);
        for (int iteration = 0; iteration < 100; iteration++)
        {
            (double stepSlope, double stepOffset, double descent) = NewtonStep(scores, right, high, low, slope, offset);
            if (Math.Abs(descent) < 1e-16 * Math.Max(1, Math.Abs(loss)))
                break;
            double length = 1, trial = loss;
            for (; length >= MinimumStep; length /= 2)
            {
                trial = Loss(scores, right, high, low, slope + length * stepSlope, offset + length * stepOffset);
                if (trial < loss + 1e-4 * length * descent)
                    break;
            }
            if (length < MinimumStep)
                break;
            (slope, offset, loss) = (slope + length * stepSlope, offset + length * stepOffset, trial);
        }
        return new PlattScaling(slope, offset);
    }

    private static (double Slope, double Offset, double Descent) NewtonStep(ReadOnlySpan<double> scores, ReadOnlySpan<bool> right, double high, double low, double slope, double offset)
    {
        double h11 = Ridge, h22 = Ridge, h21 = 0, g1 = 0, g2 = 0;
        var current = new PlattScaling(slope, offset);
        for (int i = 0; i < scores.Length; i++)
        {
            double p = current.Apply(scores[i]), weight = p * (1 - p), error = (right[i] ? high : low) - p;
            h11 += scores[i] * scores[i] * weight;
            h22 += weight;
            h21 += scores[i] * weight;
            g1 += scores[i] * error;
            g2 += error;
        }
        double determinant = h11 * h22 - h21 * h21;
        double stepSlope = -(h22 * g1 - h21 * g2) / determinant, stepOffset = -(h11 * g2 - h21 * g1) / determinant;
        return (stepSlope, stepOffset, g1 * stepSlope + g2 * stepOffset);
    }

    private static double Loss(ReadOnlySpan<double> scores, ReadOnlySpan<bool> right, double high, double low, double slope, double offset)
    {
        double loss = 0;
        for (int i = 0; i < scores.Length; i++)
        {
            double f = slope * scores[i] + offset, target = right[i] ? high : low;
            loss += f >= 0 ? target * f + Math.Log(1 + Math.Exp(-f)) : (target - 1) * f + Math.Log(1 + Math.Exp(f));
        }
        return loss;
    }
}
