using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Organizations;

/// <summary>A named group of an organization's members; campaigns are distributed over people and teams.</summary>
internal sealed class Team : IOrganizationOwned
{
    public required Guid Id { get; init; }

    public required Guid OrganizationId { get; init; }

    public required string Name { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public List<TeamMember> Members { get; init; } = [];
}

internal sealed class TeamMember : IOrganizationOwned
{
    public required Guid TeamId { get; init; }

    public required Guid UserId { get; init; }

    public required Guid OrganizationId { get; init; }
}

internal sealed class TeamConfiguration : IEntityTypeConfiguration<Team>, IEntityTypeConfiguration<TeamMember>
{
    public void Configure(EntityTypeBuilder<Team> builder)
    {
        builder.ToTable("teams");
        builder.Property(t => t.Name).HasMaxLength(100);
        builder.HasOne<Organization>().WithMany().HasForeignKey(t => t.OrganizationId);
        builder.HasMany(t => t.Members).WithOne().HasForeignKey(m => m.TeamId);
        builder.HasIndex(t => new { t.OrganizationId, t.Name }).IsUnique();
    }

    public void Configure(EntityTypeBuilder<TeamMember> builder)
    {
        builder.ToTable("team_members");
        builder.HasKey(m => new { m.TeamId, m.UserId });
        builder.HasOne<User>().WithMany().HasForeignKey(m => m.UserId);
        builder.HasIndex(m => m.OrganizationId);
    }
}
