using System.Globalization;
using System.Text.Json;
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

    private static string Iso(DateTimeOffset at) => at.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
}
