using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Annotate;

/// <summary>One person's answer to an image whose answer is known, compared with it.</summary>
internal sealed class GoldAnswer : IOrganizationOwned
{
    public required Guid TaskId { get; init; }

    public required Guid PersonId { get; init; }

    public required Guid CampaignId { get; init; }

    public required Guid OrganizationId { get; init; }

    public required int Matched { get; init; }

    /// <summary>Known shapes the person did not draw.</summary>
    public required int Missed { get; init; }

    /// <summary>Shapes of the person that are not known.</summary>
    public required int Invented { get; init; }

    /// <summary>0 to 1; 1 when both say "no defect".</summary>
    public required double F1 { get; init; }

    public required DateTimeOffset At { get; init; }
}

internal sealed class GoldAnswerConfiguration : IEntityTypeConfiguration<GoldAnswer>
{
    public void Configure(EntityTypeBuilder<GoldAnswer> builder)
    {
        builder.ToTable("gold_answers");
        builder.HasKey(g => new { g.TaskId, g.PersonId });
        builder.HasOne<AnnotationTask>().WithMany().HasForeignKey(g => g.TaskId);
        builder.HasIndex(g => new { g.CampaignId, g.PersonId });
    }
}
