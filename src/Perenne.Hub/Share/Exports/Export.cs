using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Share.Exports;

internal enum ExportState
{
    Waiting,

    /// <summary>Reading images and annotations from the database, part by part.</summary>
    Reading,

    /// <summary>Writing the data set from the parts.</summary>
    Writing,
    Done,
    Failed,
    Cancelled,

    /// <summary>Its file was removed after the time it is kept.</summary>
    Expired,
}

internal enum ExportSource
{
    /// <summary>Accepted annotations only.</summary>
    GroundTruth,

    /// <summary>Where there is no ground truth, the newest submitted answer, and else what was imported.</summary>
    Newest,
}

/// <summary>What is exported. <see cref="Organizations"/> are those the caller could see when it was asked for.</summary>
internal sealed record ExportPlan(string Format, ExportSource Source, bool WithImages, bool WithUnanswered, Guid? CampaignId, Guid[] Organizations);

/// <summary>One line of the loss report.</summary>
internal sealed record ExportLoss(string Feature, long Count, string Sentence, IReadOnlyList<string> Examples);

/// <summary>An export in the background: what it has read so far is kept in parts, so that another process goes on where one died.</summary>
internal sealed class Export : IOrganizationOwned
{
    public required Guid Id { get; init; }

    /// <summary>The first of the plan's organizations; its blobs lie there. Shown only to who may see all of them.</summary>
    public required Guid OrganizationId { get; init; }

    public required Guid ProjectId { get; init; }

    public required ExportPlan Plan { get; init; }

    public ExportState State { get; set; }

    /// <summary>Images to look at.</summary>
    public long Total { get; set; }

    public long Read { get; set; }

    public long Written { get; set; }

    public long Annotations { get; set; }

    /// <summary>Parts kept so far; the next one begins behind <see cref="LastImage"/> in the organization of that number.</summary>
    public int Parts { get; set; }

    public int OrganizationNumber { get; set; }

    public Guid LastImage { get; set; }

    /// <summary>Label classes met so far, for documents older than the newest schema.</summary>
    public string[] Labels { get; set; } = [];

    /// <summary>SHA-256 of the archive; addresses it.</summary>
    public string? Hash { get; set; }

    public long Bytes { get; set; }

    public ExportLoss[] Losses { get; set; } = [];

    public string? Error { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required Guid CreatedBy { get; init; }

    public DateTimeOffset? FinishedAt { get; set; }

    public DateTimeOffset? ExpiresAt { get; set; }

    public bool IsRunning => State is ExportState.Waiting or ExportState.Reading or ExportState.Writing;
}

internal sealed class ExportConfiguration : IEntityTypeConfiguration<Export>
{
    public void Configure(EntityTypeBuilder<Export> builder)
    {
        builder.ToTable("exports");
        builder.Property(e => e.Plan).HasJson();
        builder.Property(e => e.Labels).HasJson();
        builder.Property(e => e.Losses).HasJson();
        builder.Property(e => e.State).HasConversion<string>().HasMaxLength(16);
        builder.Property(e => e.Hash).HasMaxLength(64);
        builder.Property(e => e.Error).HasMaxLength(2000);
        builder.HasOne<Project>().WithMany().HasForeignKey(e => e.ProjectId);
        builder.HasIndex(e => new { e.ProjectId, e.Id });
        builder.HasIndex(e => e.Hash);
    }
}
