using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Share.Webhooks;

/// <summary>What a webhook can be told of; the names are part of the protocol (docs/webhooks.md).</summary>
internal static class WebhookEvents
{
    public const string Submitted = "annotation.submitted";
    public const string Accepted = "annotation.accepted";
    public const string Rejected = "annotation.rejected";
    public const string TargetReached = "campaign.target-reached";
    public const string AlertOpened = "alert.opened";
    public const string AlertResolved = "alert.resolved";

    /// <summary>Sent by hand to try a webhook; needs no subscription.</summary>
    public const string Ping = "ping";

    public static IReadOnlyList<string> All { get; } = [Submitted, Accepted, Rejected, TargetReached, AlertOpened, AlertResolved];
}

/// <summary>An address of another system that is told of events of one organization.</summary>
internal sealed class Webhook : IOrganizationOwned
{
    public required Guid Id { get; init; }

    public required Guid OrganizationId { get; init; }

    /// <summary>Null: all projects.</summary>
    public Guid? ProjectId { get; set; }

    public required string Name { get; set; }

    public required string Url { get; set; }

    public required string[] Events { get; set; }

    /// <summary>Encrypted with the hub's data protection keys: it must be readable to sign.</summary>
    public required string ProtectedSecret { get; set; }

    public bool IsEnabled { get; set; } = true;

    /// <summary>Why the hub switched it off; null when a person did.</summary>
    public string? DisabledReason { get; set; }

    /// <summary>Since when no delivery has succeeded; null while the last one did.</summary>
    public DateTimeOffset? FailingSince { get; set; }

    /// <summary>Attempts in a row that failed; with them the pause before the next one grows, for all deliveries.</summary>
    public int Failures { get; set; }

    public DateTimeOffset? PausedUntil { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }
}

internal enum DeliveryState
{
    Waiting,
    Delivered,
    GivenUp,
}

/// <summary>One event for one webhook: written in the transaction of the fact, sent afterwards as often as it takes.</summary>
internal sealed class WebhookDelivery : IOrganizationOwned
{
    public required Guid Id { get; init; }

    public required Guid OrganizationId { get; init; }

    public required Guid WebhookId { get; init; }

    public required string Event { get; init; }

    /// <summary>Exactly the bytes that are signed and sent, as UTF-8.</summary>
    public required string Body { get; init; }

    public DeliveryState State { get; set; }

    public int Attempts { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? TriedAt { get; set; }

    public DateTimeOffset? NextAt { get; set; }

    /// <summary>HTTP status of the last answer; null when there was none.</summary>
    public int? Status { get; set; }

    /// <summary>The beginning of the last answer, or why there was none.</summary>
    public string? Answer { get; set; }

    public int Milliseconds { get; set; }
}

internal sealed class WebhookConfiguration : IEntityTypeConfiguration<Webhook>, IEntityTypeConfiguration<WebhookDelivery>
{
    public void Configure(EntityTypeBuilder<Webhook> builder)
    {
        builder.ToTable("webhooks");
        builder.Property(w => w.Name).HasMaxLength(100);
        builder.Property(w => w.Url).HasMaxLength(2000);
        builder.Property(w => w.Events).HasJson();
        builder.Property(w => w.DisabledReason).HasMaxLength(500);
        builder.HasOne<Organization>().WithMany().HasForeignKey(w => w.OrganizationId);
        builder.HasIndex(w => new { w.OrganizationId, w.Id });
    }

    public void Configure(EntityTypeBuilder<WebhookDelivery> builder)
    {
        builder.ToTable("webhook_deliveries");
        builder.Property(d => d.Event).HasMaxLength(40);
        builder.Property(d => d.State).HasConversion<string>().HasMaxLength(16);
        builder.Property(d => d.Answer).HasMaxLength(1000);
        builder.HasOne<Webhook>().WithMany().HasForeignKey(d => d.WebhookId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(d => new { d.WebhookId, d.Id });
    }
}
