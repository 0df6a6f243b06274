using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Datasets;

internal enum DatasetState
{
    Queued,
    Building,
    Ready,
    Failed,
    Cancelled,
}

/// <summary>
/// An immutable set of annotated images. It belongs to the project; who may see it is decided by <see cref="DatasetOrganization"/>: whoever
/// sees all of the organizations its images are from.
/// </summary>
internal sealed class DatasetVersion
{
    public required Guid Id { get; init; }

    public required Guid ProjectId { get; init; }

    /// <summary>Whose folder of the blob store holds the manifest: the project's owner.</summary>
    public required Guid OwnerOrganizationId { get; init; }

    /// <summary>1, 2, 3 … within the project.</summary>
    public required int Number { get; init; }

    public required string Name { get; set; }

    public string Notes { get; set; } = "";

    public required DatasetQuery Query { get; init; }

    public required SplitRule Split { get; init; }

    public required int OrganizationCount { get; init; }

    public DatasetState State { get; set; }

    /// <summary>The claim that builds it; a builder with another one changes nothing any more.</summary>
    public Guid Fence { get; set; }

    /// <summary>Images looked at so far, of <see cref="Expected"/>.</summary>
    public int Progress { get; set; }

    public int Expected { get; set; }

    /// <summary>SHA-256 of what is in it, whatever the file format: two versions with the same hash are the same set.</summary>
    public string? ContentHash { get; set; }

    /// <summary>SHA-256 of the manifest's file, which addresses the blob.</summary>
    public string? ManifestHash { get; set; }

    public long ManifestBytes { get; set; }

    public int Images { get; set; }

    public int Shapes { get; set; }

    public DatasetStatistics? Statistics { get; set; }

    public IReadOnlyList<DatasetWarning> Warnings { get; set; } = [];

    public string? Failure { get; set; }

    public required Guid CreatedBy { get; init; }

    public required string CreatedByName { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; set; }
}

/// <summary>An organization whose images are in a dataset version.</summary>
internal sealed class DatasetOrganization : IOrganizationOwned
{
    public required Guid DatasetVersionId { get; init; }

    public required Guid OrganizationId { get; init; }
}

/// <summary>How a project splits its images; written with its first dataset version and never changed, so that no image moves between train and test.</summary>
internal sealed class ProjectSplit
{
    public required Guid ProjectId { get; init; }

    public required SplitRule Rule { get; init; }

    public required DateTimeOffset FrozenAt { get; init; }
}

internal sealed class DatasetConfiguration : IEntityTypeConfiguration<DatasetVersion>, IEntityTypeConfiguration<DatasetOrganization>, IEntityTypeConfiguration<ProjectSplit>
{
    public void Configure(EntityTypeBuilder<DatasetVersion> builder)
    {
        builder.ToTable("dataset_versions");
        builder.Property(v => v.Name).HasMaxLength(200);
        builder.Property(v => v.CreatedByName).HasMaxLength(256);
        builder.Property(v => v.State).HasConversion<string>().HasMaxLength(16);
        builder.Property(v => v.ContentHash).HasMaxLength(64);
        builder.Property(v => v.ManifestHash).HasMaxLength(64);
        builder.Property(v => v.Failure).HasMaxLength(2000);
        builder.Property(v => v.Query).HasJson();
        builder.Property(v => v.Split).HasJson();
        builder.Property(v => v.Statistics!).HasJson().IsRequired(false);
        builder.Property(v => v.Warnings).HasJson();
        builder.HasOne<Project>().WithMany().HasForeignKey(v => v.ProjectId);
        builder.HasIndex(v => new { v.ProjectId, v.Number }).IsUnique();
    }

    public void Configure(EntityTypeBuilder<DatasetOrganization> builder)
    {
        builder.ToTable("dataset_organizations");
        builder.HasKey(o => new { o.DatasetVersionId, o.OrganizationId });
        builder.HasOne<DatasetVersion>().WithMany().HasForeignKey(o => o.DatasetVersionId);
        builder.HasOne<Organization>().WithMany().HasForeignKey(o => o.OrganizationId);
    }

    public void Configure(EntityTypeBuilder<ProjectSplit> builder)
    {
        builder.ToTable("project_splits");
        builder.HasKey(s => s.ProjectId);
        builder.Property(s => s.Rule).HasJson();
        builder.HasOne<Project>().WithMany().HasForeignKey(s => s.ProjectId);
    }
}

internal static class VisibleDatasets
{
    /// <summary>The project's versions of which the caller sees every organization; half a dataset would be another one.</summary>
    public static IQueryable<DatasetVersion> VisibleVersions(this HubDbContext db, Guid project) => db.Set<DatasetVersion>()
        .Where(v => v.ProjectId == project && db.Set<DatasetOrganization>().Count(o => o.DatasetVersionId == v.Id) == v.OrganizationCount);
}
