using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using Perenne.TestSupport;

namespace Perenne.Station.Tests;

/// <summary>The example of the documentation, with nothing but Python's standard library, against a station on a real port.</summary>
public sealed class PythonClientTests : IDisposable
{
    private const string Python = "/usr/bin/python3";

    // The network's answer is the brightest value of each 8 × 8 cell: the client computes it itself.
    private const string Check = """
        import sys, oip_client
        values, out = oip_client.main(sys.argv[1], "bright-spots", 64, 64)
        shape, scores = out["scores"]
        assert shape == [1, 1, 8, 8], shape
        cells = [max(values[(8 * r + y) * 64 + 8 * c + x] for y in range(8) for x in range(8)) for r in range(8) for c in range(8)]
        assert max(abs(a - b) for a, b in zip(cells, scores)) < 1e-6
        """;

    private readonly TempFolder temp = new();

    public void Dispose() => temp.Dispose();

    [Fact]
    public async Task A_client_in_plain_Python_runs_a_model_over_the_inference_protocol()
    {
        if (!File.Exists(Python) && Environment.GetEnvironmentVariable("CI") is not ("true" or "1"))
            Assert.Skip($"There is no {Python} on this machine.");
        await using WebApplication station = await StationHost.BuildAsync(
            ["--urls=http://127.0.0.1:0", $"--Station:Folder={temp["s"]}", $"--Station:Model={TestModels.BrightSpots(temp["m"])}"], builder => builder.Logging.ClearProviders());
        await station.StartAsync(TestContext.Current.CancellationToken);
        ProcessStartInfo start = new(Python, ["-B", "-c", Check, station.Urls.First()]) { WorkingDirectory = Path.Combine(SharedData.RepositoryRoot, "docs", "examples"), RedirectStandardError = true, RedirectStandardOutput = true };
        using Process python = Process.Start(start)!;
        Task<string> said = python.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), complained = python.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await python.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(python.ExitCode == 0, await complained);
        Assert.Contains("output scores [1, 1, 8, 8]", await said, StringComparison.Ordinal);
    }
}
