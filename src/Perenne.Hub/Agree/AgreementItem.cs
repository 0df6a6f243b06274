using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Perenne.Hub.Annotate;
using Perenne.Hub.Shared.Data;
using Perenne.Vision.Agreement;

namespace Perenne.Hub.Agree;

/// <summary>Two people's answers to one image, compared.</summary>
/// <param name="First">The one whose id sorts first.</param>
/// <param name="Matched">Shapes of the same class that overlap (IoU 0.5 or more).</param>
/// <param name="SumIou">Of the matched shapes.</param>
/// <param name="SameAnswer">Both see a defect or both see none.</param>
internal sealed record PersonPair(Guid First, Guid Second, int Matched, int OnlyFirst, int OnlySecond, double SumIou, bool SameAnswer);

/// <param name="Says">A label class, or "defect", "no defect", "nothing here".</param>
internal sealed record PeopleCamp(string Says, IReadOnlyList<Guid> People);

/// <summary>How far the people agree who answered one task. Written by the transaction of the submit, so that agreement is never behind.</summary>
internal sealed class AgreementItem : IOrganizationOwned
{
    public required Guid TaskId { get; init; }

    public required Guid OrganizationId { get; init; }

    public required Guid ProjectId { get; init; }

    public required Guid CampaignId { get; init; }

    public required Guid ImageId { get; init; }

    public int Answers { get; set; }

    /// <summary>Of <see cref="Answers"/>, those that see a defect.</summary>
    public int SeeDefect { get; set; }

    /// <summary>Over all pairs of people; null when nobody drew anything.</summary>
    public double? F1 { get; set; }

    public IReadOnlyList<PersonPair> Pairs { get; set; } = [];

    /// <summary>The most serious contradiction; null when there is none.</summary>
    public ContradictionKind? Kind { get; set; }

    /// <summary>Contradicting pairs of people × weight of the kind; 0 when they agree. See <see cref="Contradiction"/>.</summary>
    public int Score { get; set; }

    public IReadOnlyList<PeopleCamp> Camps { get; set; } = [];

    /// <summary>How many contradictions the image has.</summary>
    public int Contradictions { get; set; }

    /// <summary>A person decided about this image since.</summary>
    public bool IsSettled { get; set; }

    public DateTimeOffset At { get; set; }
}

/// <summary>Sums over the images that two people both answered in a campaign; grown by the same transactions.</summary>
internal sealed class AgreementTotal : IOrganizationOwned
{
    public required Guid CampaignId { get; init; }

    public required Guid First { get; init; }

    public required Guid Second { get; init; }

    public required Guid OrganizationId { get; init; }

    public int Images { get; set; }

    public int SameAnswers { get; set; }

    public int Matched { get; set; }

    public int OnlyFirst { get; set; }

    public int OnlySecond { get; set; }

    public double SumIou { get; set; }
}

internal sealed class AgreementConfiguration : IEntityTypeConfiguration<AgreementItem>, IEntityTypeConfiguration<AgreementTotal>
{
    public void Configure(EntityTypeBuilder<AgreementItem> builder)
    {
        builder.ToTable("agreement_items");
        builder.HasKey(i => i.TaskId);
        builder.Property(i => i.Pairs).HasJson();
        builder.Property(i => i.Camps).HasJson();
        builder.Property(i => i.Kind).HasConversion<string>().HasMaxLength(16);
        builder.HasOne<AnnotationTask>().WithMany().HasForeignKey(i => i.TaskId);
        builder.HasIndex(i => new { i.ProjectId, i.At });
        builder.HasIndex(i => new { i.CampaignId, i.At });
        builder.HasIndex(i => new { i.ProjectId, i.Score, i.TaskId }).HasFilter("score > 0");
        builder.HasIndex(i => new { i.CampaignId, i.Score, i.TaskId }).HasFilter("score > 0");
    }

    public void Configure(EntityTypeBuilder<AgreementTotal> builder)
    {
        builder.ToTable("agreement_totals");
        builder.HasKey(t => new { t.CampaignId, t.First, t.Second });
        builder.HasOne<Campaign>().WithMany().HasForeignKey(t => t.CampaignId);
    }
}
