namespace Perenne.Formats;

/// <summary>Counts what a format could not hold, per kind, with the first examples. Nothing is dropped without an entry here.</summary>
public sealed class LossReport
{
    /// <summary>Examples kept per kind.</summary>
    public const int ExampleLimit = 5;

    private readonly SortedDictionary<DatasetFeature, (long Count, List<string> Examples)> _entries = [];

    /// <summary>Entries in a stable order.</summary>
    public IReadOnlyList<LossEntry> Entries =>
        [.. _entries.Select(e => new LossEntry(e.Key, e.Value.Count, LossSentences.For(e.Key), [.. e.Value.Examples]))];

    /// <summary>True where everything could be held.</summary>
    public bool IsEmpty => _entries.Count == 0;

    /// <summary>Number of losses of one kind.</summary>
    public long Count(DatasetFeature feature) => _entries.TryGetValue(feature, out var entry) ? entry.Count : 0;

    internal void Add(DatasetFeature feature, string imageFile, string? detail = null)
    {
        var entry = _entries.TryGetValue(feature, out var known) ? known : (0, []);
        if (entry.Examples.Count < ExampleLimit)
            entry.Examples.Add(detail is null ? imageFile : $"{imageFile}: {detail}");
        _entries[feature] = (entry.Count + 1, entry.Examples);
    }
}

/// <summary>One kind of loss.</summary>
/// <param name="Feature">What could not be held.</param>
/// <param name="Count">How often (annotations, or images where the feature is one of images).</param>
/// <param name="Sentence">What was done instead, in words.</param>
/// <param name="Examples">The first few, as <c>image: detail</c>.</param>
public sealed record LossEntry(DatasetFeature Feature, long Count, string Sentence, IReadOnlyList<string> Examples);
