using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Collect;

/// <summary>One time that an image's bytes came in. An exact duplicate adds an arrival, not an image.</summary>
internal sealed class Arrival : IOrganizationOwned
{
    public required Guid Id { get; init; }

    public required Guid OrganizationId { get; init; }

    public required Guid ImageId { get; init; }

    public required DateTimeOffset At { get; init; }

    public required string FileName { get; init; }

    /// <summary>"api", "zip", "upload", "folder", "bucket".</summary>
    public required string Way { get; init; }

    public required Guid ActorId { get; init; }

    public required string ActorName { get; init; }

    /// <summary>What names this very delivery ("folder" and "bucket": path and time of change), so that a repeated one is not counted twice.</summary>
    public string? DeliveryKey { get; init; }
}

/// <summary>What happened to an image after it arrived: metadata edited, verdict overruled, annotations imported.</summary>
internal sealed class ImageEvent : IOrganizationOwned
{
    public required Guid Id { get; init; }

    public required Guid OrganizationId { get; init; }

    public required Guid ImageId { get; init; }

    public required DateTimeOffset At { get; init; }

    public required Guid ActorId { get; init; }

    public required string ActorName { get; init; }

    /// <summary>Dotted, e.g. "quality.overruled".</summary>
    public required string Kind { get; init; }

    /// <summary>Before and after, as JSON.</summary>
    public string? Detail { get; init; }
}

internal sealed class ArrivalConfiguration : IEntityTypeConfiguration<Arrival>, IEntityTypeConfiguration<ImageEvent>
{
    public void Configure(EntityTypeBuilder<Arrival> builder)
    {
        builder.ToTable("arrivals");
        builder.Property(a => a.FileName).HasMaxLength(400);
        builder.Property(a => a.Way).HasMaxLength(16);
        builder.Property(a => a.ActorName).HasMaxLength(256);
        builder.Property(a => a.DeliveryKey).HasMaxLength(700);
        builder.HasOne<Image>().WithMany().HasForeignKey(a => a.ImageId);
        builder.HasIndex(a => new { a.ImageId, a.At });
        builder.HasIndex(a => new { a.ImageId, a.DeliveryKey }).IsUnique();
    }

    public void Configure(EntityTypeBuilder<ImageEvent> builder)
    {
        builder.ToTable("image_events");
        builder.Property(e => e.ActorName).HasMaxLength(256);
        builder.Property(e => e.Kind).HasMaxLength(64);
        builder.HasOne<Image>().WithMany().HasForeignKey(e => e.ImageId);
        builder.HasIndex(e => new { e.ImageId, e.At });
    }
}
