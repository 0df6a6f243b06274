using Perenne.Contracts.Annotation;
using Perenne.Hub.Annotate;
using Perenne.Vision.Geometry;
using Perenne.Vision.Matching;

namespace Perenne.Hub.Agree;

/// <param name="Matched">Pairs of shapes of the same class with IoU at the threshold or above.</param>
/// <param name="OnlyFirst">Shapes only the first person drew.</param>
/// <param name="OnlySecond">Shapes only the second person drew.</param>
/// <param name="SumIou">Of the matched pairs.</param>
internal sealed record PairFigures(int Matched, int OnlyFirst, int OnlySecond, double SumIou, bool SameVerdict)
{
    /// <summary>2·matched / (shapes of both); 1 when both drew nothing and gave the same answer.</summary>
    public double F1 => Matched + OnlyFirst + OnlySecond == 0 ? (SameVerdict ? 1 : 0) : 2.0 * Matched / ((2 * Matched) + OnlyFirst + OnlySecond);
}

/// <summary>How far two answers to the same image agree: optimal matching on IoU within a class, unmatched shapes cost.</summary>
internal static class DocumentAgreement
{
    public const double IouThreshold = 0.5;

    /// <summary>Values of the image agree when they differ by at most this share of the larger.</summary>
    public const double ValueTolerance = 0.1;

    // Larger than any cost of a permitted pair, so that the assignment first maximises the number of permitted pairs.
    private const double Forbidden = 1e6;

    public static PairFigures Compare(AnnotationDocument first, AnnotationDocument second)
    {
        int matched = 0;
        double sum = 0;
        if (!first.Shapes.IsEmpty && !second.Shapes.IsEmpty)
        {
            Shape[] others = [.. second.Shapes.Select(s => s.ToShape())];
            double[] cost = new double[first.Shapes.Length * others.Length];
            for (int i = 0; i < first.Shapes.Length; i++)
            {
                Shape shape = first.Shapes[i].ToShape();
                for (int j = 0; j < others.Length; j++)
                {
                    double iou = first.Shapes[i].Label == second.Shapes[j].Label ? ShapeIou.Of(shape, others[j]) : 0;
                    cost[(i * others.Length) + j] = iou >= IouThreshold ? 1 - iou : Forbidden;
                }
            }

            int[] columns = Assignment(cost, first.Shapes.Length, others.Length);
            for (int i = 0; i < columns.Length; i++)
            {
                if (columns[i] < 0 || cost[(i * others.Length) + columns[i]] >= Forbidden)
                    continue;
                matched++;
                sum += 1 - cost[(i * others.Length) + columns[i]];
            }
        }

        bool sameAnswer = first.Verdict == second.Verdict && first.Tags.ToHashSet().SetEquals(second.Tags)
            && first.Values.Count == second.Values.Count && first.Values.All(one => second.Values.TryGetValue(one.Key, out double other) && Math.Abs(one.Value - other) <= ValueTolerance * Math.Max(Math.Abs(one.Value), Math.Abs(other)));
        return new(matched, first.Shapes.Length - matched, second.Shapes.Length - matched, sum, sameAnswer);
    }

    public static double LeastPairF1(IReadOnlyList<AnnotationDocument> answers)
    {
        double least = 1;
        for (int i = 0; i < answers.Count; i++)
        {
            for (int j = i + 1; j < answers.Count; j++)
                least = Math.Min(least, Compare(answers[i], answers[j]).F1);
        }

        return least;
    }

    private static int[] Assignment(double[] cost, int rows, int columns) => Vision.Matching.Assignment.Solve(cost, rows, columns);
}
