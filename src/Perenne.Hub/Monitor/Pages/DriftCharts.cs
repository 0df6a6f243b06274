using System.Globalization;
using System.Text.Json;
using Perenne.Hub.Deploy;
using Perenne.Hub.Shared.Pages;

namespace Perenne.Hub.Monitor.Pages;

/// <summary>ECharts options (web/charts draws them with the house theme and shows their figures as a table).</summary>
internal static class DriftCharts
{
    private const int MostLines = 5;

    /// <summary>How far the strongest signals were from the reference, round by round, with what was done to the line and the model.</summary>
    public static string Effects(DriftReportDetail detail, Text t, Func<DateTimeOffset, string> moment)
    {
        string[] names = [.. detail.Earlier.SelectMany(r => r.Signals).GroupBy(s => s.Signal).OrderByDescending(g => g.Max(s => s.IsFlagged ? 1 + s.Effect : s.Effect)).Take(MostLines).Select(g => g.Key)];
        object[] Points(string signal) => [.. detail.Earlier.Select(r => new object?[]
            { Iso(r.CurrentTo), r.Signals.FirstOrDefault(s => s.Signal == signal) is { } s ? Math.Round(s.Effect, 3) : null })];
        DateTimeOffset from = detail.Earlier[0].CurrentFrom, to = detail.Report.CurrentTo;
        var marks = detail.LineChanges.Where(c => c.At >= from && c.At <= to).Select(c => (c.At, Words: c.What))
            .Concat(detail.Deployments.Where(d => d.At >= from && d.At <= to).Select(d => (d.At, Words: $"v{d.Model} {StageWords(t, d.Stage)}")))
            .Concat(detail.ModelChanges.Where(m => m >= from && m <= to).Select(m => (At: m, Words: t["new reference"])))
            .Select(m => new { xAxis = Iso(m.At), label = new { formatter = m.Words.Length > 24 ? m.Words[..23] + "…" : m.Words }, name = $"{moment(m.At)}: {m.Words}" });
        return JsonSerializer.Serialize(new
        {
            tooltip = new { trigger = "axis" },
            xAxis = new { type = "time" },
            yAxis = new { type = "value", min = 0, max = 1, name = t["difference"] },
            series = names.Select((name, i) => (object)new
            {
                type = "line", name = MonitorWords.Signal(t, name), data = Points(name), symbolSize = 5, connectNulls = true,
                markLine = i > 0 ? null : new { symbol = "none", data = (object[])[.. marks, new { yAxis = 0.1, label = new { formatter = t["matters from here"] } }] },
            }),
        });
    }

    /// <summary>F1 over time, one line for each organization and version; low and high of the interval as thin lines.</summary>
    public static string Measured(IReadOnlyList<MeasurementRow> rows, Text t)
    {
        var lines = rows.GroupBy(r => (r.Organization, r.Model)).SelectMany(g => (IEnumerable<object>)
        [
            Line($"{g.Key.Organization} · v{g.Key.Model}", g, r => r.F1.Value, 2),
            Line($"{g.Key.Organization} · v{g.Key.Model} {t["low"]}", g, r => r.F1.Low, 0.5),
            Line($"{g.Key.Organization} · v{g.Key.Model} {t["high"]}", g, r => r.F1.High, 0.5),
        ]);
        return JsonSerializer.Serialize(new { tooltip = new { trigger = "axis" }, xAxis = new { type = "time" }, yAxis = new { type = "value", min = 0, max = 1, name = "F1" }, series = lines });

        static object Line(string name, IEnumerable<MeasurementRow> rows, Func<MeasurementRow, double> of, double width) => new
        {
            type = "line", name, symbolSize = 5, lineStyle = new { width }, data = rows.Select(r => new object[] { Iso(r.At), Math.Round(of(r), 4) }),
        };
    }

    private static string StageWords(Text t, DeploymentStage stage) => stage switch
    {
        DeploymentStage.Shadow => t["in shadow"],
        DeploymentStage.Canary => t["as canary"],
        DeploymentStage.Active => t["active"],
        DeploymentStage.Withdrawn => t["withdrawn"],
        _ => t["rolled back"],
    };

    private static string Iso(DateTimeOffset at) => at.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
}
