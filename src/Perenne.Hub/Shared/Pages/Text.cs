using System.Collections.Frozen;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Perenne.Hub.Shared.Pages;

/// <summary>
/// The words of the pages, keyed by the English sentence. French comes from the embedded fr.json of each feature;
/// a test holds both in step, so that a missing translation never reaches a person.
/// </summary>
internal sealed class Text
{
    public static IReadOnlyList<string> Languages { get; } = ["en", "fr"];

    private static readonly Lazy<French> FrenchWords = new(French.Load);

    private static bool IsFrench => CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "fr";

    public string this[string english] => IsFrench ? FrenchWords.Value.Entries.GetValueOrDefault(english, english) : english;

    public string this[string english, params object?[] arguments] => string.Format(CultureInfo.CurrentCulture, this[english], arguments);

    /// <summary>One or many, by the language's own rule: in French 0 is singular.</summary>
    public string Count(long count, string one, string many) => this[IsFrench ? (count is 0 or 1 ? one : many) : (count == 1 ? one : many), count.ToString("N0", CultureInfo.CurrentCulture)];

#pragma warning disable CA1822 // Beside the indexer, on the same object, it reads better.
    /// <summary>A handler's sentence, whose names and figures are already filled in.</summary>
    public string Sentence(string english) => IsFrench ? FrenchWords.Value.Sentence(english) : english;
#pragma warning restore CA1822

    internal sealed record French(FrozenDictionary<string, string> Entries, IReadOnlyList<(Regex Pattern, string Words)> Templates)
    {
        public static French Load()
        {
            Assembly assembly = typeof(Text).Assembly;
            Dictionary<string, string> all = [];
            foreach (string name in assembly.GetManifestResourceNames().Where(n => n.EndsWith("fr.json", StringComparison.Ordinal)))
            {
                using Stream stream = assembly.GetManifestResourceStream(name)!;
                foreach ((string key, string value) in JsonSerializer.Deserialize<Dictionary<string, string>>(stream)!)
                    all[key] = value;
            }

            // The most words of its own first: "{0} of {1}" fits into many a sentence.
            return new(all.ToFrozenDictionary(), [.. all.Where(e => e.Key.Contains("{0}", StringComparison.Ordinal)).OrderByDescending(e => Regex.Replace(e.Key, @"\{\d}", "").Length).Select(e => (PatternOf(e.Key), e.Value))]);
        }

        public string Sentence(string english)
        {
            if (Entries.TryGetValue(english, out string? words))
                return words;
            foreach ((Regex pattern, string template) in Templates)
                if (pattern.Match(english) is { Success: true } match)
                    return string.Format(CultureInfo.CurrentCulture, template, [.. match.Groups.Values.Skip(1).Select(g => (object)g.Value)]);
            return english;
        }

        // What is no whole sentence fits into no sentence.
        private static Regex PatternOf(string key) =>
            new("^" + Regex.Replace(Regex.Escape(key), @"\\\{\d}", "(.+?)") + (key.EndsWith('.') ? "$" : "(?<!\\.)$"), RegexOptions.CultureInvariant | RegexOptions.Singleline);
    }
}
