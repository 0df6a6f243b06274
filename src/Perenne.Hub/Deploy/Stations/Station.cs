using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Perenne.Contracts.Stations;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Deploy;

/// <summary>A machine in a plant that judges parts. Its id is that of its machine identity, so that its token says which station speaks.</summary>
internal sealed class Station : IOrganizationOwned
{
    public required Guid Id { get; init; }

    public required Guid OrganizationId { get; init; }

    public required string Name { get; set; }

    /// <summary>Which project the frames of a camera belong to.</summary>
    public List<PlannedCamera> Cameras { get; set; } = [];

    /// <summary>Null: no limit.</summary>
    public long? UploadBytesPerSecond { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? RevokedAt { get; set; }

    /// <summary>Host name, as the station said when it enrolled.</summary>
    public string? Host { get; set; }

    public DateTimeOffset? HeartbeatAt { get; set; }

    public Heartbeat? Heartbeat { get; set; }

    /// <summary>Station's clock minus the hub's at the last heartbeat; the way of the message is in it.</summary>
    public double? ClockSkewSeconds { get; set; }
}

internal sealed class StationConfiguration : IEntityTypeConfiguration<Station>
{
    public void Configure(EntityTypeBuilder<Station> builder)
    {
        builder.ToTable("stations");
        builder.Property(s => s.Name).HasMaxLength(100);
        builder.Property(s => s.Host).HasMaxLength(200);
        builder.Property(s => s.Cameras).HasJson();
        builder.Property(s => s.Heartbeat!).HasJson().IsRequired(false);
        builder.HasOne<Organization>().WithMany().HasForeignKey(s => s.OrganizationId);
        builder.HasIndex(s => new { s.OrganizationId, s.Name }).IsUnique();
    }
}
