using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Collect;

/// <summary>How far an image can be trusted; the effective one, a person's overruling included.</summary>
internal enum ImageQuality
{
    Usable,
    Flagged,
    Rejected,
}

/// <summary>
/// One content in one project of one organization. The same bytes in two projects are two images over one blob: each project has its own
/// annotations and thresholds. Width and height are those of the upright picture; every coordinate refers to it.
/// </summary>
internal sealed class Image : IOrganizationOwned
{
    public required Guid Id { get; init; }

    public required Guid OrganizationId { get; init; }

    public required Guid ProjectId { get; init; }

    /// <summary>Lower-case hexadecimal SHA-256 of the file; addresses the blob.</summary>
    public required string ContentHash { get; init; }

    public required string FileName { get; set; }

    public required string Format { get; init; }

    public required long Bytes { get; init; }

    public required int Width { get; init; }

    public required int Height { get; init; }

    public required int BitDepth { get; init; }

    public required int Channels { get; init; }

    /// <summary>EXIF orientation of the file, 1 to 8; already applied to width, height, thumbnails and tiles.</summary>
    public required int Orientation { get; init; }

    public string? Camera { get; set; }

    public string? Station { get; set; }

    public DateTimeOffset? CapturedAt { get; set; }

    public string? PartId { get; set; }

    public string? Batch { get; set; }

    /// <summary>Images of one group never part between train and test: the board, the part, the near-duplicate cluster.</summary>
    public string? GroupKey { get; set; }

    /// <summary>Free keys and values as a JSON object; <see cref="ImageMetadata"/> repeats them for filters.</summary>
    public string Metadata { get; set; } = "{}";

    /// <summary>File name, part, batch and group in lower case, for the gallery's text field.</summary>
    public required string SearchText { get; set; }

    public required long PerceptualHash { get; init; }

    /// <summary>Id of the first image of a near-duplicate cluster; null while the image is alone.</summary>
    public Guid? ClusterId { get; set; }

    public required ImageQuality Quality { get; set; }

    /// <summary>0 (unusable) to 1; the worst measure decides.</summary>
    public required double QualityScore { get; set; }

    /// <summary>Codes between bars, "|blurred|dark|", so that one LIKE finds a reason; empty when there are none.</summary>
    public required string QualityReasons { get; set; }

    public bool IsAnnotated { get; set; }

    public required DateTimeOffset ArrivedAt { get; init; }

    public int Arrivals { get; set; } = 1;

    public List<ImageMetadata> MetadataRows { get; init; } = [];

    public static string SearchTextOf(params ReadOnlySpan<string?> parts)
    {
        string joined = string.Join(' ', parts.ToArray().Where(part => !string.IsNullOrEmpty(part)));
        return (joined.Length > 600 ? joined[..600] : joined).ToLowerInvariant();
    }
}

/// <summary>One free key and value of an image.</summary>
internal sealed class ImageMetadata : IOrganizationOwned
{
    public required Guid ImageId { get; init; }

    public required Guid OrganizationId { get; init; }

    public required Guid ProjectId { get; init; }

    public required string Key { get; init; }

    public required string Value { get; init; }
}

internal sealed class ImageConfiguration : IEntityTypeConfiguration<Image>, IEntityTypeConfiguration<ImageMetadata>
{
    public void Configure(EntityTypeBuilder<Image> builder)
    {
        builder.ToTable("images");
        builder.Property(i => i.ContentHash).HasMaxLength(64);
        builder.Property(i => i.FileName).HasMaxLength(400);
        builder.Property(i => i.Format).HasMaxLength(16);
        foreach (string name in new[] { nameof(Image.Camera), nameof(Image.Station), nameof(Image.PartId), nameof(Image.Batch), nameof(Image.GroupKey) })
            builder.Property<string?>(name).HasMaxLength(200);
        builder.Property(i => i.SearchText).HasMaxLength(600);
        builder.Property(i => i.QualityReasons).HasMaxLength(300);
        builder.HasOne<Organization>().WithMany().HasForeignKey(i => i.OrganizationId);
        builder.HasOne<Project>().WithMany().HasForeignKey(i => i.ProjectId);
        builder.HasMany(i => i.MetadataRows).WithOne().HasForeignKey(m => m.ImageId);
        builder.HasIndex(i => new { i.ProjectId, i.OrganizationId, i.ContentHash }).IsUnique();
        // Each gallery order and each common filter ends in the id: pages are read from the index, whatever the number of rows.
        builder.HasIndex(i => new { i.ProjectId, i.OrganizationId, i.Id });
        builder.HasIndex(i => new { i.ProjectId, i.OrganizationId, i.CapturedAt, i.Id });
        builder.HasIndex(i => new { i.ProjectId, i.OrganizationId, i.QualityScore, i.Id });
        builder.HasIndex(i => new { i.ProjectId, i.OrganizationId, i.Quality, i.Id });
        builder.HasIndex(i => new { i.ProjectId, i.OrganizationId, i.Camera, i.Id });
        builder.HasIndex(i => new { i.ProjectId, i.OrganizationId, i.IsAnnotated, i.Id });
        builder.HasIndex(i => new { i.ProjectId, i.OrganizationId, i.ClusterId, i.Id });
        builder.HasIndex(i => new { i.OrganizationId, i.ContentHash });
    }

    public void Configure(EntityTypeBuilder<ImageMetadata> builder)
    {
        builder.ToTable("image_metadata");
        builder.HasKey(m => new { m.ImageId, m.Key });
        builder.Property(m => m.Key).HasMaxLength(100);
        builder.Property(m => m.Value).HasMaxLength(400);
        builder.HasIndex(m => new { m.ProjectId, m.OrganizationId, m.Key, m.Value, m.ImageId });
    }
}
