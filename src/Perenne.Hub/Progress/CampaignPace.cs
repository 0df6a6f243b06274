using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Perenne.Hub.Annotate;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Progress;

/// <summary>How long a person's answers took: a histogram with eight steps to each doubling, so that a median costs the same however many there are.</summary>
internal sealed class CampaignPace : IOrganizationOwned
{
    public required Guid CampaignId { get; init; }

    public required Guid PersonId { get; init; }

    /// <summary>See <see cref="PaceSteps"/>.</summary>
    public required int Step { get; init; }

    public required Guid OrganizationId { get; init; }

    public int Answers { get; set; }
}

/// <summary>How many images were skipped on a day, by reason.</summary>
internal sealed class CampaignSkip : IOrganizationOwned
{
    public required Guid CampaignId { get; init; }

    public required DateOnly Day { get; init; }

    public required SkipReason Reason { get; init; }

    public required Guid OrganizationId { get; init; }

    public int Images { get; set; }
}

/// <summary>Active times as steps of a logarithmic scale: a step is 9 % wide, so a median read from it is right to 4.5 %.</summary>
internal static class PaceSteps
{
    private const int PerDoubling = 8;

    private const double Shortest = 0.125;

    public static int Of(long milliseconds) => Math.Max(0, (int)Math.Floor(PerDoubling * Math.Log2(Math.Max(milliseconds / 1000.0, Shortest) / Shortest)));

    /// <summary>Seconds at the middle of a step.</summary>
    public static double Seconds(int step) => Shortest * Math.Pow(2, (step + 0.5) / PerDoubling);

    /// <summary>Null without any answer.</summary>
    public static double? Median(IEnumerable<(int Step, int Answers)> histogram)
    {
        List<(int Step, int Answers)> steps = [.. histogram.GroupBy(h => h.Step).Select(g => (Step: g.Key, Answers: g.Sum(h => h.Answers))).Where(h => h.Answers > 0).OrderBy(h => h.Step)];
        long total = steps.Sum(h => (long)h.Answers), before = 0;
        foreach ((int step, int answers) in steps)
        {
            before += answers;
            if (2 * before >= total)
                return Seconds(step);
        }

        return null;
    }
}

internal sealed class CampaignPaceConfiguration : IEntityTypeConfiguration<CampaignPace>, IEntityTypeConfiguration<CampaignSkip>
{
    public void Configure(EntityTypeBuilder<CampaignPace> builder)
    {
        builder.ToTable("campaign_paces");
        builder.HasKey(p => new { p.CampaignId, p.PersonId, p.Step });
        builder.HasOne<Campaign>().WithMany().HasForeignKey(p => p.CampaignId);
    }

    public void Configure(EntityTypeBuilder<CampaignSkip> builder)
    {
        builder.ToTable("campaign_skips");
        builder.HasKey(s => new { s.CampaignId, s.Day, s.Reason });
        builder.Property(s => s.Reason).HasConversion<string>().HasMaxLength(24);
        builder.HasOne<Campaign>().WithMany().HasForeignKey(s => s.CampaignId);
    }
}
