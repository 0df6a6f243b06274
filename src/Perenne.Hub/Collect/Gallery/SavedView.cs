using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Perenne.Hub.Organizations;

namespace Perenne.Hub.Collect.Gallery;

/// <summary>A named filter of a project's gallery. Belongs to a person; shared ones are seen by everybody who sees the project. Holds no organization's data.</summary>
internal sealed class SavedView
{
    public required Guid Id { get; init; }

    public required Guid ProjectId { get; init; }

    public required Guid OwnerId { get; init; }

    public required string Name { get; set; }

    /// <summary>The gallery's query string without "?"; only known parameters.</summary>
    public required string Query { get; set; }

    public bool IsShared { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }
}

internal sealed class SavedViewConfiguration : IEntityTypeConfiguration<SavedView>
{
    public void Configure(EntityTypeBuilder<SavedView> builder)
    {
        builder.ToTable("saved_views");
        builder.Property(v => v.Name).HasMaxLength(100);
        builder.Property(v => v.Query).HasMaxLength(2000);
        builder.HasOne<Project>().WithMany().HasForeignKey(v => v.ProjectId);
        builder.HasIndex(v => new { v.ProjectId, v.OwnerId, v.Name }).IsUnique();
    }
}
