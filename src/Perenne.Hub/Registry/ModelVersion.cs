using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Perenne.Contracts.Models;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Registry;

internal enum ModelSource
{
    Run,
    Upload,
}

/// <summary>A model package of a project: its description here, its network as a blob. Never changed; notes, aliases and retirement are about it.</summary>
internal sealed class ModelVersion
{
    public required Guid Id { get; init; }

    public required Guid ProjectId { get; init; }

    /// <summary>Whose folder of the blob store holds the network: the project's owner.</summary>
    public required Guid OwnerOrganizationId { get; init; }

    /// <summary>1, 2, 3 … within the project.</summary>
    public required int Number { get; init; }

    public required string Name { get; set; }

    public required ModelSource Source { get; init; }

    /// <summary>The run that made it: at most one version for each.</summary>
    public Guid? RunId { get; init; }

    public Guid? DatasetVersionId { get; init; }

    /// <summary>The version the training started from.</summary>
    public Guid? ParentId { get; init; }

    public required ModelTask Task { get; init; }

    /// <summary>SHA-256 of <c>model.onnx</c>, which addresses the blob.</summary>
    public required string Sha256 { get; init; }

    public required long OnnxBytes { get; init; }

    /// <summary><c>model.json</c>, byte for byte as stations and stations' signatures see it.</summary>
    public required string Manifest { get; init; }

    public string Notes { get; set; } = "";

    /// <summary>Its network was removed to save space; the description and the figures stay.</summary>
    public DateTimeOffset? RetiredAt { get; set; }

    public required Guid CreatedBy { get; init; }

    public required string CreatedByName { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

internal enum ModelAlias
{
    /// <summary>The model that is trusted.</summary>
    Champion,

    /// <summary>Measured beside it.</summary>
    Challenger,

    /// <summary>Waits for its gate.</summary>
    Candidate,
}

/// <summary>An alias was given or taken; the newest of each alias holds, the older ones are its history.</summary>
internal sealed class ModelAliasChange
{
    public required Guid Id { get; init; }

    public required Guid ProjectId { get; init; }

    public required ModelAlias Alias { get; init; }

    /// <summary>Counts up for each alias of a project: two people who promote at once are told apart by it.</summary>
    public required int Number { get; init; }

    /// <summary>Null: taken away.</summary>
    public Guid? ModelVersionId { get; init; }

    public string Reason { get; init; } = "";

    public required Guid By { get; init; }

    public required string ByName { get; init; }

    public required DateTimeOffset At { get; init; }
}

internal sealed class RegistryConfiguration : IEntityTypeConfiguration<ModelVersion>, IEntityTypeConfiguration<ModelAliasChange>
{
    public void Configure(EntityTypeBuilder<ModelVersion> builder)
    {
        builder.ToTable("model_versions");
        builder.Property(m => m.Name).HasMaxLength(200);
        builder.Property(m => m.Source).HasConversion<string>().HasMaxLength(16);
        builder.Property(m => m.Task).HasConversion<string>().HasMaxLength(16);
        builder.Property(m => m.Sha256).HasMaxLength(64);
        builder.Property(m => m.CreatedByName).HasMaxLength(256);
        builder.HasOne<Project>().WithMany().HasForeignKey(m => m.ProjectId);
        builder.HasIndex(m => new { m.ProjectId, m.Number }).IsUnique();
        builder.HasIndex(m => m.RunId).IsUnique();
        builder.HasIndex(m => new { m.OwnerOrganizationId, m.Sha256 });
    }

    public void Configure(EntityTypeBuilder<ModelAliasChange> builder)
    {
        builder.ToTable("model_alias_changes");
        builder.Property(a => a.Alias).HasConversion<string>().HasMaxLength(16);
        builder.Property(a => a.Reason).HasMaxLength(1000);
        builder.Property(a => a.ByName).HasMaxLength(256);
        builder.HasOne<Project>().WithMany().HasForeignKey(a => a.ProjectId);
        builder.HasOne<ModelVersion>().WithMany().HasForeignKey(a => a.ModelVersionId);
        builder.HasIndex(a => new { a.ProjectId, a.Alias, a.Number }).IsUnique();
    }
}

internal static class CurrentAliases
{
    /// <summary>What each alias of the project points to now.</summary>
    public static IQueryable<ModelAliasChange> CurrentOf(this HubDbContext db, Guid project) => db.Set<ModelAliasChange>().AsNoTracking()
        .Where(a => a.ProjectId == project && a.ModelVersionId != null && !db.Set<ModelAliasChange>().Any(later => later.ProjectId == project && later.Alias == a.Alias && later.Number > a.Number));
}
