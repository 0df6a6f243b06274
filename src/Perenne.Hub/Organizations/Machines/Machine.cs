using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Organizations;

/// <summary>The identity of a station: enrolled once with a code typed at the machine, then known by its own token.</summary>
internal sealed class Machine : IOrganizationOwned
{
    public required Guid Id { get; init; }

    public required Guid OrganizationId { get; init; }

    public required string Name { get; set; }

    /// <summary>Null once the code was used.</summary>
    public byte[]? CodeHash { get; set; }

    public DateTimeOffset CodeExpiresAt { get; set; }

    public byte[]? TokenHash { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? EnrolledAt { get; set; }

    public DateTimeOffset? LastUsedAt { get; set; }

    public DateTimeOffset? RevokedAt { get; set; }
}

internal sealed class MachineConfiguration : IEntityTypeConfiguration<Machine>
{
    public void Configure(EntityTypeBuilder<Machine> builder)
    {
        builder.ToTable("machines");
        builder.Property(m => m.Name).HasMaxLength(100);
        builder.Property(m => m.CodeHash).HasMaxLength(32);
        builder.Property(m => m.TokenHash).HasMaxLength(32);
        builder.HasOne<Organization>().WithMany().HasForeignKey(m => m.OrganizationId);
        builder.HasIndex(m => m.CodeHash).IsUnique();
        builder.HasIndex(m => m.TokenHash).IsUnique();
        builder.HasIndex(m => new { m.OrganizationId, m.Name }).IsUnique();
    }
}
