using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Organizations;

/// <summary>A vision product: label schema and models, deployed to several organizations. Its owner decides on the schema.</summary>
internal sealed class Project
{
    public required Guid Id { get; init; }

    /// <summary>In addresses; unique on the hub.</summary>
    public required string Slug { get; set; }

    public required string Name { get; set; }

    public string Description { get; set; } = "";

    public required Guid OwnerOrganizationId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? ArchivedAt { get; set; }

    public List<ProjectOrganization> Organizations { get; init; } = [];
}

/// <summary>An organization in which a project runs (the owner included).</summary>
internal sealed class ProjectOrganization : IOrganizationOwned
{
    public required Guid ProjectId { get; init; }

    public required Guid OrganizationId { get; init; }

    public required DateTimeOffset AddedAt { get; init; }
}

internal sealed class ProjectConfiguration : IEntityTypeConfiguration<Project>, IEntityTypeConfiguration<ProjectOrganization>
{
    public void Configure(EntityTypeBuilder<Project> builder)
    {
        builder.ToTable("projects");
        builder.Property(p => p.Slug).HasMaxLength(63);
        builder.Property(p => p.Name).HasMaxLength(200);
        builder.HasIndex(p => p.Slug).IsUnique();
        builder.HasOne<Organization>().WithMany().HasForeignKey(p => p.OwnerOrganizationId);
        builder.HasMany(p => p.Organizations).WithOne().HasForeignKey(link => link.ProjectId);
    }

    public void Configure(EntityTypeBuilder<ProjectOrganization> builder)
    {
        builder.ToTable("project_organizations");
        builder.HasKey(link => new { link.ProjectId, link.OrganizationId });
        builder.HasOne<Organization>().WithMany().HasForeignKey(link => link.OrganizationId);
    }
}
