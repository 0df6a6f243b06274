using BenchmarkDotNet.Attributes;

namespace Perenne.Bench.Formats;

/// <summary>COCO to YOLO of a million boxes. Peak memory is a matter of the process: see <see cref="PeakMemory"/>.</summary>
[MemoryDiagnoser]
[SimpleJob(launchCount: 1, warmupCount: 1, iterationCount: 4, invocationCount: 1)]
public class ConversionBenchmarks
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), "perenne-bench-formats");
    private string _coco = "";

    [GlobalSetup]
    public void Setup() => _coco = CocoFixture.Write(_folder);

    [Benchmark]
    public Task Streamed() => Conversions.StreamedAsync(_coco, Path.Combine(_folder, "out"));

    [Benchmark(Baseline = true)]
    public void WholeDocument() => Conversions.WholeDocument(_coco, Path.Combine(_folder, "out"));
}
