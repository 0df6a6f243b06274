using BenchmarkDotNet.Running;

namespace Perenne.Bench;

/// <summary>Each benchmark names its baseline; docs/benchmarks.md holds the tables and the command that reproduces each.</summary>
internal static class BenchProgram
{
    private static void Main(string[] args) => BenchmarkSwitcher.FromAssembly(typeof(BenchProgram).Assembly).Run(args);
}
