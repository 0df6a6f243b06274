using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Perenne.Contracts;
using Perenne.Contracts.Jobs;
using Spectre.Console;

namespace Perenne.Cli.Learn;

/// <summary>Runs the trainer as a child process and shows what it writes to its progress file.</summary>
internal static class TrainerRun
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(300);

    /// <summary>Cancelling asks the trainer to stop; it writes a checkpoint and ends with 75.</summary>
    /// <returns>The trainer's exit code.</returns>
    public static async Task<int> RunAsync(string trainer, string folder, CancellationToken cancellation)
    {
        MetricsTail tail = new(Path.Combine(folder, "metrics.jsonl"));
        using Process child = Process.Start(new ProcessStartInfo(trainer, [folder]) { RedirectStandardError = true })!;
        await using CancellationTokenRegistration stop = cancellation.Register(() => Terminate(child));
        Task<string> errors = child.StandardError.ReadToEndAsync(CancellationToken.None);
        if (Console.IsErrorRedirected)
            await FollowAsync(child, tail, new PlainDisplay(Console.Error).Show);
        else
            await FollowOnTerminalAsync(child, tail);
        if ((await errors).Trim() is { Length: > 0 } words)
            await Console.Error.WriteLineAsync(words);
        return child.ExitCode;
    }

    private static async Task FollowOnTerminalAsync(Process child, MetricsTail tail)
    {
        IAnsiConsole console = AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(Console.Error) });
        await console.Progress().Columns(new ProgressBarColumn(), new PercentageColumn(), new TaskDescriptionColumn { Alignment = Justify.Left }).StartAsync(context =>
        {
            TerminalDisplay display = new(console, context.AddTask("starting", maxValue: 1));
            return FollowAsync(child, tail, display.Show);
        });
    }

    private static async Task FollowAsync(Process child, MetricsTail tail, Action<TrainingProgress> show)
    {
        bool ended;
        do
        {
            ended = child.HasExited;
            foreach (TrainingProgress line in tail.Read())
                show(line);
            if (!ended)
                await Task.WhenAny(child.WaitForExitAsync(CancellationToken.None), Task.Delay(Look, TimeProvider.System, CancellationToken.None));
        }
        while (!ended);
    }

    private static void Terminate(Process child)
    {
        if (child.HasExited)
            return;
        if (OperatingSystem.IsWindows())
            child.Kill();
        else
            Process.Start("kill", ["-TERM", child.Id.ToString(CultureInfo.InvariantCulture)])?.Dispose();
    }

    /// <summary>New whole lines of the progress file since the last look; what an earlier run wrote is left out.</summary>
    private sealed class MetricsTail(string path)
    {
        private long position = File.Exists(path) ? new FileInfo(path).Length : 0;

        public IEnumerable<TrainingProgress> Read()
        {
            if (!File.Exists(path))
                yield break;
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            file.Position = Math.Min(position, file.Length);
            byte[] bytes = new byte[file.Length - file.Position];
            file.ReadExactly(bytes);
            int whole = Array.LastIndexOf(bytes, (byte)'\n') + 1;
            position += whole;
            foreach (string line in System.Text.Encoding.UTF8.GetString(bytes, 0, whole).Split('\n', StringSplitOptions.RemoveEmptyEntries))
                yield return JsonSerializer.Deserialize<TrainingProgress>(line, ContractJson.Options)!;
        }
    }
}
