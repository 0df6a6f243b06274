using Microsoft.AspNetCore.Mvc;

namespace Perenne.Hub.Collect.Gallery;

/// <summary>The gallery's query parameters. Properties, not a primary constructor: the generator of request delegates cannot name a constructor with nullable references.</summary>
internal sealed record ImageQuery
{
    [FromQuery]
    public string[]? In { get; init; }
    public string? Camera { get; init; }
    public string? Station { get; init; }
    public DateTimeOffset? From { get; init; }
    public DateTimeOffset? To { get; init; }
    public Named<ImageQuality>? Quality { get; init; }
    public string? Reason { get; init; }
    public bool? Duplicates { get; init; }
    public bool? Annotated { get; init; }
    [FromQuery]
    public string[]? Metadata { get; init; }
    public string? Batch { get; init; }
    public string? PartId { get; init; }
    public string? Text { get; init; }
    public Guid? Cluster { get; init; }
    public Named<ImageSort>? Sort { get; init; }
    public string? Cursor { get; init; }
    public int? Size { get; init; }

    public ImageFilter ToFilter() => new()
    {
        Organization = In is { Length: > 0 } ? In : null,
        Camera = Camera,
        Station = Station,
        From = From,
        To = To,
        Quality = Quality?.Value,
        Reason = Reason,
        Duplicates = Duplicates,
        Annotated = Annotated,
        Metadata = Metadata is { Length: > 0 } ? Metadata : null,
        Batch = Batch,
        PartId = PartId,
        Text = Text,
        Cluster = Cluster,
    };
}
