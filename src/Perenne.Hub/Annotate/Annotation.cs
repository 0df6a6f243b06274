using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Perenne.Contracts.Annotation;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Annotate;

internal enum AnnotationSource
{
    Person,
    Import,
    Model,
    Consensus,
}

/// <summary>What one author says of one image. Its history is append-only; <see cref="Document"/> is its newest state.</summary>
internal sealed class Annotation : IOrganizationOwned
{
    public required Guid Id { get; init; }

    public required Guid OrganizationId { get; init; }

    public required Guid ProjectId { get; init; }

    public required Guid ImageId { get; init; }

    /// <summary>Null for imports, proposals and consensus.</summary>
    public Guid? TaskId { get; init; }

    public required AnnotationSource Source { get; init; }

    /// <summary>The person; null for models and imports without a known author.</summary>
    public Guid? AuthorId { get; init; }

    /// <summary>Number of the newest revision; the optimistic lock.</summary>
    public int Revision { get; set; }

    public required AnnotationDocument Document { get; set; }

    /// <summary>Shapes in the document, for lists and filters.</summary>
    public int Shapes { get; set; }

    /// <summary>Of a model's proposals: how unsure it is of the image, 0 to 1. Null where it gives no scores, and for everybody else's.</summary>
    public double? Uncertainty { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ChangedAt { get; set; }
}

internal enum RevisionKind
{
    /// <summary>Autosave: holds the operations only.</summary>
    Draft,
    Submitted,

    /// <summary>Edited by a reviewer; the author stays the author.</summary>
    Fixed,
    Imported,
    Restored,
    Consensus,
}

/// <summary>One step of an annotation's history; never changed, never removed.</summary>
internal sealed class AnnotationRevision : IOrganizationOwned
{
    public required Guid Id { get; init; }

    public required Guid OrganizationId { get; init; }

    public required Guid AnnotationId { get; init; }

    public required int Number { get; init; }

    public required RevisionKind Kind { get; init; }

    /// <summary>Who made this step: the author or a reviewer; null for imports and models.</summary>
    public Guid? MadeBy { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>The operations of a draft, as JSON.</summary>
    public string? Operations { get; init; }

    /// <summary>The whole document, except for drafts.</summary>
    public AnnotationDocument? Document { get; init; }
}

/// <summary>An operation that has been applied: the same id again changes nothing.</summary>
internal sealed class AppliedOperation : IOrganizationOwned
{
    public required Guid AnnotationId { get; init; }

    public required string OperationId { get; init; }

    public required Guid OrganizationId { get; init; }

    public required int Revision { get; init; }
}

internal sealed class AnnotationConfiguration : IEntityTypeConfiguration<Annotation>, IEntityTypeConfiguration<AnnotationRevision>, IEntityTypeConfiguration<AppliedOperation>
{
    public void Configure(EntityTypeBuilder<Annotation> builder)
    {
        builder.ToTable("annotations");
        builder.Property(a => a.Source).HasConversion<string>().HasMaxLength(16);
        builder.Property(a => a.Revision).IsConcurrencyToken();
        builder.Property(a => a.Document).HasDocument();
        builder.HasOne<Project>().WithMany().HasForeignKey(a => a.ProjectId);
        builder.HasIndex(a => new { a.TaskId, a.AuthorId }).IsUnique().HasFilter("task_id IS NOT NULL");
        builder.HasIndex(a => new { a.ImageId, a.Source });
        builder.HasIndex(a => new { a.ProjectId, a.ChangedAt, a.Id });
        builder.HasIndex(a => new { a.ProjectId, a.Uncertainty }).HasFilter("uncertainty IS NOT NULL");
        builder.HasIndex(a => new { a.AuthorId, a.ChangedAt }).HasFilter("author_id IS NOT NULL");
    }

    public void Configure(EntityTypeBuilder<AnnotationRevision> builder)
    {
        builder.ToTable("annotation_revisions");
        builder.Property(r => r.Kind).HasConversion<string>().HasMaxLength(16);
        builder.Property(r => r.Document).HasDocument();
        builder.HasOne<Annotation>().WithMany().HasForeignKey(r => r.AnnotationId);
        builder.HasIndex(r => new { r.AnnotationId, r.Number }).IsUnique();
    }

    public void Configure(EntityTypeBuilder<AppliedOperation> builder)
    {
        builder.ToTable("applied_operations");
        builder.HasKey(o => new { o.AnnotationId, o.OperationId });
        builder.Property(o => o.OperationId).HasMaxLength(64);
        builder.HasOne<Annotation>().WithMany().HasForeignKey(o => o.AnnotationId);
    }
}
