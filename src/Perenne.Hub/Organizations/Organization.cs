using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Organizations;

/// <summary>A plant: the tenant. Its row is its own.</summary>
internal sealed class Organization : IOrganizationOwned
{
    public required Guid Id { get; init; }

    /// <summary>In addresses: lower-case letters, digits and hyphens; unique on the hub.</summary>
    public required string Slug { get; set; }

    public required string Name { get; set; }

    /// <summary>IANA name, e.g. "Europe/Paris".</summary>
    public string TimeZone { get; set; } = "UTC";

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? ArchivedAt { get; set; }

    Guid IOrganizationOwned.OrganizationId => Id;
}

internal sealed class OrganizationConfiguration : IEntityTypeConfiguration<Organization>
{
    public void Configure(EntityTypeBuilder<Organization> builder)
    {
        builder.ToTable("organizations");
        builder.Property(o => o.Slug).HasMaxLength(63);
        builder.Property(o => o.Name).HasMaxLength(200);
        builder.Property(o => o.TimeZone).HasMaxLength(64);
        builder.HasIndex(o => o.Slug).IsUnique();
    }
}
