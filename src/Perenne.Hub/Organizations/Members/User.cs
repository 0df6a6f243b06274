using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Perenne.Hub.Organizations;

/// <summary>A person. Belongs to no organization; memberships do.</summary>
internal sealed class User : IdentityUser<Guid>
{
    public string DisplayName { get; set; } = "";

    /// <summary>"en" or "fr"; null follows the browser.</summary>
    public string? Language { get; set; }

    /// <summary>"light" or "dark"; null follows the system.</summary>
    public string? Theme { get; set; }

    /// <summary>IANA name; null follows the organization.</summary>
    public string? TimeZone { get; set; }

    public bool IsInstanceAdministrator { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? LastSeenAt { get; set; }

    public DateTimeOffset? DisabledAt { get; set; }
}

internal sealed class UserConfiguration : IEntityTypeConfiguration<User>
{
    public void Configure(EntityTypeBuilder<User> builder)
    {
        builder.ToTable("users");
        builder.Property(u => u.DisplayName).HasMaxLength(200);
        builder.Property(u => u.Language).HasMaxLength(8);
        builder.Property(u => u.Theme).HasMaxLength(8);
        builder.Property(u => u.TimeZone).HasMaxLength(64);
    }
}
