using System.Collections.Immutable;
using System.Globalization;

namespace Perenne.Vision.Agreement;

/// <summary>What annotators contradict each other about; more serious ones weigh more.</summary>
public enum ContradictionKind
{
    /// <summary>Some see a shape where others, who see other defects on the image, see nothing.</summary>
    MissedShape = 1,

    /// <summary>They draw the same shape but name different label classes.</summary>
    LabelClass = 2,

    /// <summary>Some see a defect on the image, others none at all.</summary>
    Presence = 3,
}

/// <summary>Those who say the same.</summary>
/// <param name="Says">A label class, or <c>defect</c> / <c>no defect</c> / <c>nothing here</c>.</param>
/// <param name="Annotators">Who says it, sorted.</param>
public sealed record Camp(string Says, ImmutableArray<string> Annotators);

/// <summary>A contradiction worth a look.</summary>
/// <param name="ImageId">On this image.</param>
/// <param name="OrganizationId">Of this organization.</param>
/// <param name="Kind">About what.</param>
/// <param name="Camps">Who says what, the smallest camp first.</param>
/// <param name="Shapes">The shapes it is about; for <see cref="ContradictionKind.Presence"/> all shapes of the image.</param>
/// <param name="Score">Contradicting pairs of annotators × weight of the kind (3, 2, 1): 2 against 8 on presence scores 48, a single slip among ten 27, one against one 3.</param>
public sealed record Contradiction(string ImageId, string OrganizationId, ContradictionKind Kind, ImmutableArray<Camp> Camps, ImmutableArray<ShapeSource> Shapes, int Score)
{
    /// <summary>The contradiction in words, for example "2 say defect (ana, bo), 8 say no defect (…)".</summary>
    public string Sentence => string.Join(", ", Camps.Select(c =>
        string.Create(CultureInfo.InvariantCulture, $"{c.Annotators.Length} say {c.Says} ({string.Join(", ", c.Annotators)})")));
}

internal static class Contradictions
{
    /// <summary>By score, then image id. A contradiction about presence covers the shapes of its image: they are not listed again.</summary>
    public static ImmutableArray<Contradiction> Rank(IEnumerable<GroupedImage> images) =>
        [.. images.SelectMany(Of).OrderByDescending(c => c.Score).ThenBy(c => c.ImageId, StringComparer.Ordinal)];

    private static IEnumerable<Contradiction> Of(GroupedImage image)
    {
        ImmutableArray<AnnotatorAnswer> answers = image.Image.Answers;
        ImmutableArray<Camp> presence = Camps(answers.Select(a => (a.AnnotatorId, a.SeesDefect ? "defect" : "no defect")));
        if (presence.Length == 2)
        {
            yield return Create(image, ContradictionKind.Presence, presence, [.. image.Groups.SelectMany(g => g.Members)]);
            yield break;
        }
        foreach (ShapeGroup group in image.Groups)
        {
            ImmutableArray<Camp> classes = Camps(group.Members.Select(m => (m.AnnotatorId, m.Shape.LabelClass)));
            if (classes.Length > 1)
                yield return Create(image, ContradictionKind.LabelClass, classes, group.Members);
            if (group.Members.Length < answers.Length)
                yield return Create(image, ContradictionKind.MissedShape, Camps(answers.Select(a =>
                    (a.AnnotatorId, group.Members.Any(m => m.AnnotatorId == a.AnnotatorId) ? group.Members[0].Shape.LabelClass : "nothing here"))), group.Members);
        }
    }

    private static ImmutableArray<Camp> Camps(IEnumerable<(string Annotator, string Says)> votes) =>
        [.. votes.GroupBy(v => v.Says, v => v.Annotator)
            .Select(g => new Camp(g.Key, [.. g.Order(StringComparer.Ordinal)]))
            .OrderBy(c => c.Annotators.Length).ThenBy(c => c.Says, StringComparer.Ordinal)];

    private static Contradiction Create(GroupedImage image, ContradictionKind kind, ImmutableArray<Camp> camps, ImmutableArray<ShapeSource> shapes)
    {
        int total = camps.Sum(c => c.Annotators.Length), same = camps.Sum(c => c.Annotators.Length * c.Annotators.Length);
        return new Contradiction(image.Image.ImageId, image.Image.OrganizationId, kind, camps, shapes, (total * total - same) / 2 * (int)kind);
    }
}
