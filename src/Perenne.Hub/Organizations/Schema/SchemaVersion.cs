using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Perenne.Hub.Organizations;

/// <summary>An immutable version of a project's label schema. The pair of project and number is unique, which is what two editors race for.</summary>
internal sealed class SchemaVersion
{
    public required Guid Id { get; init; }

    public required Guid ProjectId { get; init; }

    /// <summary>1, 2, 3 …</summary>
    public required int Number { get; init; }

    public required IReadOnlyList<LabelClass> Classes { get; init; }

    public string Comment { get; init; } = "";

    public required Guid CreatedBy { get; init; }

    public required string CreatedByName { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

internal sealed class SchemaVersionConfiguration : IEntityTypeConfiguration<SchemaVersion>
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    // A version is never edited, so the same list is the same version.
    private static readonly ValueComparer<IReadOnlyList<LabelClass>> Immutable = new((a, b) => ReferenceEquals(a, b), list => list.GetHashCode(), list => list);

    public void Configure(EntityTypeBuilder<SchemaVersion> builder)
    {
        builder.ToTable("schema_versions");
        builder.Property(v => v.Classes).HasConversion(classes => Write(classes), json => Read(json), Immutable);
        builder.Property(v => v.Comment).HasMaxLength(1000);
        builder.Property(v => v.CreatedByName).HasMaxLength(256);
        builder.HasOne<Project>().WithMany().HasForeignKey(v => v.ProjectId);
        builder.HasIndex(v => new { v.ProjectId, v.Number }).IsUnique();
    }

    private static string Write(IReadOnlyList<LabelClass> classes) => JsonSerializer.Serialize(classes, Json);

    private static List<LabelClass> Read(string json) => JsonSerializer.Deserialize<List<LabelClass>>(json, Json)!;
}
