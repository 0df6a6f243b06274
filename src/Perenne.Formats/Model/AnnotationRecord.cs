using System.Collections.Immutable;
using Perenne.Vision.Geometry;

namespace Perenne.Formats;

/// <summary>
/// One annotation. With a <see cref="Shape"/> it marks a place; without one it speaks of the whole image:
/// a value annotation where <see cref="Value"/> is set, otherwise an image tag.
/// </summary>
/// <param name="Label">Name of the label class, or null where the source left it open.</param>
/// <param name="Shape">Where it is, in upright image pixels; null for tags and values.</param>
public sealed record AnnotationRecord(string? Label, Shape? Shape)
{
    /// <summary>The number of a value annotation (regression), in the unit its label class means; null for everything else.</summary>
    public double? Value { get; init; }

    /// <summary>Attributes in the source's order.</summary>
    public ImmutableArray<AnnotationAttribute> Attributes { get; init; } = [];

    /// <summary>Confidence of a predicted annotation, 0 to 1; null for ground truth.</summary>
    public double? Score { get; init; }

    /// <summary>COCO's <c>iscrowd</c>: a region of many objects that are not told apart.</summary>
    public bool IsCrowd { get; init; }

    /// <summary>VOC's <c>difficult</c>: left out of the evaluation.</summary>
    public bool Difficult { get; init; }

    /// <summary>Partly hidden by something else.</summary>
    public bool Occluded { get; init; }

    /// <summary>Cut off by the border of the image.</summary>
    public bool Truncated { get; init; }

    /// <summary>Annotations with the same group belong to one thing.</summary>
    public string? GroupId { get; init; }

    /// <summary>The id the source gave it.</summary>
    public string? SourceId { get; init; }

    /// <summary>Who drew it, as the source names them (user name, e-mail or number).</summary>
    public string? Author { get; init; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>When it was last changed.</summary>
    public DateTimeOffset? UpdatedAt { get; init; }
}

/// <summary>Type of an attribute's value in the source.</summary>
public enum AttributeKind
{
    /// <summary>Text.</summary>
    Text,

    /// <summary>A number, written with a decimal point.</summary>
    Number,

    /// <summary><c>true</c> or <c>false</c>.</summary>
    Boolean,
}

/// <summary>One attribute of an annotation.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value as text, independent of the machine's language.</param>
/// <param name="Kind">What the text stands for.</param>
public sealed record AnnotationAttribute(string Name, string Value, AttributeKind Kind = AttributeKind.Text);
