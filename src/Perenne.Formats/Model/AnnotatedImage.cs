using System.Collections.Immutable;
using Perenne.Vision.Geometry;

namespace Perenne.Formats;

/// <summary>What was answered about an image as a whole.</summary>
public enum ImageAnswer
{
    /// <summary>Nobody has answered yet, or the format cannot say whether somebody did.</summary>
    NotAnnotated,

    /// <summary>It carries at least one annotation.</summary>
    Annotated,

    /// <summary>Somebody looked and there is nothing to annotate.</summary>
    NoDefect,

    /// <summary>Somebody refused to annotate it; see <see cref="AnnotatedImage.SkippedReason"/>.</summary>
    Skipped,
}

/// <summary>One image and everything annotated on it: the neutral record all formats meet in.</summary>
/// <param name="FileName">Relative path of the image with forward slashes, as the data set names it. Never absolute, never with <c>..</c>.</param>
public sealed record AnnotatedImage(string FileName)
{
    /// <summary>Absolute path of the image file where it was found on disk; otherwise null.</summary>
    public string? ImagePath { get; init; }

    /// <summary>Upright width and height in pixels, or null where neither the data set nor the image file tells.</summary>
    public ImageSize? Size { get; init; }

    /// <summary>Name of the split as the data set calls it (<c>train</c>, <c>val</c>, <c>test</c> …), or null.</summary>
    public string? Split { get; init; }

    /// <summary>What was answered about the image as a whole.</summary>
    public ImageAnswer Answer { get; init; }

    /// <summary>Why it was skipped, where <see cref="Answer"/> is <see cref="ImageAnswer.Skipped"/> and a reason is known.</summary>
    public string? SkippedReason { get; init; }

    /// <summary>Annotations in the source's order.</summary>
    public ImmutableArray<AnnotationRecord> Annotations { get; init; } = [];

    /// <summary>Facts about the image the source carries beside the annotations (ids, URLs), in the source's order.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Metadata { get; init; } = [];
}
