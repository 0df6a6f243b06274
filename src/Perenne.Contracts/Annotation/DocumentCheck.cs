using System.Collections.Immutable;

namespace Perenne.Contracts.Annotation;

/// <summary>Refuses documents that no canvas would draw: numbers that are not finite, empty boxes, broken rings, double ids.</summary>
public static class DocumentCheck
{
    /// <summary>More shapes than this on one image are refused; 5,000 stay fluid on the canvas.</summary>
    public const int MaxShapes = 20_000;

    /// <summary>Points of one shape.</summary>
    public const int MaxPoints = 100_000;

    private const int MaxText = 2_000;

    /// <summary>The problems found, as sentences that name the shape; empty when the document is sound.</summary>
    /// <param name="document">To check.</param>
    /// <param name="labels">Names of the usable label classes; null accepts any.</param>
    public static IEnumerable<string> Problems(AnnotationDocument document, IReadOnlySet<string>? labels)
    {
        if (document.Shapes.Length > MaxShapes)
            yield return $"{document.Shapes.Length} shapes on one image; at most {MaxShapes} are taken.";
        HashSet<string> ids = [];
        foreach (DocumentShape shape in document.Shapes)
        {
            if (string.IsNullOrWhiteSpace(shape.Id) || shape.Id.Length > 64)
                yield return "A shape has no id, or one of more than 64 characters.";
            else if (!ids.Add(shape.Id))
                yield return $"Two shapes have the id '{shape.Id}'.";
            if (labels is not null && !labels.Contains(shape.Label))
                yield return $"Shape '{shape.Id}': the project has no label class '{shape.Label}'.";
            if (shape.Score is { } score && !(score >= 0 && score <= 1))
                yield return $"Shape '{shape.Id}': a score lies between 0 and 1.";
            if (shape.Attributes.Any(a => a.Key.Length > 100 || a.Value.GetRawText().Length > MaxText))
                yield return $"Shape '{shape.Id}': an attribute is longer than {MaxText} characters.";
            if (Geometry(shape) is { } problem)
                yield return $"Shape '{shape.Id}': {problem}";
        }

        foreach (string tag in document.Tags.Where(tag => labels is not null && !labels.Contains(tag)))
            yield return $"The project has no label class '{tag}'.";
        foreach (var value in document.Values.Where(value => !double.IsFinite(value.Value)))
            yield return $"The value '{value.Key}' is not a finite number.";
        if (document is { Verdict: ImageVerdict.NoDefect, Shapes.Length: > 0 })
            yield return "'No defect' is said of an image with shapes: remove the shapes or the answer.";
    }

    private static string? Geometry(DocumentShape shape) => shape switch
    {
        DocumentBox { Box: var box } => Sized(box, 4, 2, 3),
        DocumentRotatedBox { RotatedBox: var box } => Sized(box, 5, 2, 3),
        DocumentPolygon { Rings: { IsDefaultOrEmpty: false } rings } => rings.Select(ring => Line(ring, 3)).FirstOrDefault(problem => problem is not null),
        DocumentPolygon => "a polygon has at least one ring.",
        DocumentPolyline { Points: var points } => Line(points, 2),
        DocumentPoint { Point: var point } => Line([point], 1),
        DocumentMask { Mask: { Size.Length: 2, Counts.Length: > 0 } runs } when runs.Size[0] > 0 && runs.Size[1] > 0 => null,
        DocumentMask => "a mask has a size [height, width] and run lengths.",
        _ => "its kind is unknown.",
    };

    private static string? Sized(ImmutableArray<double> numbers, int count, int width, int height)
    {
        if (numbers.IsDefault || numbers.Length != count)
            return $"{count} numbers are expected.";
        if (!numbers.All(double.IsFinite))
            return "a coordinate is not a finite number.";
        return numbers[width] > 0 && numbers[height] > 0 ? null : "width and height must be greater than 0.";
    }

    private static string? Line(ImmutableArray<ImmutableArray<double>> points, int least)
    {
        if (points.IsDefault || points.Length < least)
            return $"at least {least} points are expected.";
        if (points.Length > MaxPoints)
            return $"more than {MaxPoints} points.";
        return points.All(point => !point.IsDefault && point.Length == 2 && point.All(double.IsFinite)) ? null : "a point is two finite numbers.";
    }
}
