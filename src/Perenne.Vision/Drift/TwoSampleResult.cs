namespace Perenne.Vision.Drift;

/// <summary>The outcome of a statistical test.</summary>
/// <param name="Statistic">The test's statistic; its range is the test's.</param>
/// <param name="PValue">The chance, were there no difference, of a statistic at least this large; in [0,1].</param>
public readonly record struct TwoSampleResult(double Statistic, double PValue);
