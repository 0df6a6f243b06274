using System.Collections.Immutable;
using Perenne.Vision.Agreement;
using Perenne.Vision.Geometry;

namespace Perenne.Vision.Tests.Agreement;

/// <summary>Builds annotated images in few words.</summary>
internal static class AnnotationFixture
{
    public static readonly AgreementOptions Options = new(Iou, Resamples: 0);

    public static AnnotatedImage Image(string id, params AnnotatorAnswer[] answers) => new(id, "plant-1", [.. answers]);

    public static AnnotatorAnswer Says(string annotator, params AnnotatedShape[] shapes) => new(annotator, [.. shapes]);

    public static AnnotatedShape Box(double x, double y = 0, string label = "scratch", double size = 10, string? id = null) =>
        new(id ?? $"{x};{y};{label}", label, new BoxShape(new Box(x, y, size, size)));

    public static double Iou(Shape a, Shape b)
    {
        if (a is not BoxShape(var p) || b is not BoxShape(var q))
            return 0;
        double width = Math.Min(p.Right, q.Right) - Math.Max(p.X, q.X), height = Math.Min(p.Bottom, q.Bottom) - Math.Max(p.Y, q.Y);
        double common = Math.Max(0, width) * Math.Max(0, height);
        return common / (p.Area + q.Area - common);
    }

    public static ImmutableArray<string[]> Names(IEnumerable<ShapeGroup> groups) =>
        [.. groups.Select(g => g.Members.Select(m => $"{m.AnnotatorId}:{m.Shape.Id}").ToArray()).OrderBy(n => n[0], StringComparer.Ordinal)];
}
