using System.Collections.Concurrent;
using Spectre.Console;

namespace Perenne.Cli.Demo;

/// <summary>One bar per step on a terminal; a line per step elsewhere.</summary>
internal static class DemoScreen
{
    public static async Task<DemoReport> RunAsync(DemoStory story, CancellationToken cancel)
    {
        if (Console.IsErrorRedirected)
        {
            ConcurrentDictionary<string, bool> said = new();
            await story.RunAsync(
                step => new DemoBar(
                    words =>
                    {
                        string line = $"{step}: {words}";
                        // What comes again and again is said once.
                        if (said.TryAdd(line, true))
                            Console.Error.WriteLine(line);
                    },
                    _ => { }),
                cancel);
            return story.Report;
        }

        IAnsiConsole console = AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(Console.Error) });
        await console.Progress().AutoClear(false).HideCompleted(false)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn(), new SpinnerColumn())
            .StartAsync(context => story.RunAsync(
                step =>
                {
                    ProgressTask task = context.AddTask(Markup.Escape(step));
                    task.IsIndeterminate = true;
                    return new DemoBar(words => task.Description = Markup.Escape($"{step}: {words}"), share =>
                    {
                        task.IsIndeterminate = share is null;
                        task.Value = (share ?? 0) * task.MaxValue;
                    });
                },
                cancel));
        return story.Report;
    }
}

/// <param name="Say">What is being done.</param>
/// <param name="Share">How much of the step is done, 0 to 1; null: nobody knows.</param>
internal sealed record DemoBar(Action<string> Say, Action<double?> Share)
{
    /// <summary>Counts towards a total.</summary>
    public Action<int> Counter(int total)
    {
        int done = 0;
        return n => Share((double)Interlocked.Add(ref done, n) / Math.Max(1, total));
    }
}
