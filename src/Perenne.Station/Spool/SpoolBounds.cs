using System.Text.Json;
using Perenne.Contracts;

namespace Perenne.Station.Spool;

/// <summary>What was given up because the disk was full, since the spool was made.</summary>
internal sealed record Evictions(long Images, long Observations);

/// <summary>
/// Keeps the spool within its limits, in the declared order: sampled images, oldest first; only when segments alone exceed their own limit,
/// whole segments, oldest first. Counted before it is done, so that a crash may count one too many and never one too few.
/// </summary>
internal sealed class SpoolBounds(string folder, SpoolOptions options, ObservationSpool observations, ImageSpool images)
{
    private readonly string path = Path.Combine(folder, "evictions.json");
    private Evictions? counted;

    public Evictions Counted => counted ??= File.Exists(path) ? JsonSerializer.Deserialize<Evictions>(File.ReadAllBytes(path), ContractJson.Options)! : new Evictions(0, 0);

    /// <summary>Bytes of everything that waits.</summary>
    public long Bytes => new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(f => f.Length);

    public async Task EnforceAsync()
    {
        IReadOnlyList<WaitingSegment> segments = observations.Waiting();
        long segmentBytes = segments.Sum(s => s.Bytes), total = Bytes;
        foreach (WaitingImage image in images.Waiting())
        {
            if (total <= options.MaxBytes)
                break;
            Count(Counted with { Images = Counted.Images + 1 });
            ImageSpool.Remove(image);
            total -= image.Bytes;
        }
        foreach (WaitingSegment segment in segments)
        {
            if (segmentBytes <= options.MaxSegmentBytes)
                break;
            Count(Counted with { Observations = Counted.Observations + await SegmentFile.RowsOfAsync(segment.Path) });
            ObservationSpool.Delivered(segment);
            segmentBytes -= segment.Bytes;
        }
    }

    /// <summary>Frees at least this many bytes of images after the disk refused a write. False: there was no image left to give up.</summary>
    public bool MakeRoom(long bytes)
    {
        long freed = 0;
        foreach (WaitingImage image in images.Waiting())
        {
            ImageSpool.Remove(image);
            Count(Counted with { Images = Counted.Images + 1 });
            if ((freed += image.Bytes) >= bytes)
                break;
        }
        return freed > 0;
    }

    private void Count(Evictions now)
    {
        counted = now;
        try
        {
            DurableFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(now, ContractJson.Options));
        }
        catch (IOException)
        {
            // The disk that is full refuses this too; the count stays in memory and is written with the next one.
        }
    }
}
