using System.Globalization;
using System.Net;
using System.Text;

namespace Perenne.Cli.Demo;

/// <summary>The report as one HTML file that needs nothing else.</summary>
internal static class DemoReportPage
{
    private const string Style = """
        :root { color-scheme: light dark; --line: color-mix(in srgb, currentColor 16%, transparent); --soft: color-mix(in srgb, currentColor 5%, transparent); --good: #2b8a3e; --bad: #c92a2a; --accent: #1c6dd0; }
        @media (prefers-color-scheme: dark) { :root { --good: #69db7c; --bad: #ff8787; --accent: #74b2ff; } }
        * { box-sizing: border-box; } body { font: 16px/1.55 system-ui, sans-serif; max-width: 64rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem; }
        h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 .5rem; } h2 { font-size: 1.15rem; margin: 2.5rem 0 .75rem; } p { margin: .25rem 0; } a { color: var(--accent); }
        .lead { font-size: 1.05rem; max-width: 48rem; } .figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: .75rem; margin-top: 1.5rem; }
        .figure { border: 1px solid var(--line); border-radius: .6rem; padding: .8rem 1rem; } .figure b { display: block; font-size: 1.5rem; line-height: 1.3; font-variant-numeric: tabular-nums; } .figure span { opacity: .75; font-size: .9rem; }
        ol { list-style: none; margin: 0; padding: 0; } li.step { display: grid; grid-template-columns: 2rem 1fr 8.5rem; gap: 0 .75rem; padding: .9rem 0; border-top: 1px solid var(--line); }
        .mark { width: 1.6rem; height: 1.6rem; border-radius: 50%; display: grid; place-items: center; font-size: .85rem; font-weight: 600; color: var(--good); border: 2px solid currentColor; } .bad .mark, .bad .verdict { color: var(--bad); }
        .step h3 { font-size: 1rem; margin: 0; } .links { font-size: .9rem; } .links a { margin-right: .9rem; } .cost { text-align: right; font-variant-numeric: tabular-nums; font-size: .9rem; } .cost i { display: block; height: .35rem; border-radius: 1rem; background: var(--accent); margin: .35rem 0 0 auto; min-width: 2px; } .quiet { opacity: .72; }
        svg { width: 100%; height: auto; } table { border-collapse: collapse; } td { padding: .2rem 1.25rem .2rem 0; } code { background: var(--soft); padding: .1rem .35rem; border-radius: 4px; }
        @media (max-width: 40rem) { li.step { grid-template-columns: 2rem 1fr; } .cost { grid-column: 2; text-align: left; } .cost i { margin-left: 0; } }
        """;

    public static string Of(DemoReport report)
    {
        StringBuilder page = new();
        page.Append(CultureInfo.InvariantCulture, $"<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>{Text(report.Title)}</title><style>{Style}</style>");
        page.Append(CultureInfo.InvariantCulture, $"<h1>{Text(report.Title)}</h1><p class=\"lead\">Three plants, simulated people, real everything else: the hub noticed what changed, had it measured, learnt it and rolled the new model out by its own policy; people only annotated. Look around at <a href=\"{Text(report.Address)}\">{Text(report.Address)}</a> while the demo runs.</p>");
        page.Append("<div class=\"figures\">");
        Figure(report.Succeeded ? "closed" : "not closed", "the loop");
        Figure(DemoReport.Lasted(report.Seconds), "from an empty folder to now");
        Figure(DemoReport.Lasted(report.ProcessorSeconds), "processor time of hub, trainers and stations");
        page.Append("</div>");
        if (report.Figures.Count > 0)
            page.Append("<h2>Before and after, on images that nobody trained on</h2><p class=\"quiet\">Mean average precision at an overlap (IoU) of 0.33, over all classes; a class that a model does not know counts as 0.</p>").Append(Bars(report.Figures));
        page.Append("<h2>What happened, and what it cost</h2><ol>");
        double longest = report.Steps.Select(s => s.Seconds).DefaultIfEmpty(1).Max();
        foreach ((int i, DemoStepDone step) in report.Steps.Index())
        {
            page.Append(CultureInfo.InvariantCulture, $"<li class=\"step{(step.Good ? "" : " bad")}\"><span class=\"mark\">{i + 1}</span><div><h3>{Text(step.Name)}</h3><p>{(step.Good ? "" : "<b class=\"verdict\">Not as it should be:</b> ")}{Text(step.Words)}</p>");
            if (step.Links.Count > 0)
                page.Append("<p class=\"links\">").AppendJoin("", step.Links.Select(l => $"<a href=\"{Text(report.Address + l.Path)}\">{Text(l.Words)}</a>")).Append("</p>");
            page.Append(CultureInfo.InvariantCulture, $"</div><div class=\"cost\">{DemoReport.Lasted(step.Seconds)} <span class=\"quiet\">/ {DemoReport.Lasted(step.ProcessorSeconds)} CPU</span><i style=\"width:{Math.Round(100 * step.Seconds / longest)}%\"></i></div></li>");
        }

        page.Append(CultureInfo.InvariantCulture, $"</ol><h2>Look around</h2><p>Every account has the password <code>{Text(DemoWorld.Password)}</code>.</p><table>");
        foreach (DemoAccount account in report.Accounts)
            page.Append(CultureInfo.InvariantCulture, $"<tr><td><code>{Text(account.Email)}</code><td>{Text(account.Role)}");
        return page.Append("</table></html>").ToString();

        void Figure(string value, string words) => page.Append(CultureInfo.InvariantCulture, $"<div class=\"figure\"><b>{Text(value)}</b><span>{Text(words)}</span></div>");
    }

    private static string Bars(List<DemoFigure> figures)
    {
        const int width = 760, row = 66, left = 200, right = 130;
        StringBuilder svg = new();
        svg.Append(CultureInfo.InvariantCulture, $"<svg viewBox=\"0 0 {width} {figures.Count * row}\" role=\"img\" aria-label=\"Mean average precision before and after, for each plant\" font-size=\"14\" fill=\"currentColor\">");
        foreach ((int i, DemoFigure f) in figures.Index())
        {
            int y = i * row;
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"0\" y=\"{y + 25}\" font-weight=\"600\">{Text(f.Plant)}</text><text x=\"0\" y=\"{y + 44}\" opacity=\".72\">{Text(f.What)}</text>");
            Bar(y + 10, f.Before, "first model", "opacity=\".35\"");
            Bar(y + 32, f.After, "new model", "fill=\"#2f9e44\"");
        }

        return svg.Append("</svg>").ToString();

        void Bar(int y, double share, string words, string look)
        {
            double length = share * (width - left - right);
            svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{left}\" y=\"{y}\" width=\"{length:0.#}\" height=\"17\" rx=\"3\" {look}/><text x=\"{left + length + 8:0.#}\" y=\"{y + 14}\"><tspan font-weight=\"600\">{share:P1}</tspan> {words}</text>");
        }
    }

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
