using System.Globalization;
using Spectre.Console;

namespace Perenne.Cli.Demo;

/// <param name="Words">What happened, in a sentence with its figures.</param>
/// <param name="Seconds">Wall clock.</param>
/// <param name="ProcessorSeconds">Of the hub with its trainers and of the stations.</param>
/// <param name="Links">Where it can be looked at.</param>
internal sealed record DemoStepDone(string Name, string Words, double Seconds, double ProcessorSeconds, bool Good, IReadOnlyList<DemoLink> Links);

/// <param name="Path">On the demo's hub.</param>
internal sealed record DemoLink(string Words, string Path);

/// <param name="Before">Mean AP of the first model on the held-out images, in [0, 1].</param>
internal sealed record DemoFigure(string Plant, string What, double Before, double After);

internal sealed record DemoAccount(string Email, string Role);

/// <summary>What the demo did and what it cost: a page (<see cref="DemoReportPage"/>) and a text for the terminal.</summary>
internal sealed class DemoReport(string title, string address)
{
    public string Title => title;

    public string Address => address;

    public List<DemoStepDone> Steps { get; } = [];

    public List<DemoFigure> Figures { get; } = [];

    /// <summary>All with <see cref="DemoWorld.Password"/>.</summary>
    public List<DemoAccount> Accounts { get; } = [];

    public bool Succeeded => Steps.Count > 0 && Steps.All(s => s.Good);

    public double Seconds => Steps.Sum(s => s.Seconds);

    public double ProcessorSeconds => Steps.Sum(s => s.ProcessorSeconds);

    public void Print(TextWriter output, string hub, string file)
    {
        IAnsiConsole console = AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(output) });
        if (Console.IsOutputRedirected)
            console.Profile.Width = 140;
        Table table = new Table().Border(TableBorder.Rounded).AddColumns("Step", "What happened").AddColumn(new TableColumn("Time").RightAligned().NoWrap()).AddColumn(new TableColumn("Processor").RightAligned().NoWrap());
        table.Columns[0].Width(24);
        foreach (DemoStepDone step in Steps)
            table.AddRow(Markup.Escape(step.Name), (step.Good ? "" : "[red]Not as it should be:[/] ") + Markup.Escape(step.Words), Lasted(step.Seconds), Lasted(step.ProcessorSeconds));
        table.AddEmptyRow().AddRow("", "", Lasted(Seconds), Lasted(ProcessorSeconds));
        console.Write(table);
        foreach (DemoFigure figure in Figures)
            console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"{figure.Plant}, {figure.What}: first model {figure.Before:P1}, new model [bold]{figure.After:P1}[/]");
        console.WriteLine();
        console.WriteLine($"Report: {file}");
        console.WriteLine($"Hub:    {hub}");
        if (Accounts.Count > 0)
            console.WriteLine($"        {DemoWorld.AdminEmail}, password {DemoWorld.Password} (all {Accounts.Count} accounts are in the report)");
    }

    public static string Lasted(double seconds) => seconds < 90 ? FormattableString.Invariant($"{seconds:0} s") : FormattableString.Invariant($"{seconds / 60:0.0} min");
}
