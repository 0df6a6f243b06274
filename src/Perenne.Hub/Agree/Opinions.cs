using System.Collections.Immutable;
using System.IO.Hashing;
using System.Text;
using Perenne.Contracts.Annotation;
using Perenne.Hub.Annotate;
using Perenne.Vision.Agreement;
using Perenne.Vision.Geometry;

namespace Perenne.Hub.Agree;

/// <summary>Documents as Perenne.Vision compares them.</summary>
internal static class Opinions
{
    /// <summary>"There is a defect" without a shape or a tag that says which.</summary>
    private const string Unmarked = "defect";

    public static AnnotatorAnswer ToAnswer(this AnnotationDocument document, Guid person) => new(person.ToString(), [.. Shapes(document)]);

    private static IEnumerable<AnnotatedShape> Shapes(AnnotationDocument document)
    {
        foreach (DocumentShape shape in document.Shapes)
            yield return new(shape.Id, shape.Label, shape.ToShape());
        foreach (string tag in document.Tags.Distinct())
            yield return new("tag:" + tag, tag, Place(tag));
        if (document is { Verdict: ImageVerdict.Defects, Shapes.IsEmpty: true, Tags.IsEmpty: true })
            yield return new("verdict", Unmarked, Place(Unmarked));
    }

    // A tag says something of the whole image: it gets a place of its own, left of the image, where the same tag of somebody else meets it.
    private static BoxShape Place(string tag) => new(new Box(-10 - (4.0 * (XxHash32.HashToUInt32(Encoding.UTF8.GetBytes(tag)) % 1_000_000)), -10, 2, 2));
}
