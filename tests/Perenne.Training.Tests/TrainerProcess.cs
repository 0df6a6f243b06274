using System.Diagnostics;

namespace Perenne.Training.Tests;

/// <summary>The trainer as users run it: a process of its own.</summary>
internal sealed class TrainerProcess : IDisposable
{
    private readonly Process process;

    public TrainerProcess(string jobFolder)
    {
        ProcessStartInfo start = new("dotnet", [Path.Combine(AppContext.BaseDirectory, "perenne-trainer.dll"), jobFolder]) { RedirectStandardError = true };
        process = Process.Start(start)!;
    }

    public void Kill() => process.Kill(); // SIGKILL

    public void Terminate() => Process.Start("kill", ["-TERM", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)])!.WaitForExit();

    public (int Code, string Errors) Wait()
    {
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, errors);
    }

    /// <summary>Until the run has done this many steps (or has ended).</summary>
    public async Task UntilStepAsync(JobFolder job, int step)
    {
        string checkpoint = Path.Combine(job.Path, "checkpoint", "state.bin");
        while (!process.HasExited && StepOf(checkpoint) < step)
            await Task.Delay(20, TestContext.Current.CancellationToken);
    }

    public void Dispose()
    {
        if (!process.HasExited)
            process.Kill();
        process.Dispose();
    }

    private static int StepOf(string checkpoint)
    {
        if (!File.Exists(checkpoint))
            return 0;
        byte[] bytes = File.ReadAllBytes(checkpoint);
        int length = BitConverter.ToInt32(bytes);
        return System.Text.Json.JsonDocument.Parse(bytes.AsMemory(4, length)).RootElement.GetProperty("step").GetInt32();
    }
}
