using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Perenne.Hub.Organizations;

/// <summary>The part of an address that names an organization or a project.</summary>
internal static partial class Slug
{
    public const string Rule = "Use 2 to 63 lower-case letters, digits and hyphens, starting and ending with a letter or digit (e.g. 'lyon-sud').";

    public static bool IsValid(string slug) => Pattern().IsMatch(slug) && !Guid.TryParse(slug, out _);

    /// <summary>"Lyon – Usine N° 2" becomes "lyon-usine-n-2"; at least "x-…" where nothing usable remains.</summary>
    public static string From(string name)
    {
        StringBuilder slug = new();
        foreach (char c in name.Normalize(NormalizationForm.FormD).ToLowerInvariant())
        {
            if (char.IsAsciiLetterOrDigit(c))
                slug.Append(c);
            else if (CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark && slug.Length > 0 && slug[^1] != '-')
                slug.Append('-');
        }

        string made = slug.ToString().Trim('-');
        made = made.Length > 50 ? made[..50].Trim('-') : made;
        return IsValid(made) ? made : "x-" + (made.Length == 0 ? "1" : made);
    }

    /// <summary>The name's slug, with a number where it is taken.</summary>
    public static string Free(string name, IReadOnlySet<string> taken)
    {
        string slug = From(name);
        return !taken.Contains(slug) ? slug
            : Enumerable.Range(2, taken.Count + 1).Select(n => string.Create(CultureInfo.InvariantCulture, $"{slug}-{n}")).First(s => !taken.Contains(s));
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,61}[a-z0-9]$", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
