namespace Perenne.Formats;

/// <summary>What a lenient reader went past. Counts everything, keeps the first <see cref="KeepLimit"/>.</summary>
public sealed class ReadProblems
{
    /// <summary>Problems kept in full.</summary>
    public const int KeepLimit = 1000;

    private readonly List<DatasetProblem> _kept = [];
    private readonly bool _lenient;

    internal ReadProblems(bool lenient) => _lenient = lenient;

    /// <summary>Problems met so far.</summary>
    public long Count { get; private set; }

    /// <summary>The first of them, in the order met.</summary>
    public IReadOnlyList<DatasetProblem> Kept => _kept;

    /// <summary>In strict mode throws; in lenient mode notes the problem and returns, and the caller leaves the record out.</summary>
    internal void Report(DatasetProblem problem, Exception? inner = null)
    {
        if (!_lenient)
            throw new DatasetFormatException(problem, inner);
        Count++;
        if (_kept.Count < KeepLimit)
            _kept.Add(problem);
    }
}
