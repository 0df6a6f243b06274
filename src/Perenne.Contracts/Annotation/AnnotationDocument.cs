using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Perenne.Contracts.Annotation;

/// <summary>The answer to "is this part defective?": never guessed from an empty list of shapes.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ImageVerdict>))]
public enum ImageVerdict
{
    /// <summary>At least one defect is marked.</summary>
    [JsonStringEnumMemberName("defects")]
    Defects,

    /// <summary>A person looked and saw none.</summary>
    [JsonStringEnumMemberName("no_defect")]
    NoDefect,
}

/// <summary>
/// What a person (or model) says of one image, as the canvas sends it and the hub stores it; docs/annotation-document.md.
/// Coordinates are upright image pixels, continuous, (0,0) at the upper-left corner of the upper-left pixel.
/// </summary>
/// <param name="Shapes">In drawing order: the last is on top.</param>
/// <param name="Tags">Image tags (classification): names of label classes.</param>
/// <param name="Values">Image values (regression) by name.</param>
/// <param name="Verdict">Null: not answered yet.</param>
public sealed record AnnotationDocument(
    ImmutableArray<DocumentShape> Shapes,
    ImmutableArray<string> Tags,
    ImmutableSortedDictionary<string, double> Values,
    ImageVerdict? Verdict)
{
    /// <summary>No shape, no answer.</summary>
    public static AnnotationDocument Empty { get; } = new([], [], ImmutableSortedDictionary<string, double>.Empty, null);

    /// <inheritdoc/>
    public bool Equals(AnnotationDocument? other) => other is not null && Verdict == other.Verdict
        && Shapes.AsSpan().SequenceEqual(other.Shapes.AsSpan()) && Tags.AsSpan().SequenceEqual(other.Tags.AsSpan()) && Values.SequenceEqual(other.Values);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Shapes.Length, Tags.Length, Values.Count, Verdict);
}
