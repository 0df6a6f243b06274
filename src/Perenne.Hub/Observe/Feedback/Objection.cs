using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Perenne.Contracts.Stations;
using Perenne.Hub.Deploy;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Observe;

/// <summary>An operator's press of "false alarm" or "missed defect".</summary>
internal sealed class Objection : IOrganizationOwned
{
    /// <summary>Made by the station: a repetition is known by it.</summary>
    public required Guid Id { get; init; }

    public required Guid OrganizationId { get; init; }

    public required Guid ProjectId { get; init; }

    public required Guid StationId { get; init; }

    public required Guid ObservationId { get; init; }

    public required FeedbackKind Kind { get; init; }

    /// <summary>By the station's clock.</summary>
    public required DateTimeOffset At { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }

    public string? Camera { get; init; }

    public Guid? DeploymentId { get; init; }

    public Guid? ModelVersionId { get; init; }

    /// <summary>x, y, width, height in pixels.</summary>
    public double[]? Box { get; init; }

    public string? ImageSha256 { get; init; }
}

internal sealed class ObjectionConfiguration : IEntityTypeConfiguration<Objection>
{
    public void Configure(EntityTypeBuilder<Objection> builder)
    {
        builder.ToTable("objections");
        builder.Property(o => o.Id).ValueGeneratedNever();
        builder.Property(o => o.Kind).HasConversion<string>().HasMaxLength(16);
        builder.Property(o => o.Camera).HasMaxLength(200);
        builder.Property(o => o.ImageSha256).HasMaxLength(64);
        builder.Property(o => o.Box!).HasJson().IsRequired(false);
        builder.HasOne<Station>().WithMany().HasForeignKey(o => o.StationId);
        builder.HasIndex(o => new { o.ProjectId, o.OrganizationId, o.At });
        builder.HasIndex(o => new { o.DeploymentId, o.At });
    }
}
