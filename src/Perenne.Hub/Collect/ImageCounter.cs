using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Collect;

/// <summary>Images per organization, project and quality, kept up in the transaction of every change: counting a million rows costs one.</summary>
internal sealed class ImageCounter : IOrganizationOwned
{
    public required Guid ProjectId { get; init; }

    public required Guid OrganizationId { get; init; }

    public required ImageQuality Quality { get; init; }

    public required long Count { get; set; }
}

internal sealed class ImageCounterConfiguration : IEntityTypeConfiguration<ImageCounter>
{
    public void Configure(EntityTypeBuilder<ImageCounter> builder)
    {
        builder.ToTable("image_counters");
        builder.HasKey(c => new { c.ProjectId, c.OrganizationId, c.Quality });
    }
}

internal static class ImageCounters
{
    /// <summary>Inside the caller's transaction. The row is locked until it ends: call it last.</summary>
    public static Task AddAsync(HubDbContext db, Guid project, Guid organization, ImageQuality quality, long difference, CancellationToken cancel) =>
        db.Database.ExecuteSqlAsync($"""
            INSERT INTO image_counters (project_id, organization_id, quality, count) VALUES ({project}, {organization}, {(int)quality}, {difference})
            ON CONFLICT (project_id, organization_id, quality) DO UPDATE SET count = image_counters.count + excluded.count
            """, cancel);
}
