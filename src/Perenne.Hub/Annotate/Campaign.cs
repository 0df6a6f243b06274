using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Perenne.Hub.Collect.Gallery;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Annotate;

internal enum CampaignState
{
    Draft,
    Running,
    Paused,
    Finished,
}

/// <summary>A stream of annotation work over one project's images in one organization. All of it may be changed while it runs.</summary>
internal sealed class Campaign : IOrganizationOwned
{
    public required Guid Id { get; init; }

    public required Guid OrganizationId { get; init; }

    public required Guid ProjectId { get; init; }

    /// <summary>Campaigns made in one go for several organizations share it.</summary>
    public Guid? GroupId { get; init; }

    public required string Name { get; set; }

    /// <summary>Markdown, one key away while annotating.</summary>
    public string Guidelines { get; set; } = "";

    public CampaignState State { get; set; }

    /// <summary>Images to be finished.</summary>
    public required int Target { get; set; }

    public DateOnly? DueOn { get; set; }

    /// <summary>Which images of the project it takes, now and at each top-up; null while they are given one by one.</summary>
    public ImageFilter? Filter { get; set; }

    public required CampaignRules Rules { get; set; }

    /// <summary>Decides random order, overlap and review samples: the same images whenever it is computed.</summary>
    public required long Seed { get; init; }

    /// <summary>Grows whenever a slot may have become available again; readers' cursors of an older epoch are dropped.</summary>
    public int Epoch { get; set; }

    /// <summary>The next place in the queue; tasks added later come after those before them.</summary>
    public long NextPlace { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required Guid CreatedBy { get; init; }

    public DateTimeOffset? FinishedAt { get; set; }
}

internal sealed class CampaignConfiguration : IEntityTypeConfiguration<Campaign>
{
    public void Configure(EntityTypeBuilder<Campaign> builder)
    {
        builder.ToTable("campaigns");
        builder.Property(c => c.Name).HasMaxLength(200);
        builder.Property(c => c.State).HasConversion<string>().HasMaxLength(16);
        builder.Property(c => c.Rules).HasJson();
        builder.Property(c => c.Filter!).HasJson().IsRequired(false);
        builder.HasOne<Organization>().WithMany().HasForeignKey(c => c.OrganizationId);
        builder.HasOne<Project>().WithMany().HasForeignKey(c => c.ProjectId);
        builder.HasIndex(c => new { c.ProjectId, c.OrganizationId, c.State });
    }
}
