using Perenne.Hub.Organizations;

namespace Perenne.Hub.Datasets;

/// <summary>From the names in documents, whatever version of the schema they were written under, to the classes of today.</summary>
internal sealed class ClassMap
{
    private readonly Dictionary<string, LabelClass?> byName = new(StringComparer.Ordinal);
    private readonly HashSet<Guid>? wanted;

    /// <param name="versions">The project's schema versions, oldest first; none: every name is a class of its own.</param>
    public ClassMap(IReadOnlyList<IReadOnlyList<LabelClass>> versions, IReadOnlyList<Guid>? wanted)
    {
        this.wanted = wanted is { Count: > 0 } ? [.. wanted] : null;
        HasSchema = versions.Count > 0;
        Dictionary<Guid, LabelClass> current = HasSchema ? versions[^1].ToDictionary(c => c.Id) : [];
        // A later version's name wins: a name that was given up and used again means what it means now.
        foreach (LabelClass one in versions.SelectMany(v => v))
            byName[one.Name] = Followed(one.Id, current);
        foreach (LabelClass one in current.Values)
            byName[one.Name] = Followed(one.Id, current);
        Offered = [.. current.Values.Where(c => c.IsOffered && (this.wanted?.Contains(c.Id) ?? true))];
    }

    public bool HasSchema { get; }

    /// <summary>The classes a model learns, in the order of the schema.</summary>
    public IReadOnlyList<LabelClass> Offered { get; }

    /// <summary>Null: the shape is left out, because its class is retired or was not asked for.</summary>
    public (string Name, Guid? Id)? Resolve(string name)
    {
        if (!HasSchema)
            return (name, null);
        return byName.GetValueOrDefault(name) is { IsOffered: true } one && (wanted?.Contains(one.Id) ?? true) ? (one.Name, one.Id) : null;
    }

    private static LabelClass? Followed(Guid id, Dictionary<Guid, LabelClass> current)
    {
        LabelClass? one = current.GetValueOrDefault(id);
        for (int step = 0; one?.MergedInto is { } next && step < current.Count; step++)
            one = current.GetValueOrDefault(next);
        return one;
    }
}
