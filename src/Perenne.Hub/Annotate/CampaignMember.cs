using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Annotate;

/// <summary>A person in a campaign's pool of annotators.</summary>
internal sealed class CampaignMember : IOrganizationOwned
{
    public required Guid CampaignId { get; init; }

    public required Guid PersonId { get; init; }

    public required Guid OrganizationId { get; init; }

    /// <summary>Gets no new task until somebody lifts it.</summary>
    public bool IsPaused { get; set; }

    /// <summary>Own quota; null: that of the campaign's rules.</summary>
    public int? QuotaPerDay { get; set; }

    /// <summary>Label classes this person may judge; null: all.</summary>
    public MemberSkills Skills { get; set; } = new(Classes: null);

    public required DateTimeOffset AddedAt { get; init; }
}

/// <param name="Classes">Label classes; null: all.</param>
internal sealed record MemberSkills(IReadOnlyList<string>? Classes)
{
    public bool Covers(string? skill) => skill is null || Classes is null || Classes.Contains(skill);
}

internal sealed class CampaignMemberConfiguration : IEntityTypeConfiguration<CampaignMember>
{
    public void Configure(EntityTypeBuilder<CampaignMember> builder)
    {
        builder.ToTable("campaign_members");
        builder.HasKey(m => new { m.CampaignId, m.PersonId });
        builder.Property(m => m.Skills).HasJson();
        builder.HasOne<Campaign>().WithMany().HasForeignKey(m => m.CampaignId);
        builder.HasOne<User>().WithMany().HasForeignKey(m => m.PersonId);
        builder.HasIndex(m => m.PersonId);
    }
}
