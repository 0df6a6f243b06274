using System.Globalization;
using System.Text.RegularExpressions;
using Perenne.Hub.Shared.Results;

namespace Perenne.Hub.Organizations;

/// <summary>What a label schema must satisfy, alone and against the version before it. Pure.</summary>
internal static partial class SchemaRules
{
    public static HubError? Validate(IReadOnlyList<LabelClass> previous, IReadOnlyList<LabelClass> next)
    {
        Check check = new();
        Dictionary<Guid, LabelClass> byId = [];
        foreach (LabelClass c in next)
            check.That(c.Id != Guid.Empty && byId.TryAdd(c.Id, c), "classes", $"The id of class '{c.Name}' is missing or used twice.");
        foreach (LabelClass lost in previous.Where(p => !byId.ContainsKey(p.Id)))
            check.That(false, "classes", $"Class '{lost.Name}' is missing. Retire it instead: its annotations must stay readable.");
        foreach (LabelClass c in next)
            CheckClass(check, c, byId);
        Unique(check, next, c => c.Name.Trim(), "Two classes are named '{0}'. Give them different names, or merge them.");
        Unique(check, next.Where(c => c.HotKey is not null), c => c.HotKey!, "Two classes have the hot key '{0}'. Give each its own.");
        return check.Error;
    }

    private static void CheckClass(Check check, LabelClass c, Dictionary<Guid, LabelClass> byId)
    {
        check.Text(c.Name, "classes", "A class's name", 100)
            .That(Colour().IsMatch(c.Colour ?? ""), "classes", $"'{c.Colour}' of class '{c.Name}' is not a colour. Write it as #rrggbb, e.g. #e03131.")
            .That(c.HotKey is null || (c.HotKey.Length == 1 && char.IsAsciiLetterOrDigit(c.HotKey[0])), "classes", $"The hot key of class '{c.Name}' must be one letter or digit.")
            .That((c.Description?.Length ?? 0) <= 4000, "classes", $"The description of class '{c.Name}' is longer than 4000 characters. Shorten it.");
        if (c.MergedInto is { } target)
        {
            check.That(byId.TryGetValue(target, out LabelClass? into) && into.Id != c.Id && into.MergedInto is null, "classes",
                $"Class '{c.Name}' must be merged into another class that is not itself merged.");
        }

        HashSet<string> names = new(StringComparer.OrdinalIgnoreCase);
        foreach (LabelAttribute a in c.Attributes ?? [])
        {
            string where = $"Attribute '{a.Name}' of class '{c.Name}'";
            check.Text(a.Name, "classes", $"The name of an attribute of class '{c.Name}'", 100)
                .That(names.Add(a.Name?.Trim() ?? ""), "classes", $"{where} exists twice. Give the attributes of a class different names.")
                .That(a.Type != AttributeType.Select || (a.Options?.Count >= 2 && a.Options.Distinct().Count() == a.Options.Count), "classes", $"{where} needs at least two different options.")
                .That(a.Default is null || Fits(a), "classes", $"The default '{a.Default}' of {char.ToLowerInvariant(where[0])}{where[1..]} is not a possible answer.");
        }
    }

    private static bool Fits(LabelAttribute a) => a.Type switch
    {
        AttributeType.Number => double.TryParse(a.Default, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number),
        AttributeType.Checkbox => a.Default is "true" or "false",
        AttributeType.Select => a.Options?.Contains(a.Default!) == true,
        _ => true,
    };

    // Names and keys of classes that are not offered are free for others; bringing one back is checked like any edit.
    private static void Unique(Check check, IEnumerable<LabelClass> classes, Func<LabelClass, string> key, string sentence)
    {
        foreach (IGrouping<string, LabelClass> same in classes.Where(c => c.IsOffered && c.Name is not null).GroupBy(key, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1))
            check.That(false, "classes", string.Format(CultureInfo.InvariantCulture, sentence, same.Key));
    }

    [GeneratedRegex("^#[0-9a-fA-F]{6}$", RegexOptions.CultureInvariant)]
    private static partial Regex Colour();
}
