using Perenne.Vision.Statistics;

namespace Perenne.Vision.Drift;

/// <summary>
/// An interval for a fixed proportion after every observation, so that with probability at least 1 − α ALL intervals hold it at once.
/// </summary>
/// <remarks>
/// The proportions p whose two-sided mixture e-process B(½+s, ½+f) / (B(½,½)·p^s·(1−p)^f) is below 1/α (Robbins 1970; Waudby-Smith and Ramdas 2024);
/// the intervals are intersected over time. Valid for observations whose chance given the earlier ones is p.
/// </remarks>
public sealed record ProportionConfidenceSequence
{
    private const double Prior = 0.5;

    /// <summary>A sequence without observations: the interval [0,1].</summary>
    /// <param name="alpha">The chance that any of the intervals, for ever, misses the proportion; inside (0,1).</param>
    public ProportionConfidenceSequence(double alpha)
    {
        if (!(alpha > 0 && alpha < 1))
            throw new ArgumentOutOfRangeException(nameof(alpha), alpha, "α must lie inside (0,1), for example 0.05.");
        Alpha = alpha;
    }

    /// <summary>The chance that any of the intervals misses the proportion.</summary>
    public double Alpha { get; }

    /// <summary>Observations that were true.</summary>
    public long Successes { get; private init; }

    /// <summary>Observations that were false.</summary>
    public long Failures { get; private init; }

    /// <summary>The interval now; null once intervals contradict each other, which refutes one fixed proportion.</summary>
    public Interval? Interval { get; private init; } = new Interval(0, 1);

    /// <summary>The sequence after one more observation.</summary>
    public ProportionConfidenceSequence Observe(bool success)
    {
        long successes = Successes + (success ? 1 : 0), failures = Failures + (success ? 0 : 1);
        Interval now = Current(successes, failures);
        Interval? both = Interval is { } before && Math.Max(before.Low, now.Low) is var low && Math.Min(before.High, now.High) is var high && low <= high
            ? new Interval(low, high) : null;
        return this with { Successes = successes, Failures = failures, Interval = both };
    }

    private Interval Current(double successes, double failures)
    {
        double limit = -Math.Log(Alpha) - BetaFunctions.LogBeta(Prior + successes, Prior + failures) + BetaFunctions.LogBeta(Prior, Prior);
        double mode = successes / (successes + failures);
        return new Interval(successes == 0 ? 0 : Border(0, mode), failures == 0 ? 1 : Border(1, mode));

        // The e-process falls from infinity at 0 or 1 to its least value at the observed share.
        double Border(double outside, double inside)
        {
            for (int i = 0; i < 60; i++)
            {
                double middle = (outside + inside) / 2;
                if (-successes * Math.Log(middle) - failures * Math.Log(1 - middle) < limit)
                    inside = middle;
                else
                    outside = middle;
            }
            return outside;
        }
    }
}
