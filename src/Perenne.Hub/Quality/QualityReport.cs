using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Perenne.Hub.Collect;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Quality;

/// <summary>What was measured on an image and how it was judged. The effective verdict stands on the image.</summary>
internal sealed class QualityReport : IOrganizationOwned
{
    public required Guid ImageId { get; init; }

    public required Guid OrganizationId { get; init; }

    public required Guid ProjectId { get; init; }

    /// <summary>The camera's profile; null for images without a camera.</summary>
    public Guid? ProfileId { get; init; }

    /// <summary>Facts and measures as JSON; recorded once, so that a new threshold needs no new decoding.</summary>
    public required string Measures { get; init; }

    public required ImageQuality Judged { get; set; }

    public required double Score { get; set; }

    /// <summary>The reasons in words and figures, as JSON.</summary>
    public required string Reasons { get; set; }

    public required DateTimeOffset JudgedAt { get; set; }

    public ImageQuality? Overruled { get; set; }

    public string? OverruledReason { get; set; }

    public string? OverruledBy { get; set; }

    public DateTimeOffset? OverruledAt { get; set; }
}

/// <summary>What is normal for one camera of one project in one organization.</summary>
internal sealed class CameraProfileRow : IOrganizationOwned
{
    public required Guid Id { get; init; }

    public required Guid OrganizationId { get; init; }

    public required Guid ProjectId { get; init; }

    public required string Camera { get; init; }

    /// <summary>The learnt profile as JSON; null until enough images were accepted.</summary>
    public string? Profile { get; set; }

    public int Images { get; set; }

    public DateTimeOffset? LearntAt { get; set; }
}

/// <summary>A project's thresholds; a project without a row uses the defaults.</summary>
internal sealed class QualitySettings
{
    public required Guid ProjectId { get; init; }

    public required string Thresholds { get; set; }

    public required DateTimeOffset ChangedAt { get; set; }
}

internal sealed class QualityConfiguration : IEntityTypeConfiguration<QualityReport>, IEntityTypeConfiguration<CameraProfileRow>, IEntityTypeConfiguration<QualitySettings>
{
    public void Configure(EntityTypeBuilder<QualityReport> builder)
    {
        builder.ToTable("quality_reports");
        builder.HasKey(r => r.ImageId);
        builder.Property(r => r.OverruledReason).HasMaxLength(1000);
        builder.Property(r => r.OverruledBy).HasMaxLength(256);
        builder.HasOne<Image>().WithOne().HasForeignKey<QualityReport>(r => r.ImageId);
        builder.HasIndex(r => new { r.ProfileId, r.ImageId });
        builder.HasIndex(r => new { r.ProjectId, r.ImageId });
    }

    public void Configure(EntityTypeBuilder<CameraProfileRow> builder)
    {
        builder.ToTable("camera_profiles");
        builder.Property(p => p.Camera).HasMaxLength(200);
        builder.HasIndex(p => new { p.ProjectId, p.OrganizationId, p.Camera }).IsUnique();
    }

    public void Configure(EntityTypeBuilder<QualitySettings> builder)
    {
        builder.ToTable("quality_settings");
        builder.HasKey(s => s.ProjectId);
        builder.HasOne<Project>().WithMany().HasForeignKey(s => s.ProjectId);
    }
}
