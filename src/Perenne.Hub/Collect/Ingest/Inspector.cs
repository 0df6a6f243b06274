using Microsoft.Extensions.Options;
using Perenne.Hub.Shared;
using Perenne.Imaging;

namespace Perenne.Hub.Collect.Ingest;

/// <summary>Probes first (limits, structure, what it really is), then decodes and measures in a bounded number of slots.</summary>
internal sealed class Inspector(DecodeSlots slots, IOptions<HubOptions> options)
{
    private readonly Imaging.ImageLimits limits = new()
    {
        MaxFileBytes = options.Value.Images.MaxFileBytes,
        MaxWidth = options.Value.Images.MaxSide,
        MaxHeight = options.Value.Images.MaxSide,
    };

    public async Task<InspectionResult> InspectAsync(string path, string fileName, CancellationToken cancel)
    {
        using ImageSource source = ImageSource.FromFile(path);
        ProbeResult probe = ImageProbe.Probe(source, fileName, limits);
        return probe.Accepted
            ? await slots.RunAsync(probe.Facts.Pixels, () => ImageInspector.Inspect(source, fileName, limits), cancel)
            : new InspectionResult(null, probe.Refusal);
    }

    /// <summary>The moment a camera wrote, where it said of which zone; else in the organization's zone.</summary>
    public static DateTimeOffset? CapturedAt(ExifFacts exif, string timeZone)
    {
        if (exif.CapturedAt is not { } wall)
            return null;
        if (exif.Offset is { } offset)
            return new DateTimeOffset(DateTime.SpecifyKind(wall, DateTimeKind.Unspecified), offset);
        TimeZoneInfo zone = TimeZoneInfo.TryFindSystemTimeZoneById(timeZone, out TimeZoneInfo? found) ? found : TimeZoneInfo.Utc;
        return new DateTimeOffset(DateTime.SpecifyKind(wall, DateTimeKind.Unspecified), zone.GetUtcOffset(wall));
    }
}
