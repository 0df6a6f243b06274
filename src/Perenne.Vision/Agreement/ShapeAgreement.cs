using System.Collections.Immutable;

namespace Perenne.Vision.Agreement;

/// <summary>Agreement on shapes: shapes are matched by overlap first, then the label classes are compared; a missed shape is a disagreement with "nothing".</summary>
public static class ShapeAgreement
{
    /// <summary>All figures of a set of annotated images; images with fewer than two answers do not count.</summary>
    /// <param name="images">Any order; the result does not depend on it except for the bootstrap's draws.</param>
    /// <param name="options">Overlap, threshold, bootstrap.</param>
    /// <exception cref="ArgumentException">An annotator answers twice for an image, or a label class is empty.</exception>
    public static ShapeAgreementReport Evaluate(IEnumerable<AnnotatedImage> images, AgreementOptions options)
    {
        AnnotatedImage[] compared = [.. images.Where(i => i.Answers.Length >= 2).OrderBy(i => i.ImageId, StringComparer.Ordinal)];
        string[] classes = [.. compared.SelectMany(i => i.Answers).SelectMany(a => a.Shapes).Select(s => s.LabelClass).Distinct().Order(StringComparer.Ordinal)];
        if (classes.Contains(GroupedImage.Nothing))
            throw new ArgumentException("A shape has an empty label class: name the class of every shape.", nameof(images));
        GroupedImage[] grouped = [.. compared.Select(image => GroupedImage.Of(image, options))];
        string[] people = [.. compared.SelectMany(i => i.Answers).Select(a => a.AnnotatorId).Distinct().Order(StringComparer.Ordinal)];
        IEnumerable<PairAgreement> pairs =
            from first in people
            from second in people
            where string.CompareOrdinal(first, second) < 0
            let pair = PairScope.Of(compared, first, second, classes, options)
            where pair is not null
            orderby pair.Kappa.Value ?? double.PositiveInfinity
            select pair;
        return new ShapeAgreementReport(
            AgreementScope.Figures(grouped, classes, null, options),
            classes.ToImmutableSortedDictionary(c => c, c => AgreementScope.Figures(grouped, classes, c, options), StringComparer.Ordinal),
            grouped.GroupBy(g => g.Image.OrganizationId).ToImmutableSortedDictionary(
                g => g.Key, g => AgreementScope.Figures([.. g], classes, null, options), StringComparer.Ordinal),
            [.. pairs],
            Contradictions.Rank(grouped));
    }
}
