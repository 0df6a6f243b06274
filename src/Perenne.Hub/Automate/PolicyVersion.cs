using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Perenne.Hub.Organizations;

namespace Perenne.Hub.Automate;

/// <summary>One saved policy of a project; the highest number is in force. As the label schema, it belongs to the project and not to one of its organizations.</summary>
internal sealed class PolicyVersion
{
    public required Guid Id { get; init; }

    public required Guid ProjectId { get; init; }

    public required int Number { get; init; }

    /// <summary>The document as written, comments included.</summary>
    public required string Yaml { get; init; }

    public required Guid SavedBy { get; init; }

    public required string SavedByName { get; init; }

    public required DateTimeOffset At { get; init; }
}

internal sealed class PolicyVersionConfiguration : IEntityTypeConfiguration<PolicyVersion>
{
    public void Configure(EntityTypeBuilder<PolicyVersion> builder)
    {
        builder.ToTable("policy_versions");
        builder.Property(p => p.Yaml).HasMaxLength(PolicyYaml.LongestDocument);
        builder.Property(p => p.SavedByName).HasMaxLength(200);
        builder.HasOne<Project>().WithMany().HasForeignKey(p => p.ProjectId);
        builder.HasIndex(p => new { p.ProjectId, p.Number }).IsUnique();
    }
}
