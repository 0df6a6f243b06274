using Microsoft.AspNetCore.Mvc;

namespace Perenne.Hub.Collect.Gallery;

/// <summary>The gallery's query parameters.</summary>
internal sealed record ImageQuery(
    [FromQuery] string[]? In, string? Camera, string? Station, DateTimeOffset? From, DateTimeOffset? To, Named<ImageQuality>? Quality, string? Reason, bool? Duplicates,
    bool? Annotated, [FromQuery] string[]? Metadata, string? Batch, string? PartId, string? Text, Guid? Cluster, Named<ImageSort>? Sort, string? Cursor, int? Size)
{
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
