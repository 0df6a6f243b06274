using System.Collections.Immutable;

namespace Perenne.Vision.Agreement;

/// <summary>An image with its shapes already matched: grouping is paid for once and serves every figure.</summary>
internal sealed record GroupedImage(AnnotatedImage Image, ImmutableArray<ShapeGroup> Groups)
{
    /// <summary>The category of somebody who did not draw an item. No label class is empty.</summary>
    public const string Nothing = "";

    public static GroupedImage Of(AnnotatedImage image, AgreementOptions options) =>
        new(image, ShapeGrouping.Of(image.Answers, options.IouThreshold, options.Overlap));

    /// <summary>One array per item with what each annotator said, in the order of the image's answers.</summary>
    public IEnumerable<string[]> Items()
    {
        if (Groups.IsEmpty)
            yield return [.. Image.Answers.Select(_ => Nothing)];
        foreach (ShapeGroup group in Groups)
            yield return [.. Image.Answers.Select(a => group.Members.FirstOrDefault(m => m.AnnotatorId == a.AnnotatorId)?.Shape.LabelClass ?? Nothing)];
    }
}
