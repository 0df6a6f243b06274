using System.Globalization;
using System.Net;
using System.Text;
using Spectre.Console;

namespace Perenne.Cli.Demo;

/// <param name="Words">What happened, in a sentence with its figures.</param>
/// <param name="Seconds">Wall clock.</param>
/// <param name="ProcessorSeconds">Of the hub and everything it started.</param>
internal sealed record DemoStepDone(string Name, string Words, double Seconds, double ProcessorSeconds, bool Good);

internal sealed record DemoFigure(string Plant, string What, double Before, double After);

/// <summary>What the demo did and what it cost: a page and a text for the terminal.</summary>
internal sealed class DemoReport(string title, string address)
{
    private const string Style = """
        :root { color-scheme: light dark; --line: color-mix(in srgb, currentColor 18%, transparent); --good: #2f9e44; --bad: #e03131; }
        body { font: 16px/1.55 system-ui, sans-serif; max-width: 60rem; margin: 2.5rem auto; padding: 0 1.25rem; }
        h1 { font-size: 1.6rem; } table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .5rem .75rem; border-bottom: 1px solid var(--line); vertical-align: top; }
        td.num, th.num { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; } .good { color: var(--good); } .bad { color: var(--bad); }
        svg { width: 100%; height: auto; } code { background: var(--line); padding: .1rem .35rem; border-radius: 4px; } .quiet { opacity: .7; }
        """;

    public List<DemoStepDone> Steps { get; } = [];

    public List<DemoFigure> Figures { get; } = [];

    public List<string> Accounts { get; } = [];

    public bool Succeeded => Steps.Count > 0 && Steps.All(s => s.Good);

    public string ToHtml()
    {
        StringBuilder page = new();
        page.Append(CultureInfo.InvariantCulture, $"<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>{Text(title)}</title><style>{Style}</style>");
        page.Append(CultureInfo.InvariantCulture, $"<h1>{Text(title)}</h1><p>{Steps.Count} steps in {Minutes(Steps.Sum(s => s.Seconds))}, {Minutes(Steps.Sum(s => s.ProcessorSeconds))} of processor time. The hub is at <a href=\"{Text(address)}\">{Text(address)}</a>.</p>");
        if (Figures.Count > 0)
            page.Append("<h2>Before and after</h2>").Append(Bars());
        page.Append("<h2>What happened, and what it cost</h2><table><thead><tr><th>Step<th>Outcome<th class=\"num\">Time<th class=\"num\">Processor</thead><tbody>");
        foreach (DemoStepDone step in Steps)
            page.Append(CultureInfo.InvariantCulture, $"<tr><td><strong>{Text(step.Name)}</strong><td>{(step.Good ? "" : "<span class=\"bad\">Not as hoped: </span>")}{Text(step.Words)}<td class=\"num\">{Minutes(step.Seconds)}<td class=\"num\">{Minutes(step.ProcessorSeconds)}");
        page.Append("</tbody></table><h2>Look around</h2><ul>");
        foreach (string account in Accounts)
            page.Append(CultureInfo.InvariantCulture, $"<li>{Text(account)}");
        return page.Append("</ul></html>").ToString();
    }

    public void Print(TextWriter output, string hub, string file)
    {
        IAnsiConsole console = AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(output) });
        Table table = new Table().Border(TableBorder.Rounded).AddColumns("Step", "Outcome").AddColumn(new TableColumn("Time").RightAligned());
        foreach (DemoStepDone step in Steps)
            table.AddRow(Markup.Escape(step.Name), (step.Good ? "" : "[red]Not as hoped:[/] ") + Markup.Escape(step.Words), Minutes(step.Seconds));
        console.Write(table);
        foreach (DemoFigure figure in Figures)
            console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"{figure.Plant}: {figure.What} {figure.Before:P1} -> {figure.After:P1}");
        console.WriteLine();
        console.WriteLine($"Report: {file}");
        console.WriteLine($"Hub:    {hub}");
        foreach (string account in Accounts)
            console.WriteLine("        " + account);
    }

    private string Bars()
    {
        const int width = 760, row = 64, left = 210;
        StringBuilder svg = new();
        svg.Append(CultureInfo.InvariantCulture, $"<svg viewBox=\"0 0 {width} {Figures.Count * row}\" role=\"img\" aria-label=\"Before and after\" font-size=\"14\" fill=\"currentColor\">");
        for (int i = 0; i < Figures.Count; i++)
        {
            DemoFigure f = Figures[i];
            int y = i * row;
            double scale = width - left - 70;
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"0\" y=\"{y + 24}\" font-weight=\"600\">{Text(f.Plant)}</text><text x=\"0\" y=\"{y + 42}\" opacity=\".7\">{Text(f.What)}</text>");
            svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{left}\" y=\"{y + 10}\" width=\"{f.Before * scale:0.#}\" height=\"16\" rx=\"3\" opacity=\".35\"/><text x=\"{left + (f.Before * scale) + 6:0.#}\" y=\"{y + 23}\">before {f.Before:P1}</text>");
            svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{left}\" y=\"{y + 32}\" width=\"{f.After * scale:0.#}\" height=\"16\" rx=\"3\" fill=\"#2f9e44\"/><text x=\"{left + (f.After * scale) + 6:0.#}\" y=\"{y + 45}\">after {f.After:P1}</text>");
        }

        return svg.Append("</svg>").ToString();
    }

    private static string Text(string text) => WebUtility.HtmlEncode(text);

    private static string Minutes(double seconds) => seconds < 90 ? FormattableString.Invariant($"{seconds:0} s") : FormattableString.Invariant($"{seconds / 60:0.0} min");
}
