using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Monitor;

/// <summary>Something people did to a line: a lamp moved, a new product. Plots show it, and where it is the new normal, production is compared with what came after it.</summary>
internal sealed class LineChange : IOrganizationOwned
{
    public required Guid Id { get; init; }

    public required Guid OrganizationId { get; init; }

    public required Guid ProjectId { get; init; }

    /// <summary>Null: all cameras.</summary>
    public string? Camera { get; init; }

    public required DateTimeOffset At { get; init; }

    public required string What { get; init; }

    public required bool IsNewNormal { get; init; }

    public required string RecordedBy { get; init; }

    public required DateTimeOffset RecordedAt { get; init; }
}

internal sealed class LineChangeConfiguration : IEntityTypeConfiguration<LineChange>
{
    public void Configure(EntityTypeBuilder<LineChange> builder)
    {
        builder.ToTable("line_changes");
        builder.Property(c => c.Camera).HasMaxLength(200);
        builder.Property(c => c.What).HasMaxLength(500);
        builder.Property(c => c.RecordedBy).HasMaxLength(200);
        builder.HasOne<Organization>().WithMany().HasForeignKey(c => c.OrganizationId);
        builder.HasOne<Project>().WithMany().HasForeignKey(c => c.ProjectId);
        builder.HasIndex(c => new { c.ProjectId, c.OrganizationId, c.At });
    }
}
