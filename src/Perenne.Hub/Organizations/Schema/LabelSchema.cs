namespace Perenne.Hub.Organizations;

internal enum AttributeType
{
    Text,
    Number,
    Select,
    Checkbox,
}

/// <summary>A question about each shape of a class.</summary>
/// <param name="Options">The choices of a select; empty for the others.</param>
/// <param name="Default">As text: a number in invariant form, "true"/"false", or one of the options.</param>
internal sealed record LabelAttribute(Guid Id, string Name, AttributeType Type, IReadOnlyList<string> Options, bool Required, string? Default);

/// <summary>
/// One kind of defect. Its id never changes and it is never dropped from the list, so annotations made under any version stay readable.
/// </summary>
/// <param name="Colour">#rrggbb.</param>
/// <param name="HotKey">One character, or null.</param>
/// <param name="Examples">Ids of images that show the class.</param>
/// <param name="Retired">No longer offered; its annotations remain.</param>
/// <param name="MergedInto">Its annotations count as that class; undone by clearing it.</param>
internal sealed record LabelClass(
    Guid Id, string Name, string Colour, string? HotKey, string Description,
    IReadOnlyList<Guid> Examples, IReadOnlyList<LabelAttribute> Attributes, bool Retired = false, Guid? MergedInto = null)
{
    public bool IsOffered => !Retired && MergedInto is null;
}
