using System.Collections.Immutable;

namespace Perenne.Vision.Metrics;

/// <summary>The monotone step-and-line curve from score to probability that fits best in the mean square.</summary>
/// <param name="Scores">Knots, ascending.</param>
/// <param name="Probabilities">The probability at each knot, never falling.</param>
/// <remarks>Method: pool adjacent violators (Ayer et al. 1955); between knots linear, beyond them constant, as scikit-learn does with "clip".</remarks>
public sealed record IsotonicCalibration(ImmutableArray<double> Scores, ImmutableArray<double> Probabilities)
{
    /// <summary>The probability of a score.</summary>
    public double Apply(double score)
    {
        int at = Scores.AsSpan().BinarySearch(score);
        if (at >= 0)
            return Probabilities[at];
        int above = ~at;
        if (above == 0)
            return Probabilities[0];
        if (above == Scores.Length)
            return Probabilities[^1];
        double t = (score - Scores[above - 1]) / (Scores[above] - Scores[above - 1]);
        return Probabilities[above - 1] + t * (Probabilities[above] - Probabilities[above - 1]);
    }

    /// <summary>Fits the curve; equal scores are one point.</summary>
    /// <param name="scores">Finite.</param>
    /// <param name="right">Whether each was right; same length.</param>
    /// <exception cref="ArgumentException">Nothing to fit, lengths differ, or a score is not finite.</exception>
    public static IsotonicCalibration Fit(ReadOnlySpan<double> scores, ReadOnlySpan<bool> right)
    {
        ScoredOutcomes.Check(scores, right, probabilities: false);
        if (scores.IsEmpty)
            throw new ArgumentException("A calibration needs at least one score.");
        var blocks = new Stack<Block>();
        foreach (Block point in Points(scores, right))
        {
            Block block = point;
            while (blocks.TryPeek(out Block last) && last.Mean >= block.Mean)
                block = blocks.Pop().Joined(block);
            blocks.Push(block);
        }
        var knots = ImmutableArray.CreateBuilder<double>();
        var values = ImmutableArray.CreateBuilder<double>();
        foreach (Block block in blocks.Reverse())
            foreach (double end in block.Low == block.High ? [block.Low] : new[] { block.Low, block.High })
            {
                knots.Add(end);
                values.Add(block.Mean);
            }
        return new IsotonicCalibration(knots.ToImmutable(), values.ToImmutable());
    }

    private static List<Block> Points(ReadOnlySpan<double> scores, ReadOnlySpan<bool> right)
    {
        double[] sorted = scores.ToArray();
        bool[] outcomes = right.ToArray();
        Array.Sort(sorted, outcomes);
        var points = new List<Block>();
        for (int i = 0; i < sorted.Length; i++)
        {
            var block = new Block(sorted[i], sorted[i], outcomes[i] ? 1 : 0, 1);
            if (points.Count > 0 && points[^1].High == sorted[i])
                points[^1] = points[^1].Joined(block);
            else
                points.Add(block);
        }
        return points;
    }

    private readonly record struct Block(double Low, double High, int Hits, int Count)
    {
        public double Mean => (double)Hits / Count;

        public Block Joined(Block next) => new(Low, next.High, Hits + next.Hits, Count + next.Count);
    }
}
