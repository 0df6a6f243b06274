namespace Perenne.Station.Tests;

/// <summary>A short fault run; the long one is a command of bench/ (docs/benchmarks.md).</summary>
public sealed class FaultRunTests(ITestOutputHelper output) : IDisposable
{
    private const int Injections = 40;
    private readonly TempFolder temp = new();

    public void Dispose() => temp.Dispose();

    [Fact]
    public async Task Nothing_acknowledged_is_lost_and_nothing_arrives_twice_whatever_breaks()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The faults are made with POSIX means.");
        FaultReport report = await new FaultRun(temp["run"], Injections, seed: 20260301).RunAsync() ?? throw new InvalidOperationException("A run without a stretch goes to its end.");
        output.WriteLine(report.ToString());
        Assert.Empty(report.Lost);
        Assert.Empty(report.Doubled);
        Assert.Empty(report.Violations);
        Assert.InRange(report.Acknowledged, 100, int.MaxValue);
    }
}
