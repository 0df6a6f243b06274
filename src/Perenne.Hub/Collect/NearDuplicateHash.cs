using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Collect;

/// <summary>A perceptual hash seen in a project of an organization. A thousand black images are one row: the index does not degrade.</summary>
internal sealed class NearDuplicateHash : IOrganizationOwned
{
    public required Guid ProjectId { get; init; }

    public required Guid OrganizationId { get; init; }

    public required long Hash { get; init; }

    public required Guid FirstImageId { get; init; }

    /// <summary>Null while one single image has this hash and no neighbour.</summary>
    public Guid? ClusterId { get; set; }
}

/// <summary>A quarter of a hash: two hashes within 7 bits agree in one quarter up to one flipped bit.</summary>
internal sealed class HashBand : IOrganizationOwned
{
    public required Guid ProjectId { get; init; }

    public required Guid OrganizationId { get; init; }

    /// <summary>Which quarter (bits 16 and 17) and its 16 bits.</summary>
    public required int Bucket { get; init; }

    public required long Hash { get; init; }
}

internal sealed class NearDuplicateConfiguration : IEntityTypeConfiguration<NearDuplicateHash>, IEntityTypeConfiguration<HashBand>
{
    public void Configure(EntityTypeBuilder<NearDuplicateHash> builder)
    {
        builder.ToTable("near_duplicate_hashes");
        builder.HasKey(h => new { h.ProjectId, h.OrganizationId, h.Hash });
        builder.HasIndex(h => new { h.ProjectId, h.OrganizationId, h.ClusterId });
    }

    public void Configure(EntityTypeBuilder<HashBand> builder)
    {
        builder.ToTable("hash_bands");
        builder.HasKey(b => new { b.ProjectId, b.OrganizationId, b.Bucket, b.Hash });
    }
}
