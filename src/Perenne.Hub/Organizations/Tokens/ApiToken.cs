using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Organizations;

/// <summary>A person's key for programs. It narrows its owner's rights, never widens them.</summary>
internal sealed class ApiToken
{
    public required Guid Id { get; init; }

    public required Guid UserId { get; init; }

    public required string Name { get; init; }

    /// <summary>The first characters, so that a leaked or forgotten token can be told from the others.</summary>
    public required string Start { get; init; }

    public required byte[] Hash { get; init; }

    public required List<TokenScope> Scopes { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Written at most once a minute.</summary>
    public DateTimeOffset? LastUsedAt { get; set; }

    public DateTimeOffset? RevokedAt { get; set; }
}

internal sealed class ApiTokenConfiguration : IEntityTypeConfiguration<ApiToken>
{
    public void Configure(EntityTypeBuilder<ApiToken> builder)
    {
        builder.ToTable("api_tokens");
        builder.Property(t => t.Name).HasMaxLength(100);
        builder.Property(t => t.Start).HasMaxLength(16);
        builder.Property(t => t.Hash).HasMaxLength(32);
        builder.PrimitiveCollection(t => t.Scopes).ElementType().HasConversion<string>();
        builder.HasOne<User>().WithMany().HasForeignKey(t => t.UserId);
        builder.HasIndex(t => t.Hash).IsUnique();
        builder.HasIndex(t => t.UserId);
    }
}
