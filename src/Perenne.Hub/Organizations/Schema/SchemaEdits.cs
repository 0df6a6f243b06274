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

    /// <summary>The classes that are not exactly alike in <paramref name="others"/>.</summary>
    public static IReadOnlyList<LabelClass> Without(IReadOnlyList<LabelClass> classes, IReadOnlyList<LabelClass> others) =>
        [.. classes.Where(c => !others.Any(other => Same(c, other)))];

    // Records compare lists by reference, so those are compared here by what they hold.
    private static bool Same(LabelClass a, LabelClass b) =>
        a with { Examples = b.Examples, Attributes = b.Attributes } == b
        && a.Examples.SequenceEqual(b.Examples)
        && a.Attributes.Count == b.Attributes.Count
        && a.Attributes.Zip(b.Attributes).All(pair => pair.First with { Options = pair.Second.Options } == pair.Second && pair.First.Options.SequenceEqual(pair.Second.Options));
}
