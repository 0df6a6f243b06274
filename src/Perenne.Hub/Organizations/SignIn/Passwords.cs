using Microsoft.AspNetCore.Identity;
using Perenne.Hub.Shared.Results;

namespace Perenne.Hub.Organizations;

internal static class Passwords
{
    /// <summary>Identity's complaints as invalid input, by the field they are about.</summary>
    public static HubError ToError(this IdentityResult result) => new InvalidInput(result.Errors
        .GroupBy(e => e.Code.StartsWith("Password", StringComparison.Ordinal) ? "password" : "email")
        .ToDictionary(g => g.Key, g => g.Select(e => e.Description).Distinct().ToArray()));

    public static User NewUser(Guid id, string email, string name, DateTimeOffset now) => new()
    {
        Id = id, UserName = email, Email = email, DisplayName = name.Trim(), CreatedAt = now, LockoutEnabled = true,
    };

    public static bool LooksLikeEmail(string? text) =>
        text is { Length: <= 256 } && text.IndexOf('@') is > 0 and var at && at < text.Length - 1 && text.IndexOf('@', at + 1) < 0 && !text.Any(char.IsWhiteSpace);
}
