using System.Collections.Immutable;
using Perenne.Contracts.Annotation;
using Perenne.Hub.Annotate;
using Perenne.Vision.Geometry;

namespace Perenne.Hub.Agree;

/// <summary>
/// One document from several that agree: shapes that a majority drew, matched to the document that agrees best with the others;
/// the geometry is that person's own (a medoid), never an average nobody drew.
/// </summary>
internal static class Consensus
{
    public static AnnotationDocument Of(IReadOnlyList<AnnotationDocument> answers)
    {
        AnnotationDocument medoid = answers.MaxBy(one => answers.Sum(other => ReferenceEquals(one, other) ? 0 : DocumentAgreement.Compare(one, other).F1))!;
        ImmutableArray<DocumentShape> shapes = [.. medoid.Shapes.Where(shape => 2 * Votes(shape, answers) > answers.Count)];
        ImmutableArray<string> tags = [.. answers.SelectMany(a => a.Tags.Distinct()).GroupBy(tag => tag).Where(g => 2 * g.Count() > answers.Count).Select(g => g.Key).Order(StringComparer.Ordinal)];
        ImageVerdict? verdict = shapes.IsEmpty ? medoid.Verdict : ImageVerdict.Defects;
        return medoid with { Shapes = shapes, Tags = tags, Verdict = verdict, Values = medoid.Values.SetItems(medoid.Values.Keys.Select(name => KeyValuePair.Create(name, Median(answers, name)))) };
    }

    private static double Median(IReadOnlyList<AnnotationDocument> answers, string name)
    {
        double[] given = [.. answers.Where(a => a.Values.ContainsKey(name)).Select(a => a.Values[name]).Order()];
        return given.Length % 2 == 1 ? given[given.Length / 2] : (given[(given.Length / 2) - 1] + given[given.Length / 2]) / 2;
    }

    private static int Votes(DocumentShape shape, IReadOnlyList<AnnotationDocument> answers)
    {
        Shape geometry = shape.ToShape();
        return answers.Count(answer => answer.Shapes.Any(other => other.Label == shape.Label
            && ShapeIou.Of(geometry, other.ToShape()) >= DocumentAgreement.IouThreshold));
    }
}
