using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Organizations;

/// <summary>Who changed what, when, from where. Written in the same transaction as the change; never edited.</summary>
internal sealed class AuditEntry : IOrganizationOwned
{
    public required Guid Id { get; init; }

    public required Guid OrganizationId { get; init; }

    public required DateTimeOffset At { get; init; }

    public required Guid ActorId { get; init; }

    public required string ActorName { get; init; }

    /// <summary>Dotted, e.g. "membership.added".</summary>
    public required string Action { get; init; }

    /// <summary>What it was done to, in words a person understands.</summary>
    public required string Subject { get; init; }

    /// <summary>Before and after, as JSON.</summary>
    public string? Detail { get; init; }

    /// <summary>Remote address, or "cli" / "system".</summary>
    public required string Origin { get; init; }
}

internal sealed class AuditConfiguration : IEntityTypeConfiguration<AuditEntry>
{
    public void Configure(EntityTypeBuilder<AuditEntry> builder)
    {
        builder.ToTable("audit_entries");
        builder.Property(e => e.ActorName).HasMaxLength(256);
        builder.Property(e => e.Action).HasMaxLength(64);
        builder.Property(e => e.Origin).HasMaxLength(64);
        builder.HasIndex(e => new { e.OrganizationId, e.At });
    }
}
