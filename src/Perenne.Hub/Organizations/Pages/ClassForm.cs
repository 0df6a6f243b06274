using System.Globalization;
using Perenne.Hub.Shared.Pages;

namespace Perenne.Hub.Organizations.Pages;

/// <summary>Between the fields of the class form and a label class. Rows of attributes without a name are empty rows of the form.</summary>
internal static class ClassForm
{
    /// <summary>Okabe and Ito's palette first, then others that stay apart on grey and on green boards.</summary>
    private static readonly string[] Palette =
        ["#d55e00", "#0072b2", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#b8a900", "#e03131", "#7048e8", "#2f9e44", "#c2255c", "#1098ad"];

    public static LabelClass Blank(IReadOnlyList<LabelClass> classes)
    {
        HashSet<string> colours = new(classes.Select(c => c.Colour), StringComparer.OrdinalIgnoreCase);
        HashSet<string?> keys = [.. classes.Where(c => c.IsOffered).Select(c => c.HotKey)];
        return new(Guid.Empty, "", Palette.FirstOrDefault(c => !colours.Contains(c)) ?? Palette[classes.Count % Palette.Length],
            Enumerable.Range(1, 9).Select(n => n.ToString(CultureInfo.InvariantCulture)).FirstOrDefault(k => !keys.Contains(k)), "", [], []);
    }

    public static LabelClass Read(FormState form, LabelClass before) => before with
    {
        Name = form["name"],
        Colour = form["colour"],
        HotKey = form.Optional("hotKey")?.ToLowerInvariant(),
        Description = form["description"],
        Attributes = [.. Attributes(form)],
    };

    private static IEnumerable<LabelAttribute> Attributes(FormState form)
    {
        IReadOnlyList<string> ids = form.All("attributeId"), names = form.All("attributeName"), types = form.All("attributeType"), options = form.All("attributeOptions");
        for (int i = 0; i < Math.Min(Math.Min(ids.Count, names.Count), Math.Min(types.Count, options.Count)); i++)
        {
            if (names[i].Length == 0)
                continue;
            yield return new(Guid.TryParse(ids[i], out Guid id) ? id : Guid.Empty, names[i], Enum.TryParse(types[i], out AttributeType type) ? type : AttributeType.Text,
                [.. options[i].Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)],
                form.Flag(string.Create(CultureInfo.InvariantCulture, $"attributeRequired{i}")), null);
        }
    }

    /// <summary>The whole list with this class before the offered one above it.</summary>
    public static IReadOnlyList<LabelClass> MovedUp(IReadOnlyList<LabelClass> classes, Guid id)
    {
        List<LabelClass> moved = [.. classes];
        int at = moved.FindIndex(c => c.Id == id), above = at < 0 ? -1 : moved.FindLastIndex(Math.Max(at - 1, 0), c => c.IsOffered && c.Id != id);
        if (above >= 0)
            (moved[at], moved[above]) = (moved[above], moved[at]);
        return moved;
    }

    /// <summary>The list with this class in place of its former self, or at the end.</summary>
    public static IReadOnlyList<LabelClass> With(IReadOnlyList<LabelClass> classes, LabelClass one) =>
        classes.Any(c => c.Id == one.Id) && one.Id != Guid.Empty ? [.. classes.Select(c => c.Id == one.Id ? one : c)] : [.. classes, one];
}
