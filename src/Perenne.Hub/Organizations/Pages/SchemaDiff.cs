namespace Perenne.Hub.Organizations.Pages;

internal enum DiffKind
{
    Added,
    Removed,
    Changed,
}

/// <param name="Field">Null for the class as a whole.</param>
internal sealed record DiffLine(DiffKind Kind, LabelClass Class, string? Field, string? Before, string? After);

/// <summary>What a version changed against the one before it. Pure; the field names are English sentences for the page to translate.</summary>
internal static class SchemaDiff
{
    public static IReadOnlyList<DiffLine> Between(IReadOnlyList<LabelClass> before, IReadOnlyList<LabelClass> after)
    {
        Dictionary<Guid, LabelClass> old = before.ToDictionary(c => c.Id);
        Dictionary<Guid, LabelClass> next = after.ToDictionary(c => c.Id);
        List<DiffLine> lines = [];
        foreach (LabelClass one in after)
        {
            if (!old.TryGetValue(one.Id, out LabelClass? was))
                lines.Add(new(DiffKind.Added, one, null, null, null));
            else
                lines.AddRange(Fields(was, one, old, next));
        }

        lines.AddRange(before.Where(c => !next.ContainsKey(c.Id)).Select(c => new DiffLine(DiffKind.Removed, c, null, null, null)));
        List<Guid> common = [.. before.Select(c => c.Id).Where(next.ContainsKey)];
        if (!common.SequenceEqual(after.Select(c => c.Id).Where(old.ContainsKey)))
            lines.Add(new(DiffKind.Changed, after[0], "Order", string.Join(", ", before.Select(c => c.Name)), string.Join(", ", after.Select(c => c.Name))));
        return lines;
    }

    private static IEnumerable<DiffLine> Fields(LabelClass was, LabelClass now, Dictionary<Guid, LabelClass> old, Dictionary<Guid, LabelClass> next)
    {
        (string Field, string? Before, string? After)[] fields =
        [
            ("Name", was.Name, now.Name),
            ("Colour", was.Colour, now.Colour),
            ("Hot key", was.HotKey, now.HotKey),
            ("How to tell it", was.Description, now.Description),
            ("Attributes", Words(was.Attributes), Words(now.Attributes)),
            ("Retired", was.Retired ? "✓" : null, now.Retired ? "✓" : null),
            ("Merged into", NameOf(was.MergedInto, old), NameOf(now.MergedInto, next)),
        ];
        return fields.Where(f => f.Before != f.After).Select(f => new DiffLine(DiffKind.Changed, now, f.Field, f.Before, f.After));
    }

    private static string Words(IReadOnlyList<LabelAttribute> attributes) => string.Join("; ", attributes.Select(a =>
        a.Name + (a.Options.Count > 0 ? $" ({string.Join(", ", a.Options)})" : "") + (a.Required ? " *" : "")));

    private static string? NameOf(Guid? id, Dictionary<Guid, LabelClass> classes) => id is { } known ? classes.GetValueOrDefault(known)?.Name : null;
}
