using System.Text.Json;
using System.Text.RegularExpressions;
using Perenne.Hub.Shared.Pages;
using Perenne.TestSupport;

namespace Perenne.Hub.Tests.Pages;

public partial class TextTests
{
    private static readonly string Root = Path.Combine(SharedData.RepositoryRoot, "src", "Perenne.Hub");

    private static IEnumerable<string> Files(string pattern) => Directory.EnumerateFiles(Root, pattern, SearchOption.AllDirectories)
        .Where(f => !f.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal) && !f.Contains($"{Path.DirectorySeparatorChar}bin{Path.DirectorySeparatorChar}", StringComparison.Ordinal));

    private static string Source() => string.Join('\n', Files("*.razor").Concat(Files("*.cs")).Select(File.ReadAllText));

    private static Dictionary<string, string> French() => Files("fr.json")
        .SelectMany(f => JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(f))!)
        .GroupBy(e => e.Key).ToDictionary(g => g.Key, g => g.First().Value);

    private static IEnumerable<string> Asked(string source) =>
        Indexed().Matches(source).Select(m => m.Groups[1].Value)
            .Concat(Counted().Matches(source).SelectMany(m => new[] { m.Groups[1].Value, m.Groups[2].Value }))
            .Concat(Navigation().Matches(source).Select(m => m.Groups[1].Value));

    [Fact]
    public void Every_sentence_of_the_pages_has_a_French_one()
    {
        Dictionary<string, string> french = French();
        List<string> missing = [.. Asked(Source()).Distinct().Where(key => !french.ContainsKey(key)).Order()];
        Assert.True(missing.Count == 0, "Add to the feature's fr.json:\n" + string.Join('\n', missing));
    }

    [Fact]
    public void No_French_sentence_is_left_over()
    {
        string source = Source();
        HashSet<string> asked = [.. Asked(source)];
        // Handlers' own sentences carry interpolations where the key has numbers.
        string plain = Interpolation().Replace(source, "{}");
        List<string> unused = [.. French().Keys.Where(key => !asked.Contains(key) && !plain.Contains("\"" + Interpolation().Replace(key, "{}"), StringComparison.Ordinal)).Order()];
        Assert.True(unused.Count == 0, "No page says any more:\n" + string.Join('\n', unused));
    }

    [Fact]
    public void Translations_keep_the_places_of_names_and_figures()
    {
        Assert.All(French(), entry => Assert.Equal(
            Number().Matches(entry.Key).Select(m => m.Value).Distinct().Order(), Number().Matches(entry.Value).Select(m => m.Value).Distinct().Order()));
    }

    [Theory]
    [InlineData("Operators objected to 25 of 103 verdicts; 2 % are allowed.", "Les opérateurs ont contesté 25 verdicts sur 103 ; 2 % sont admis.")]
    [InlineData("Surely below the bound of 97% (70% – 87%). Retrain.", "Sûrement sous la limite de 97% (70% – 87%). Réentraînez.")]
    [InlineData("accepted, 124 of them in 30 days by 2 people who agree to 95%.", "acceptées, dont 124 en 30 jours par 2 personnes d’accord à 95%.")]
    [InlineData("3 of 7", "3 sur 7")]
    [InlineData("Nobody has put 3 of these words into French.", "Nobody has put 3 of these words into French.")]
    public void A_handlers_sentence_is_French_as_a_whole_or_stays_English(string english, string french) => Assert.Equal(french, Text.French.Load().Sentence(english));

    [GeneratedRegex(@"\bT\[""((?:[^""\\]|\\.)*)""")]
    private static partial Regex Indexed();

    [GeneratedRegex(@"\bT\.Count\([^,]+, ""([^""]*)"", ""([^""]*)""")]
    private static partial Regex Counted();

    [GeneratedRegex(@"new\(NavPlace\.\w+, \d+, ""[^""]*"", ""([^""]*)""")]
    private static partial Regex Navigation();

    [GeneratedRegex(@"\{[^{}""]*\}")]
    private static partial Regex Interpolation();

    [GeneratedRegex(@"\{\d\}")]
    private static partial Regex Number();
}
