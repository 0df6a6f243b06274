using Perenne.Formats;
using Spectre.Console;

namespace Perenne.Cli.Commands;

/// <summary>A progress bar on standard error, and only where that is a terminal.</summary>
internal static class ProgressDisplay
{
    public static async Task<T> RunAsync<T>(Func<IProgress<DatasetProgress>?, Task<T>> run)
    {
        if (Console.IsErrorRedirected)
            return await run(null);
        IAnsiConsole console = AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(Console.Error) });
        return await console.Progress().AutoClear(true).StartAsync(context =>
        {
            ProgressTask task = context.AddTask("index");
            return run(new Direct(task));
        });
    }

    // Progress<T> posts to the thread pool, where reports may overtake one another.
    private sealed class Direct(ProgressTask task) : IProgress<DatasetProgress>
    {
        public void Report(DatasetProgress value)
        {
            task.Description = value.Stage == "index" ? "Indexing" : FormattableString.Invariant($"{value.Done} images");
            task.IsIndeterminate = value.Total is null or 0;
            task.MaxValue = Math.Max(1, value.Total ?? 1);
            task.Value = value.Done;
        }
    }
}
