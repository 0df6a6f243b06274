using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Organizations;

/// <summary>A person's role in an organization: for all of its projects, or for one.</summary>
internal sealed class Membership : IOrganizationOwned
{
    public required Guid Id { get; init; }

    public required Guid UserId { get; init; }

    public required Guid OrganizationId { get; init; }

    public Guid? ProjectId { get; init; }

    public required Role Role { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public User? User { get; init; }
}

internal sealed class MembershipConfiguration : IEntityTypeConfiguration<Membership>
{
    public void Configure(EntityTypeBuilder<Membership> builder)
    {
        builder.ToTable("memberships");
        builder.Property(m => m.Role).HasConversion<string>().HasMaxLength(32);
        builder.HasOne(m => m.User).WithMany().HasForeignKey(m => m.UserId);
        builder.HasOne<Organization>().WithMany().HasForeignKey(m => m.OrganizationId);
        builder.HasOne<Project>().WithMany().HasForeignKey(m => m.ProjectId);
        builder.HasIndex(m => new { m.UserId, m.OrganizationId, m.ProjectId, m.Role }).IsUnique();
        builder.HasIndex(m => m.OrganizationId);
    }
}
