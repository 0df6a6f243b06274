using Perenne.Vision.Statistics;

namespace Perenne.Vision.Drift;

/// <summary>Which change of a proportion the test bets on.</summary>
public enum ProportionChange
{
    /// <summary>The proportion rose above the bound (for example the escape rate).</summary>
    Above,

    /// <summary>The proportion fell below the bound (for example the precision).</summary>
    Below,
}

/// <summary>
/// A test of a proportion that may be looked at after every observation. It starts with a stake of 1 and bets against
/// "the proportion is at most <see cref="Bound"/>" (or at least, for <see cref="ProportionChange.Below"/>); the money it holds is the e-value.
/// </summary>
/// <remarks>
/// Guarantee: as long as each observation, given all earlier ones, is true with a probability within the bound, the chance that
/// <see cref="EValue"/> EVER reaches 1/α is at most α (Ville's inequality), whenever and however often one looks; the observations need be
/// neither independent nor of one fixed proportion. The wealth is the likelihood ratio of every alternative beyond the bound, averaged
/// over Jeffreys' Beta(½,½) cut to that side (method of mixtures; Ramdas et al., Statistical Science 38, 2023): each ratio is a bet with
/// expectation at most 1 under the hypothesis. After a stop or a reset start anew: the budget α is spent per process.
/// </remarks>
public sealed record ProportionEProcess
{
    private const double Prior = 0.5;
    private readonly double logPrior;

    /// <summary>A process without observations.</summary>
    /// <param name="bound">The proportion under the hypothesis, inside (0,1).</param>
    /// <param name="change">Which side the test bets on.</param>
    /// <exception cref="ArgumentOutOfRangeException">The bound is not inside (0,1).</exception>
    public ProportionEProcess(double bound, ProportionChange change)
    {
        if (!(bound > 0 && bound < 1))
            throw new ArgumentOutOfRangeException(nameof(bound), bound, "The bound must lie inside (0,1), for example 0.02 for an escape rate of 2 %.");
        (Bound, Change) = (bound, change);
        logPrior = BetaFunctions.LogBeta(Prior, Prior) + BetaFunctions.LogRegularized(Prior, Prior, 1 - Facing(bound));
    }

    /// <summary>The proportion under the hypothesis.</summary>
    public double Bound { get; }

    /// <summary>Which side the test bets on.</summary>
    public ProportionChange Change { get; }

    /// <summary>Observations that were true.</summary>
    public long Successes { get; private init; }

    /// <summary>Observations that were false.</summary>
    public long Failures { get; private init; }

    /// <summary>The largest ln e-value at any time so far; an alarm once raised stands.</summary>
    public double LargestLogEValue { get; private init; }

    /// <summary>The evidence against the hypothesis now: 1 at the start, large when the hypothesis fails.</summary>
    public double EValue => Math.Exp(LogEValue(Successes, Failures));

    /// <summary>A p value that is valid at any time, in (0,1]: 1 / the largest e-value so far.</summary>
    public double AnytimePValue => Math.Exp(-LargestLogEValue);

    /// <summary>Whether the hypothesis was refuted at level <paramref name="alpha"/> at any time so far.</summary>
    /// <param name="alpha">The chance of a false alarm over the whole, unlimited watch.</param>
    public bool IsAlarm(double alpha) => LargestLogEValue >= -Math.Log(alpha);

    /// <summary>The process after one more observation.</summary>
    public ProportionEProcess Observe(bool success)
    {
        long successes = Successes + (success ? 1 : 0), failures = Failures + (success ? 0 : 1);
        return this with
        {
            Successes = successes,
            Failures = failures,
            LargestLogEValue = Math.Max(LargestLogEValue, LogEValue(successes, failures)),
        };
    }

    /// <summary>The process after several observations that are looked at together, at their end.</summary>
    /// <param name="trueOnes">How many of them were true, &gt;= 0.</param>
    /// <param name="falseOnes">How many were not, &gt;= 0.</param>
    public ProportionEProcess Observe(long trueOnes, long falseOnes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(trueOnes);
        ArgumentOutOfRangeException.ThrowIfNegative(falseOnes);
        long successes = Successes + trueOnes, failures = Failures + falseOnes;
        return this with { Successes = successes, Failures = failures, LargestLogEValue = Math.Max(LargestLogEValue, LogEValue(successes, failures)) };
    }

    private double LogEValue(long successes, long failures)
    {
        (double hits, double misses, double bound) = (successes, failures, Facing(Bound));
        if (Change == ProportionChange.Below)
            (hits, misses) = (misses, hits);
        // The share of a Beta(a,b) above the bound is I_{1−bound}(b,a).
        double posterior = BetaFunctions.LogBeta(Prior + hits, Prior + misses) + BetaFunctions.LogRegularized(Prior + misses, Prior + hits, 1 - bound);
        return posterior - logPrior - hits * Math.Log(bound) - misses * Math.Log(1 - bound);
    }

    // "Below b" for the true observations is "above 1 − b" for the false ones.
    private double Facing(double bound) => Change == ProportionChange.Above ? bound : 1 - bound;
}
