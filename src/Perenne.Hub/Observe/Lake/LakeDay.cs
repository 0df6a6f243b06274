using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Observe;

/// <summary>Segments of one organization and day in one file, sorted by capture time, with the columns <c>station_id</c> and <c>segment</c> added.</summary>
internal sealed class LakeDay : IOrganizationOwned
{
    public required Guid Id { get; init; }

    public required Guid OrganizationId { get; init; }

    /// <summary>UTC.</summary>
    public required DateOnly Day { get; init; }

    public required string Sha256 { get; init; }

    public required long Bytes { get; init; }

    public required int Rows { get; init; }

    public required int Segments { get; init; }

    public required DateTimeOffset FirstAt { get; init; }

    public required DateTimeOffset LastAt { get; init; }

    public required DateTimeOffset MadeAt { get; init; }

    public DateTimeOffset? DroppedAt { get; set; }
}

internal sealed class LakeDayConfiguration : IEntityTypeConfiguration<LakeDay>
{
    public void Configure(EntityTypeBuilder<LakeDay> builder)
    {
        builder.ToTable("lake_days");
        builder.Property(d => d.Sha256).HasMaxLength(64);
        builder.HasOne<Organization>().WithMany().HasForeignKey(d => d.OrganizationId);
        builder.HasIndex(d => new { d.OrganizationId, d.Day });
    }
}
