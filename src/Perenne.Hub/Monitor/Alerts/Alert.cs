using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Monitor;

internal enum AlertState
{
    Open,

    /// <summary>Somebody looks into it.</summary>
    Acknowledged,

    /// <summary>Known, and nobody wants to hear of it until then.</summary>
    Muted,

    Resolved,
}

/// <summary>Something a person should know, once per cause: what a camera shows for one reason is one alert, however many signals moved and however long it lasts.</summary>
internal sealed class Alert : IOrganizationOwned
{
    public required Guid Id { get; init; }

    public required Guid OrganizationId { get; init; }

    public required Guid ProjectId { get; init; }

    /// <summary>What it is about, <c>drift/CAMERA</c>; other watchers have words of their own. Null once resolved: the next one may open.</summary>
    public string? OpenKey { get; set; }

    /// <summary>The kind of the watcher: <c>drift</c>.</summary>
    public required string Kind { get; init; }

    public string? Camera { get; init; }

    /// <summary>In the watcher's words, as it stands now.</summary>
    public required string Cause { get; set; }

    public AlertState State { get; set; }

    public Guid? OwnerId { get; set; }

    public string? OwnerName { get; set; }

    public DateTimeOffset? MutedUntil { get; set; }

    /// <summary>Since when it shows in production.</summary>
    public required DateTimeOffset Since { get; init; }

    public required DateTimeOffset OpenedAt { get; init; }

    public required DateTimeOffset LastSeenAt { get; set; }

    public DateTimeOffset? ResolvedAt { get; set; }

    /// <summary>Why it is over; <c>recovered</c> where the watcher saw it.</summary>
    public string? ResolvedBecause { get; set; }

    /// <summary>The newest report that shows it.</summary>
    public Guid? ReportId { get; set; }
}

internal sealed class AlertConfiguration : IEntityTypeConfiguration<Alert>
{
    public void Configure(EntityTypeBuilder<Alert> builder)
    {
        builder.ToTable("alerts");
        builder.Property(a => a.OpenKey).HasMaxLength(260);
        builder.Property(a => a.Kind).HasMaxLength(32);
        builder.Property(a => a.Camera).HasMaxLength(200);
        builder.Property(a => a.Cause).HasMaxLength(64);
        builder.Property(a => a.State).HasConversion<string>().HasMaxLength(20);
        builder.Property(a => a.OwnerName).HasMaxLength(200);
        builder.Property(a => a.ResolvedBecause).HasMaxLength(500);
        builder.HasOne<Organization>().WithMany().HasForeignKey(a => a.OrganizationId);
        builder.HasOne<Project>().WithMany().HasForeignKey(a => a.ProjectId);
        builder.HasIndex(a => new { a.ProjectId, a.OrganizationId, a.OpenKey }).IsUnique();
        builder.HasIndex(a => new { a.ProjectId, a.State, a.OpenedAt });
    }
}
