namespace Perenne.Formats;

/// <summary>One format: its name, and what it can hold.</summary>
/// <param name="Name">The name options and the command line use: <c>coco</c>, <c>yolo</c>, <c>yolo-obb</c> …</param>
/// <param name="Title">The name people use.</param>
/// <param name="Layout">The files it consists of, in a sentence.</param>
/// <param name="Holds">What survives being written to it.</param>
public sealed record FormatDescription(string Name, string Title, string Layout, DatasetFeature Holds);

/// <summary>What <see cref="DatasetFormats.Detect"/> found.</summary>
/// <param name="Format">Name of the format.</param>
/// <param name="Reason">What gave it away, in words.</param>
public sealed record DetectedFormat(string Format, string Reason);
