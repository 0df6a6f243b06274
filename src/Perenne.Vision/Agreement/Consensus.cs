using System.Collections.Immutable;
using Perenne.Vision.Geometry;

namespace Perenne.Vision.Agreement;

/// <summary>One shape out of several annotators' shapes of the same defect.</summary>
public static class Consensus
{
    /// <summary>Merges the answers for one image.</summary>
    /// <param name="answers">At most one per annotator; an empty answer counts as "no defect".</param>
    /// <param name="quorum">A shape stands when at least so many annotators drew it, and "no defect" stands when at least so many said so and no shape stands; 1 … number of answers.</param>
    /// <param name="options">Overlap and threshold of the grouping.</param>
    /// <returns>Every source shape is in exactly one consensus shape or undecided group, so the consensus can be undone or replayed.</returns>
    /// <exception cref="ArgumentException">The quorum cannot be reached, or an annotator answers twice.</exception>
    public static ConsensusResult Of(IReadOnlyList<AnnotatorAnswer> answers, int quorum, AgreementOptions options)
    {
        if (quorum < 1 || quorum > answers.Count)
            throw new ArgumentException($"A quorum of {quorum} cannot be met by {answers.Count} answers: use 1 … {answers.Count}.", nameof(quorum));
        var accepted = ImmutableArray.CreateBuilder<ConsensusShape>();
        var undecided = ImmutableArray.CreateBuilder<UndecidedGroup>();
        foreach (ShapeGroup group in ShapeGrouping.Of(answers, options.IouThreshold, options.Overlap))
        {
            (string Label, int Votes)[] votes = [.. group.Members.GroupBy(m => m.Shape.LabelClass)
                .Select(g => (g.Key, g.Count())).OrderByDescending(v => v.Item2).ThenBy(v => v.Key, StringComparer.Ordinal)];
            if (group.Members.Length < quorum)
                undecided.Add(new UndecidedGroup(UndecidedReason.TooFewAnnotators, group.Members));
            else if (votes.Length > 1 && votes[0].Votes == votes[1].Votes)
                undecided.Add(new UndecidedGroup(UndecidedReason.LabelClassTied, group.Members));
            else
                accepted.Add(new ConsensusShape(votes[0].Label, Merge(group, options.Overlap ?? ((a, b) => ShapeIou.Of(a, b))), votes[0].Votes, group.Members));
        }
        bool noDefect = accepted.Count == 0 && answers.Count(a => !a.SeesDefect) >= quorum;
        return new ConsensusResult(accepted.ToImmutable(), undecided.ToImmutable(), noDefect);
    }

    private static Shape Merge(ShapeGroup group, Func<Shape, Shape, double> overlap)
    {
        Shape[] shapes = [.. group.Members.Select(m => m.Shape.Shape)];
        return MeanShape.Of(shapes) ?? shapes.MaxBy(s => shapes.Sum(other => overlap(s, other)))!;
    }
}

/// <summary>What several annotators say together.</summary>
/// <param name="Shapes">Shapes that stand.</param>
/// <param name="Undecided">Groups somebody must decide.</param>
/// <param name="NoDefect">Enough annotators said "no defect" and no shape stands.</param>
public sealed record ConsensusResult(ImmutableArray<ConsensusShape> Shapes, ImmutableArray<UndecidedGroup> Undecided, bool NoDefect)
{
    /// <summary>Whether nothing is left for a person to decide.</summary>
    public bool IsDecided => Undecided.IsEmpty && (NoDefect || !Shapes.IsEmpty);
}

/// <summary>A shape that stands.</summary>
/// <param name="LabelClass">The class most members named.</param>
/// <param name="Shape">The mean of boxes, rotated boxes and points; otherwise the medoid: the member with the largest total overlap with all (the first annotator's in a tie).</param>
/// <param name="ClassVotes">How many members named the class.</param>
/// <param name="Sources">The shapes it was made of.</param>
public sealed record ConsensusShape(string LabelClass, Shape Shape, int ClassVotes, ImmutableArray<ShapeSource> Sources);

/// <summary>Why a group did not become a consensus shape.</summary>
public enum UndecidedReason
{
    /// <summary>Fewer annotators than the quorum drew it.</summary>
    TooFewAnnotators,

    /// <summary>Two label classes have equally many votes.</summary>
    LabelClassTied,
}

/// <summary>A group that somebody must decide.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Sources">Its shapes.</param>
public sealed record UndecidedGroup(UndecidedReason Reason, ImmutableArray<ShapeSource> Sources);
