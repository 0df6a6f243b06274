using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Perenne.Hub.Annotate;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Progress;

/// <summary>What one person did in a campaign on one day of the organization's calendar. Grown by the transactions that do the work.</summary>
internal sealed class CampaignDay : IOrganizationOwned
{
    public required Guid CampaignId { get; init; }

    public required Guid PersonId { get; init; }

    public required DateOnly Day { get; init; }

    public required Guid OrganizationId { get; init; }

    public int Submitted { get; set; }

    public int Skipped { get; set; }

    public int Accepted { get; set; }

    public int Fixed { get; set; }

    public int Rejected { get; set; }

    public long ActiveMilliseconds { get; set; }
}

/// <summary>How many tasks of a campaign are in a state.</summary>
internal sealed class CampaignTotal : IOrganizationOwned
{
    public required Guid CampaignId { get; init; }

    public required TaskState State { get; init; }

    public required Guid OrganizationId { get; init; }

    public int Tasks { get; set; }
}

internal sealed class CountersConfiguration : IEntityTypeConfiguration<CampaignDay>, IEntityTypeConfiguration<CampaignTotal>
{
    public void Configure(EntityTypeBuilder<CampaignDay> builder)
    {
        builder.ToTable("campaign_days");
        builder.HasKey(d => new { d.CampaignId, d.PersonId, d.Day });
        builder.HasOne<Campaign>().WithMany().HasForeignKey(d => d.CampaignId);
    }

    public void Configure(EntityTypeBuilder<CampaignTotal> builder)
    {
        builder.ToTable("campaign_totals");
        builder.HasKey(t => new { t.CampaignId, t.State });
        builder.Property(t => t.State).HasConversion<string>().HasMaxLength(16);
        builder.HasOne<Campaign>().WithMany().HasForeignKey(t => t.CampaignId);
    }
}
