using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Collect.Uploads;

/// <summary>A large file that comes in pieces. Each piece is a blob, so any hub process can take the next one.</summary>
internal sealed class Upload : IOrganizationOwned
{
    public required Guid Id { get; init; }

    public required Guid OrganizationId { get; init; }

    public required Guid ProjectId { get; init; }

    public required Guid OwnerId { get; init; }

    public required long Length { get; init; }

    /// <summary>Bytes received; the next piece starts here.</summary>
    public long Offset { get; set; }

    /// <summary>Start offsets of the pieces, in order.</summary>
    public List<long> Pieces { get; init; } = [];

    /// <summary>Arrival facts as JSON.</summary>
    public required string Facts { get; init; }

    public required DateTimeOffset ExpiresAt { get; set; }

    /// <summary>The verdict once all bytes were there, as JSON; asking again gives it again.</summary>
    public string? Verdict { get; set; }
}

internal sealed class UploadConfiguration : IEntityTypeConfiguration<Upload>
{
    public void Configure(EntityTypeBuilder<Upload> builder)
    {
        builder.ToTable("uploads");
        builder.Property(u => u.Offset).IsConcurrencyToken();
        builder.HasIndex(u => u.ExpiresAt);
    }
}
