using Perenne.Contracts.Annotation;
using Perenne.Hub.Collect;
using Perenne.Vision.Sampling;

namespace Perenne.Hub.Datasets;

/// <summary>One image of the pool, as far as a dataset needs it.</summary>
internal sealed record PoolImage(
    Guid Id, Guid OrganizationId, string ContentHash, string FileName, int Width, int Height, string? Camera, string? Station, string? PartId, string? GroupKey,
    Guid? ClusterId, DateTimeOffset? CapturedAt, DateTimeOffset ArrivedAt, ImageQuality Quality, string QualityReasons, string? Metadata)
{
    /// <summary>What must stay together: the declared group, else the part, else the near duplicates, else the image alone.</summary>
    public string Group { get; } = GroupKey is { Length: > 0 } group ? "group:" + group : PartId is { Length: > 0 } part ? "part:" + part : "image:" + (ClusterId ?? Id).ToString("n");
}

/// <summary>A shape with the class of today.</summary>
internal sealed record DatasetShape(DocumentShape Shape, string Label, Guid? LabelId);

/// <summary>One image of a dataset version with what is said of it.</summary>
/// <param name="Source">Where the annotation comes from: accepted, consensus, imported, …</param>
/// <param name="DocumentHash">Tells whether the annotation changed from one version to the next.</param>
internal sealed record DatasetItem(
    PoolImage Image, string Organization, Split Split, string Source, ImageVerdict Verdict, IReadOnlyList<DatasetShape> Shapes, IReadOnlyList<(string Name, Guid? Id)> Tags,
    IReadOnlyDictionary<string, double> Values, string DocumentHash);
