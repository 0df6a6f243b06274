namespace Perenne.Hub.Shared.Pages;

/// <summary>One page of rows that are in memory anyway (the people of a campaign): searched, sorted and paged as the address says.</summary>
internal sealed record PagedRows<T>(IReadOnlyList<T> Rows, string? Next, int Found)
{
    public const int Size = 50;

    /// <param name="search">Part of a name; empty: all.</param>
    /// <param name="sort">A key of <paramref name="columns"/>, with a minus in front downwards; anything else: as given.</param>
    /// <param name="after">The id behind which the page starts; one that is gone: from the start.</param>
    public static PagedRows<T> Of(
        IEnumerable<T> all, string search, string sort, string after, Func<T, string> name, Func<T, Guid> id, IReadOnlyDictionary<string, Func<T, double?>> columns)
    {
        List<T> found = [.. all.Where(one => name(one).Contains(search.Trim(), StringComparison.CurrentCultureIgnoreCase))];
        bool down = sort.StartsWith('-');
        if (columns.TryGetValue(sort.TrimStart('-'), out Func<T, double?>? column))
            found = [.. down ? found.OrderByDescending(one => column(one) ?? double.MinValue) : found.OrderBy(one => column(one) ?? double.MaxValue)];
        else if (sort == "-name")
            found.Reverse();
        int start = Guid.TryParse(after, out Guid last) ? found.FindIndex(one => id(one) == last) + 1 : 0;
        List<T> rows = [.. found.Skip(start).Take(Size)];
        return new(rows, start + rows.Count < found.Count ? id(rows[^1]).ToString() : null, found.Count);
    }
}
