using Perenne.Vision.Statistics;

namespace Perenne.Vision.Drift;

/// <summary>
/// The kernel two-sample test on feature vectors: unbiased MMD² with an RBF kernel (Gretton et al., JMLR 13, 2012, lemma 6),
/// with a permutation p value. Sensitive to any difference of the two distributions, not only of their means.
/// </summary>
public static class MaximumMeanDiscrepancy
{
    /// <summary>At most so many vectors on both sides together (a kernel matrix of 3.2 GB).</summary>
    public const int MaxVectors = 20_000;

    /// <summary>Tests whether two sets of vectors come from the same distribution.</summary>
    /// <param name="reference">m × d, m &gt;= 2.</param>
    /// <param name="current">n × d, n &gt;= 2.</param>
    /// <param name="options">Permutations, seed, bandwidth.</param>
    /// <returns>The same for every number of threads and processors with the same vector width.</returns>
    /// <remarks>Memory 8·(m+n)² bytes. The kernel matrix is computed once; a permutation costs one quadratic form.</remarks>
    /// <exception cref="ArgumentException">The widths differ or a side has fewer than two vectors.</exception>
    public static MmdResult Test(FeatureMatrix reference, FeatureMatrix current, MmdOptions options)
    {
        if (reference.Columns != current.Columns)
            throw new ArgumentException($"The vectors have {reference.Columns} and {current.Columns} features: both sides need features of the same model.", nameof(current));
        if (reference.Rows < 2 || current.Rows < 2)
            throw new ArgumentException($"{reference.Rows} and {current.Rows} vectors are too few: each side needs at least two.", nameof(current));
        if (reference.Rows + current.Rows > MaxVectors)
            throw new ArgumentException($"{reference.Rows + current.Rows} vectors are too many for one kernel matrix: draw at most {MaxVectors} in all.", nameof(current));
        RbfKernel kernel = RbfKernel.Of(reference, current, options.Bandwidth, options.MaxThreads);
        MmdSums sums = MmdSums.Of(kernel, reference.Rows);
        // Rounding must not decide a tie, for example with the mirror image of the observed split.
        double observed = sums.Observed(), tie = 1e-12 * (1 + Math.Abs(observed));
        int atLeast = sums.Permuted(options.Permutations, options.Seed, options.MaxThreads).Count(value => value >= observed - tie);
        return new MmdResult(observed, (1.0 + atLeast) / (1 + options.Permutations), kernel.Bandwidth);
    }
}

/// <summary>How the kernel two-sample test runs.</summary>
/// <param name="Seed">Same seed, same p value.</param>
/// <param name="Permutations">B; the smallest p value is 1/(1+B).</param>
/// <param name="Bandwidth">σ of exp(−‖x−y‖²/(2σ²)); null = the median distance over all pairs of the pooled vectors.</param>
/// <param name="MaxThreads">At most so many threads; -1 = as many as there are processors. Does not change the result.</param>
public sealed record MmdOptions(ulong Seed, int Permutations = 999, double? Bandwidth = null, int MaxThreads = -1);

/// <summary>The outcome of the kernel two-sample test.</summary>
/// <param name="Mmd2">The unbiased estimate of MMD²; it may be slightly negative when there is no difference.</param>
/// <param name="PValue">(1 + #{permuted &gt;= observed}) / (1 + B), in [1/(1+B), 1].</param>
/// <param name="Bandwidth">The σ that was used.</param>
public sealed record MmdResult(double Mmd2, double PValue, double Bandwidth);
