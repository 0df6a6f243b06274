using System.Collections.Immutable;

namespace Perenne.Formats;

/// <summary>What a data set says before its first image: its label classes, in order.</summary>
/// <param name="SourceFormat">Name of the format it was read from, as in <see cref="DatasetFormats.All"/>.</param>
/// <param name="Classes">Label classes in the data set's own order. Names are unique (ordinal).</param>
public sealed record DatasetHeader(string SourceFormat, ImmutableArray<LabelClass> Classes)
{
    /// <summary>Number of images where it is known before reading them; otherwise null.</summary>
    public long? ImageCount { get; init; }
}

/// <summary>One label class.</summary>
/// <param name="Name">Its name; how classes are matched between formats, because ids may have gaps or differ.</param>
public sealed record LabelClass(string Name)
{
    /// <summary>The id the source gave it (COCO category id, YOLO class number); null where the source has none.</summary>
    public long? SourceId { get; init; }

    /// <summary>Colour as <c>#rrggbb</c>, or null.</summary>
    public string? Color { get; init; }

    /// <summary>The class it belongs under (COCO supercategory), or null.</summary>
    public string? Parent { get; init; }

    /// <summary>Attributes an annotation of this class may carry.</summary>
    public ImmutableArray<LabelAttribute> Attributes { get; init; } = [];
}

/// <summary>An attribute declared for a label class.</summary>
/// <param name="Name">Its name.</param>
/// <param name="InputType">As the tool calls it: <c>checkbox</c>, <c>radio</c>, <c>select</c>, <c>text</c>, <c>number</c>.</param>
/// <param name="Values">The values offered.</param>
/// <param name="Default">The value used where none is given, or null.</param>
public sealed record LabelAttribute(string Name, string InputType, ImmutableArray<string> Values, string? Default);
