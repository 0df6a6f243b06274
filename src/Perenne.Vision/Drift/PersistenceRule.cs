namespace Perenne.Vision.Drift;

/// <summary>An alarm is raised only when at least <see cref="Required"/> of the last <see cref="Windows"/> windows were flagged, so that a single odd shift of production stays silent.</summary>
public sealed record PersistenceRule
{
    /// <summary>The rule k of n.</summary>
    /// <param name="required">k, 1 … n.</param>
    /// <param name="windows">n.</param>
    public PersistenceRule(int required, int windows)
    {
        if (required < 1 || required > windows)
            throw new ArgumentException($"{required} of {windows} windows is no rule: use 1 … {windows} of {windows}.", nameof(required));
        (Required, Windows) = (required, windows);
    }

    /// <summary>The product's default: 2 of 3.</summary>
    public static PersistenceRule Default { get; } = new(2, 3);

    /// <summary>How many flagged windows raise the alarm.</summary>
    public int Required { get; }

    /// <summary>How many windows are looked back on.</summary>
    public int Windows { get; }

    /// <summary>Whether the alarm stands after these windows (oldest first). The newest window must itself be flagged.</summary>
    public bool IsMet(ReadOnlySpan<bool> flaggedOldestFirst)
    {
        if (flaggedOldestFirst.IsEmpty || !flaggedOldestFirst[^1])
            return false;
        ReadOnlySpan<bool> recent = flaggedOldestFirst[Math.Max(0, flaggedOldestFirst.Length - Windows)..];
        return recent.Count(true) >= Required;
    }
}
