using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Progress;

/// <summary>What an organization expects of itself in a project: what changes there, and who annotates. Capacity is planned from it.</summary>
internal sealed class PlantOutlook : IOrganizationOwned
{
    public required Guid ProjectId { get; init; }

    public required Guid OrganizationId { get; init; }

    /// <summary>Lines or halls with a camera of their own.</summary>
    public required int Sites { get; set; }

    /// <summary>Product variants at each.</summary>
    public required int Variants { get; set; }

    /// <summary>Of a variant, its light or its defects.</summary>
    public required double ChangesPerYear { get; set; }

    /// <summary>People who can annotate.</summary>
    public required int Annotators { get; set; }

    /// <summary>A week that each of them has for it.</summary>
    public required double HoursPerAnnotator { get; set; }

    public required string SavedByName { get; set; }

    public required DateTimeOffset SavedAt { get; set; }
}

internal sealed class PlantOutlookConfiguration : IEntityTypeConfiguration<PlantOutlook>
{
    public void Configure(EntityTypeBuilder<PlantOutlook> builder)
    {
        builder.ToTable("plant_outlooks");
        builder.HasKey(o => new { o.ProjectId, o.OrganizationId });
        builder.Property(o => o.SavedByName).HasMaxLength(200);
        builder.HasOne<Project>().WithMany().HasForeignKey(o => o.ProjectId);
    }
}
