using System.Collections.Immutable;
using Perenne.Vision.Geometry;
using Perenne.Vision.Matching;

namespace Perenne.Vision.Agreement;

/// <summary>A shape and who drew it.</summary>
/// <param name="AnnotatorId">Who drew it.</param>
/// <param name="Shape">What was drawn.</param>
public sealed record ShapeSource(string AnnotatorId, AnnotatedShape Shape);

/// <summary>Shapes of different annotators that mean the same defect; at most one of each annotator.</summary>
/// <param name="Members">In the order of annotator ids.</param>
/// <param name="Overlaps">The overlap of every pair of members, in the order (0,1), (0,2), …, (1,2), …</param>
public sealed record ShapeGroup(ImmutableArray<ShapeSource> Members, ImmutableArray<double> Overlaps);

/// <summary>Finds which shapes of several annotators mean the same defect, by place alone: a differing label class is a disagreement within a group.</summary>
/// <remarks>
/// For every pair of annotators the assignment with the largest total overlap is solved over the pairs of shapes at or above the threshold;
/// only these links may join. Links are then taken from the largest overlap down: two groups merge when they share no annotator and the mean
/// overlap over all their cross pairs reaches the threshold (average linkage, so that a chain of half-overlapping shapes does not become one
/// defect). For two annotators this is the optimal matching itself. The result does not depend on the order of annotators or shapes.
/// </remarks>
public static class ShapeGrouping
{
    /// <summary>The groups of an image, each shape in exactly one; a shape nobody else drew is a group of its own.</summary>
    /// <param name="answers">At most one per annotator.</param>
    /// <param name="threshold">Least overlap, in (0,1].</param>
    /// <param name="overlap">Symmetric overlap in [0,1]; null = <see cref="ShapeIou"/>.</param>
    /// <exception cref="ArgumentException">An annotator answers twice, or the threshold is not in (0,1].</exception>
    public static ImmutableArray<ShapeGroup> Of(IEnumerable<AnnotatorAnswer> answers, double threshold, Func<Shape, Shape, double>? overlap = null)
    {
        overlap ??= static (a, b) => ShapeIou.Of(a, b);
        if (!(threshold > 0 && threshold <= 1))
            throw new ArgumentOutOfRangeException(nameof(threshold), threshold, "The overlap threshold lies in (0,1], for example 0.5.");
        AnnotatorAnswer[] ordered = [.. answers.OrderBy(a => a.AnnotatorId, StringComparer.Ordinal)];
        if (ordered.Select(a => a.AnnotatorId).Distinct(StringComparer.Ordinal).Count() != ordered.Length)
            throw new ArgumentException("An annotator answers twice for one image: keep the latest revision only.", nameof(answers));
        ShapeSource[] shapes = [.. ordered.SelectMany(a => a.Shapes.OrderBy(s => s.Id, StringComparer.Ordinal).Select(s => new ShapeSource(a.AnnotatorId, s)))];
        int[] starts = [.. ordered.Select(a => a.Shapes.Length).Aggregate(new List<int> { 0 }, (sums, n) => [.. sums, sums[^1] + n])];
        double[,] overlaps = new double[shapes.Length, shapes.Length];
        List<(double Overlap, int A, int B)> links = [];
        for (int a = 0; a < ordered.Length; a++)
            for (int b = a + 1; b < ordered.Length; b++)
                links.AddRange(Links(shapes, overlaps, (starts[a], starts[a + 1]), (starts[b], starts[b + 1]), threshold, overlap));
        links.Sort((x, y) => (-x.Overlap, x.A, x.B).CompareTo((-y.Overlap, y.A, y.B)));

        List<int>[] groupOf = [.. Enumerable.Range(0, shapes.Length).Select(i => new List<int> { i })];
        foreach ((_, int a, int b) in links)
            if (groupOf[a] != groupOf[b] && MayMerge(groupOf[a], groupOf[b], shapes, overlaps, threshold))
            {
                groupOf[a].AddRange(groupOf[b]);
                foreach (int moved in groupOf[b].ToArray())
                    groupOf[moved] = groupOf[a];
            }
        return [.. groupOf.Distinct().Select(members => Group([.. members.Order()], shapes, overlaps))];
    }

    private static IEnumerable<(double, int, int)> Links(ShapeSource[] shapes, double[,] overlaps, (int From, int To) a, (int From, int To) b,
        double threshold, Func<Shape, Shape, double> overlap)
    {
        int rows = a.To - a.From, columns = b.To - b.From;
        if (rows == 0 || columns == 0)
            yield break;
        double[] cost = new double[rows * columns];
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < columns; j++)
            {
                double value = overlap(shapes[a.From + i].Shape.Shape, shapes[b.From + j].Shape.Shape);
                overlaps[a.From + i, b.From + j] = overlaps[b.From + j, a.From + i] = value;
                cost[i * columns + j] = value >= threshold ? -value : 0;
            }
        int[] match = Assignment.Solve(cost, rows, columns);
        for (int i = 0; i < rows; i++)
            if (match[i] >= 0 && cost[i * columns + match[i]] < 0)
                yield return (-cost[i * columns + match[i]], a.From + i, b.From + match[i]);
    }

    private static bool MayMerge(List<int> a, List<int> b, ShapeSource[] shapes, double[,] overlaps, double threshold)
    {
        double sum = 0;
        foreach (int i in a)
            foreach (int j in b)
            {
                if (shapes[i].AnnotatorId == shapes[j].AnnotatorId)
                    return false;
                sum += overlaps[i, j];
            }
        return sum / (a.Count * b.Count) >= threshold;
    }

    private static ShapeGroup Group(int[] members, ShapeSource[] shapes, double[,] overlaps) => new(
        [.. members.Select(i => shapes[i])],
        [.. from i in Enumerable.Range(0, members.Length) from j in Enumerable.Range(i + 1, members.Length - i - 1) select overlaps[members[i], members[j]]]);
}
