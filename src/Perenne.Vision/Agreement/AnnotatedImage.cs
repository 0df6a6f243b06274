using System.Collections.Immutable;
using Perenne.Vision.Geometry;

namespace Perenne.Vision.Agreement;

/// <summary>One shape somebody drew.</summary>
/// <param name="Id">Names the shape within its image; decides ties, so that results never depend on the order of input.</param>
/// <param name="LabelClass">The label class.</param>
/// <param name="Shape">Where it is, upright image pixels.</param>
public sealed record AnnotatedShape(string Id, string LabelClass, Shape Shape);

/// <summary>What one annotator said about an image.</summary>
/// <param name="AnnotatorId">Who said it.</param>
/// <param name="Shapes">What was drawn; empty = the explicit answer "no defect". Somebody who did not answer is not listed.</param>
public sealed record AnnotatorAnswer(string AnnotatorId, ImmutableArray<AnnotatedShape> Shapes)
{
    /// <summary>Whether the annotator sees any defect.</summary>
    public bool SeesDefect => !Shapes.IsEmpty;
}

/// <summary>An image with the answers of everybody who annotated it.</summary>
/// <param name="ImageId">The image.</param>
/// <param name="OrganizationId">Where it was taken.</param>
/// <param name="Answers">At most one per annotator.</param>
public sealed record AnnotatedImage(string ImageId, string OrganizationId, ImmutableArray<AnnotatorAnswer> Answers)
{
    /// <summary>The image as if only these two had answered; null when either did not.</summary>
    internal AnnotatedImage? OnlyBy(string first, string second)
    {
        AnnotatorAnswer? a = Answers.FirstOrDefault(x => x.AnnotatorId == first), b = Answers.FirstOrDefault(x => x.AnnotatorId == second);
        return a is null || b is null ? null : this with { Answers = [a, b] };
    }
}
