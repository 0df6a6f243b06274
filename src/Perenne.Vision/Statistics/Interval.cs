namespace Perenne.Vision.Statistics;

/// <summary>A closed interval.</summary>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end, &gt;= Low.</param>
public readonly record struct Interval(double Low, double High)
{
    /// <summary>True when <paramref name="value"/> lies in the interval, ends included.</summary>
    public bool Contains(double value) => value >= Low && value <= High;
}
