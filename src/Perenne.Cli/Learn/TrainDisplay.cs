using System.Globalization;
using Perenne.Contracts.Jobs;
using Spectre.Console;

namespace Perenne.Cli.Learn;

/// <summary>Words for one line of progress.</summary>
internal static class ProgressWords
{
    public static string Of(TrainingProgress line)
    {
        List<string> words = [string.Create(CultureInfo.InvariantCulture, $"step {line.Step}{(line.Steps is > 0 ? $" of {line.Steps}" : "")}")];
        if (line.Loss is { } loss)
            words.Add(string.Create(CultureInfo.InvariantCulture, $"loss {loss:F3}"));
        if (line.ImagesPerSecond is { } pace)
            words.Add(string.Create(CultureInfo.InvariantCulture, $"{pace:F0} images/s"));
        if (line.RemainingSeconds is > 0 and { } left)
            words.Add(string.Create(CultureInfo.InvariantCulture, $"{TimeSpan.FromSeconds(left):h\\:mm\\:ss} left"));
        if (line.MemoryBytes is { } memory)
            words.Add(string.Create(CultureInfo.InvariantCulture, $"{memory / 1073741824.0:F1} GB"));
        if (line.Validation is { } figures)
            words.Add("validation " + string.Join(", ", figures.Select(f => string.Create(CultureInfo.InvariantCulture, $"{f.Key} {f.Value:F3}"))));
        if (line.Message is { } message)
            words.Add(message);
        return string.Join(", ", words);
    }
}

/// <summary>For logs: one line per evaluation and message, and every half minute.</summary>
internal sealed class PlainDisplay(TextWriter to)
{
    private const double Every = 30;

    private double shown = double.NegativeInfinity;

    public void Show(TrainingProgress line)
    {
        if (line.Validation is null && line.Message is null && (line.Seconds ?? 0) - shown < Every)
            return;
        shown = line.Seconds ?? shown;
        to.WriteLine(ProgressWords.Of(line));
    }
}

/// <summary>For terminals: a bar with loss, pace and the last validation figure; messages above it.</summary>
internal sealed class TerminalDisplay(IAnsiConsole console, ProgressTask bar)
{
    private string validation = "";

    public void Show(TrainingProgress line)
    {
        if (line.Steps is > 0 and { } steps)
            bar.MaxValue = steps;
        bar.IsIndeterminate = line.Steps is null or 0;
        bar.Value = line.Step;
        if (line.Validation is { Count: > 0 } figures)
            validation = string.Create(CultureInfo.InvariantCulture, $", {figures.First().Key} {figures.First().Value:F3}");
        if (line.Message is { } message)
            console.WriteLine(message);
        if (line.Loss is not null)
            bar.Description = Markup.Escape(ProgressWords.Of(line) + validation);
    }
}
