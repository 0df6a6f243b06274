using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Annotate;

/// <summary>A team in a campaign's pool: whoever is in it now, and whoever joins it later.</summary>
internal sealed class CampaignTeam : IOrganizationOwned
{
    public required Guid CampaignId { get; init; }

    public required Guid TeamId { get; init; }

    public required Guid OrganizationId { get; init; }
}

internal sealed class CampaignTeamConfiguration : IEntityTypeConfiguration<CampaignTeam>
{
    public void Configure(EntityTypeBuilder<CampaignTeam> builder)
    {
        builder.ToTable("campaign_teams");
        builder.HasKey(t => new { t.CampaignId, t.TeamId });
        builder.HasOne<Campaign>().WithMany().HasForeignKey(t => t.CampaignId);
        builder.HasOne<Team>().WithMany().HasForeignKey(t => t.TeamId);
    }
}
