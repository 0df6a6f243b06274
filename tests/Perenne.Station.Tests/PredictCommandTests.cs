using System.Diagnostics;
using Perenne.TestSupport;

namespace Perenne.Station.Tests;

/// <summary>`perenne predict` as people run it.</summary>
public sealed class PredictCommandTests : IDisposable
{
    private readonly TempFolder temp = new();

    public void Dispose() => temp.Dispose();

    [Fact]
    public async Task A_model_whose_outputs_are_not_what_it_says_gets_a_sentence()
    {
        Directory.CreateDirectory(temp["pictures"]);
        await File.WriteAllBytesAsync(Path.Combine(temp["pictures"], "1.png"), SpotPicture.Of(true), TestContext.Current.CancellationToken);
        Assert.Equal((0, ""), await PredictAsync(TestModels.BrightSpots(temp["good"])));
        (int code, string said) = await PredictAsync(TestModels.BrightSpots(temp["bad"], change: m => m with { Classes = [new("a"), new("b")] }));
        Assert.Equal(1, code);
        Assert.StartsWith("model.onnx gives 'scores' the shape [1, 1, ", said, StringComparison.Ordinal);
        Assert.EndsWith("in model.json.", said, StringComparison.Ordinal);
    }

    private async Task<(int Code, string Said)> PredictAsync(string model)
    {
        ProcessStartInfo info = new("dotnet", [StationProcess.Cli(), "predict", model, temp["pictures"], "--out", temp["found.json"]]) { RedirectStandardError = true };
        using Process process = Process.Start(info)!;
        string said = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, said.Trim());
    }
}
