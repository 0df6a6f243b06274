using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Engines;
using Perenne.Vision.Metrics;

namespace Perenne.Bench.Vision;

/// <summary>COCO evaluation at the size of COCO val2017 against its textbook form; both give the same figures, which the setup checks.</summary>
[SimpleJob(RunStrategy.Monitoring, warmupCount: 1, iterationCount: 5)]
[MemoryDiagnoser]
public class MetricsCocoBenchmarks
{
    private MetricsCocoData data = null!;

    [Params(6, 80)]
    public int Categories { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        data = MetricsCocoData.Create(Categories);
        IReadOnlyList<double> stats = Library();
        double[] textbook = Textbook();
        double[] library = [stats[0], stats[8], stats[3], stats[9], stats[4], stats[10], stats[5], stats[11]];
        if (library.Zip(textbook).Any(p => Math.Abs(p.First - p.Second) > 1e-9))
            throw new InvalidOperationException($"The figures differ: {string.Join(' ', library)} and {string.Join(' ', textbook)}.");
    }

    [Benchmark(Baseline = true)]
    public double[] Textbook() => MetricsCocoTextbook.Evaluate(data);

    [Benchmark]
    public IReadOnlyList<double> Library() => CocoEvaluation.Evaluate(data.Images, data.Categories, data.Truth, data.Detections).Stats();
}
