namespace Perenne.Hub.Organizations;

/// <summary>The named edits of a class list. Pure; each gives a whole new list, and each can be undone by another.</summary>
internal static class SchemaEdits
{
    /// <summary>Merging also moves along what was merged into the class before, so that one step always leads to a class that is offered.</summary>
    public static IReadOnlyList<LabelClass> Merge(IReadOnlyList<LabelClass> classes, Guid from, Guid into) =>
        [.. classes.Select(c => c.Id == from || c.MergedInto == from ? c with { MergedInto = into } : c)];

    public static IReadOnlyList<LabelClass> Retire(IReadOnlyList<LabelClass> classes, Guid id) =>
        [.. classes.Select(c => c.Id == id ? c with { Retired = true } : c)];

    /// <summary>Undoes retiring and merging.</summary>
    public static IReadOnlyList<LabelClass> BringBack(IReadOnlyList<LabelClass> classes, Guid id) =>
        [.. classes.Select(c => c.Id == id ? c with { Retired = false, MergedInto = null } : c)];

    /// <summary>The old list again. Classes that came later are kept but retired, for their annotations' sake.</summary>
    public static IReadOnlyList<LabelClass> Restore(IReadOnlyList<LabelClass> current, IReadOnlyList<LabelClass> old)
    {
        HashSet<Guid> known = [.. old.Select(c => c.Id)];
        return [.. old, .. current.Where(c => !known.Contains(c.Id)).Select(c => c with { Retired = true, MergedInto = null })];
    }

    /// <summary>The class an annotation of <paramref name="id"/> counts as: itself, or the one it was merged into.</summary>
    public static Guid Resolve(IReadOnlyList<LabelClass> classes, Guid id) => classes.FirstOrDefault(c => c.Id == id)?.MergedInto ?? id;
}
