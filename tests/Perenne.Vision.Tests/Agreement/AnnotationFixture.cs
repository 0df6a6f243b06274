using System.Collections.Immutable;
using Perenne.Vision.Agreement;
using Perenne.Vision.Geometry;

namespace Perenne.Vision.Tests.Agreement;

/// <summary>Builds annotated images in few words.</summary>
internal static class AnnotationFixture
{
    public static readonly AgreementOptions Options = new(Resamples: 0);

    public static AnnotatedImage Image(string id, params AnnotatorAnswer[] answers) => new(id, "plant-1", [.. answers]);

    public static AnnotatorAnswer Says(string annotator, params AnnotatedShape[] shapes) => new(annotator, [.. shapes]);

    public static AnnotatedShape Box(double x, double y = 0, string label = "scratch", double size = 10, string? id = null) =>
        new(id ?? $"{x};{y};{label}", label, new BoxShape(new Box(x, y, size, size)));

    public static ImmutableArray<string[]> Names(IEnumerable<ShapeGroup> groups) =>
        [.. groups.Select(g => g.Members.Select(m => $"{m.AnnotatorId}:{m.Shape.Id}").ToArray()).OrderBy(n => n[0], StringComparer.Ordinal)];
}
