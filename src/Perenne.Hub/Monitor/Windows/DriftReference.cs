using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Monitor;

/// <summary>What a camera's production is compared with: the first observations of the model that decides there, or those after a change somebody called the new normal.</summary>
internal sealed class DriftReference : IOrganizationOwned
{
    public required Guid Id { get; init; }

    public required Guid OrganizationId { get; init; }

    public required Guid ProjectId { get; init; }

    public required string Camera { get; init; }

    /// <summary>Null: no model was loaded.</summary>
    public Guid? ModelVersionId { get; init; }

    /// <summary>Observations after this moment belong to it.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>Of its last observation; null while it still fills.</summary>
    public DateTimeOffset? To { get; set; }

    /// <summary>Observations to compare with; the policy said so when it began.</summary>
    public required int Size { get; init; }

    /// <summary>The longest pause between two of them, in hours: a camera that rests that long is no news.</summary>
    public double LongestPauseHours { get; set; }

    public int Wanted => Size + DriftRules.Fitting(Size);

    /// <summary>Observations so far.</summary>
    public int Seen { get; set; }

    public required DateTimeOffset MadeAt { get; init; }
}

internal sealed class DriftReferenceConfiguration : IEntityTypeConfiguration<DriftReference>
{
    public void Configure(EntityTypeBuilder<DriftReference> builder)
    {
        builder.ToTable("drift_references");
        builder.Property(r => r.Camera).HasMaxLength(200);
        builder.Ignore(r => r.Wanted);
        builder.HasOne<Organization>().WithMany().HasForeignKey(r => r.OrganizationId);
        builder.HasOne<Project>().WithMany().HasForeignKey(r => r.ProjectId);
        builder.HasIndex(r => new { r.ProjectId, r.OrganizationId, r.Camera, r.From }).IsUnique();
    }
}
