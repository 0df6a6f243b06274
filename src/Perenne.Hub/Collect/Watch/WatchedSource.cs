using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Collect.Watch;

internal enum WatchedKind
{
    Folder,
    Bucket,
}

/// <summary>What becomes of a file that was taken in.</summary>
internal enum AfterTaking
{
    /// <summary>Stays; remembered, so that it is not taken twice.</summary>
    Keep,

    /// <summary>Moved below "done/" or "refused/".</summary>
    Move,
}

/// <summary>A folder or bucket prefix from which images of one organization and project are taken as they appear.</summary>
internal sealed class WatchedSource : IOrganizationOwned
{
    public required Guid Id { get; init; }

    public required Guid OrganizationId { get; init; }

    public required Guid ProjectId { get; init; }

    public required WatchedKind Kind { get; init; }

    /// <summary>Below the organization's own folder or prefix, so that no plant reads another's.</summary>
    public required string Path { get; init; }

    public string? Camera { get; set; }

    public string? Station { get; set; }

    public required AfterTaking After { get; set; }

    public bool IsPaused { get; set; }

    public DateTimeOffset? LookedAt { get; set; }

    public long Taken { get; set; }

    public string? Problem { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>A file that was seen. Its stamp changes when the file is written again.</summary>
internal sealed class WatchedFile : IOrganizationOwned
{
    public required Guid SourceId { get; init; }

    public required Guid OrganizationId { get; init; }

    public required string Path { get; init; }

    /// <summary>Size and time of change; taken when two looks agree on it.</summary>
    public required string Stamp { get; set; }

    public required DateTimeOffset SeenAt { get; set; }

    /// <summary>Null while it settles; "stored", "duplicate" or the sentence of its refusal.</summary>
    public string? Outcome { get; set; }
}

internal sealed class WatchedSourceConfiguration : IEntityTypeConfiguration<WatchedSource>, IEntityTypeConfiguration<WatchedFile>
{
    public void Configure(EntityTypeBuilder<WatchedSource> builder)
    {
        builder.ToTable("watched_sources");
        builder.Property(s => s.Kind).HasConversion<string>().HasMaxLength(16);
        builder.Property(s => s.After).HasConversion<string>().HasMaxLength(16);
        builder.Property(s => s.Path).HasMaxLength(400);
        builder.Property(s => s.Camera).HasMaxLength(200);
        builder.Property(s => s.Station).HasMaxLength(200);
        builder.HasOne<Project>().WithMany().HasForeignKey(s => s.ProjectId);
        builder.HasIndex(s => new { s.OrganizationId, s.ProjectId, s.Kind, s.Path }).IsUnique();
    }

    public void Configure(EntityTypeBuilder<WatchedFile> builder)
    {
        builder.ToTable("watched_files");
        builder.HasKey(f => new { f.SourceId, f.Path });
        builder.Property(f => f.Path).HasMaxLength(900);
        builder.Property(f => f.Stamp).HasMaxLength(100);
        builder.HasOne<WatchedSource>().WithMany().HasForeignKey(f => f.SourceId);
    }
}
