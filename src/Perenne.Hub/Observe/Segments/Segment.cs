using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Perenne.Hub.Deploy;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Observe;

/// <summary>A Parquet file of observations as its station sent it; taken exactly once by station and number.</summary>
internal sealed class Segment : IOrganizationOwned
{
    public required Guid Id { get; init; }

    public required Guid OrganizationId { get; init; }

    public required Guid StationId { get; init; }

    /// <summary>Counted by the station, from 1.</summary>
    public required long Number { get; init; }

    public required string Sha256 { get; init; }

    public required long Bytes { get; init; }

    public required int Rows { get; init; }

    public required long FirstSequence { get; init; }

    public required long LastSequence { get; init; }

    /// <summary>Capture time of the oldest observation; its day is the segment's day.</summary>
    public required DateTimeOffset FirstAt { get; init; }

    public required DateTimeOffset LastAt { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>The day file that holds the same rows; the segment's own file may go then.</summary>
    public Guid? DayId { get; set; }

    /// <summary>When the rows were deleted by the retention rule; the row stays, so that the number is never taken again.</summary>
    public DateTimeOffset? DroppedAt { get; set; }

    public List<SegmentFigure> Figures { get; init; } = [];
}

/// <summary>What one segment says of one deployment in one hour, so that bounds are watched without opening a file.</summary>
internal sealed class SegmentFigure : IOrganizationOwned
{
    public required Guid Id { get; init; }

    public required Guid OrganizationId { get; init; }

    public required Guid SegmentId { get; init; }

    public required Guid StationId { get; init; }

    /// <summary>Null: the station had no plan yet.</summary>
    public Guid? ProjectId { get; init; }

    public Guid? DeploymentId { get; init; }

    public Guid? ModelVersionId { get; init; }

    /// <summary>As in the column: active, canary, shadow.</summary>
    public required string Role { get; init; }

    /// <summary>Start of the hour of capture, UTC.</summary>
    public required DateTimeOffset Hour { get; init; }

    public int Frames { get; set; }

    public int NotOk { get; set; }

    public int CannotJudge { get; set; }

    /// <summary>Frames on which the model itself failed; part of <see cref="CannotJudge"/>.</summary>
    public int Errors { get; set; }

    /// <summary>Frames that another model judged too, and both could.</summary>
    public int Compared { get; set; }

    public int Disagreed { get; set; }

    public LatencyBins Latency { get; set; } = new([]);
}

internal sealed class SegmentConfiguration : IEntityTypeConfiguration<Segment>, IEntityTypeConfiguration<SegmentFigure>
{
    public void Configure(EntityTypeBuilder<Segment> builder)
    {
        builder.ToTable("segments");
        builder.Property(s => s.Sha256).HasMaxLength(64);
        builder.HasOne<Station>().WithMany().HasForeignKey(s => s.StationId);
        builder.HasOne<LakeDay>().WithMany().HasForeignKey(s => s.DayId);
        builder.HasMany(s => s.Figures).WithOne().HasForeignKey(f => f.SegmentId);
        builder.HasIndex(s => new { s.StationId, s.Number }).IsUnique();
        builder.HasIndex(s => new { s.OrganizationId, s.FirstAt });
    }

    public void Configure(EntityTypeBuilder<SegmentFigure> builder)
    {
        builder.ToTable("segment_figures");
        builder.Property(f => f.Role).HasMaxLength(16);
        builder.Property(f => f.Latency).HasJson();
        builder.HasIndex(f => new { f.OrganizationId, f.ProjectId, f.Hour });
        builder.HasIndex(f => new { f.DeploymentId, f.Hour });
    }
}
