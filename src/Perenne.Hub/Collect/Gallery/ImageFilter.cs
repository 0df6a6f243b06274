using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Collect.Gallery;

/// <summary>What the gallery shows, as its address says it (query parameters of the same names); null and empty mean "any".</summary>
internal sealed record ImageFilter
{
    /// <summary>Slugs or ids.</summary>
    public string[]? Organization { get; init; }

    public string? Camera { get; init; }

    public string? Station { get; init; }

    /// <summary>Captured (or, where unknown, arrived) at or after.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Captured (or arrived) before.</summary>
    public DateTimeOffset? To { get; init; }

    public ImageQuality? Quality { get; init; }

    /// <summary>Code of a quality reason, e.g. "blurred".</summary>
    public string? Reason { get; init; }

    /// <summary>True: only members of near-duplicate clusters. False: of each cluster only its first image.</summary>
    public bool? Duplicates { get; init; }

    public bool? Annotated { get; init; }

    /// <summary>"key:value", or "key" for any value; all must hold.</summary>
    public string[]? Metadata { get; init; }

    public string? Batch { get; init; }

    public string? PartId { get; init; }

    /// <summary>Part of a file name, part id, batch or group.</summary>
    public string? Text { get; init; }

    /// <summary>One cluster's images.</summary>
    public Guid? Cluster { get; init; }

    /// <summary>Answered by the counters alone, however many rows there are.</summary>
    public bool IsCounted => this with { Organization = null, Quality = null } == new ImageFilter();

    public IQueryable<Image> Apply(IQueryable<Image> images, HubDbContext db)
    {
        if (!string.IsNullOrEmpty(Camera))
            images = images.Where(i => i.Camera == Camera);
        if (!string.IsNullOrEmpty(Station))
            images = images.Where(i => i.Station == Station);
        if (From is { } from)
            images = images.Where(i => (i.CapturedAt ?? i.ArrivedAt) >= from);
        if (To is { } to)
            images = images.Where(i => (i.CapturedAt ?? i.ArrivedAt) < to);
        if (Quality is { } quality)
            images = images.Where(i => i.Quality == quality);
        if (!string.IsNullOrEmpty(Reason))
            images = images.Where(i => i.QualityReasons.Contains("|" + Reason + "|"));
        if (Duplicates == true)
            images = images.Where(i => i.ClusterId != null);
        if (Duplicates == false)
            images = images.Where(i => i.ClusterId == null || i.ClusterId == i.Id);
        if (Cluster is { } cluster)
            images = images.Where(i => i.ClusterId == cluster);
        if (Annotated is { } annotated)
            images = images.Where(i => i.IsAnnotated == annotated);
        if (!string.IsNullOrEmpty(Batch))
            images = images.Where(i => i.Batch == Batch);
        if (!string.IsNullOrEmpty(PartId))
            images = images.Where(i => i.PartId == PartId);
        foreach (string word in (Text ?? "").ToLowerInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            images = images.Where(i => i.SearchText.Contains(word));
        foreach (string pair in Metadata ?? [])
            images = WithMetadata(images, db, pair);
        return images;
    }

    private static IQueryable<Image> WithMetadata(IQueryable<Image> images, HubDbContext db, string pair)
    {
        int colon = pair.IndexOf(':', StringComparison.Ordinal);
        string key = colon < 0 ? pair : pair[..colon];
        string? value = colon < 0 ? null : pair[(colon + 1)..];
        return value is null
            ? images.Where(i => db.Set<ImageMetadata>().Any(m => m.ImageId == i.Id && m.Key == key))
            : images.Where(i => db.Set<ImageMetadata>().Any(m => m.ImageId == i.Id && m.Key == key && m.Value == value));
    }
}

internal enum ImageSort
{
    Newest,
    Oldest,
    Captured,
    WorstQuality,
}
