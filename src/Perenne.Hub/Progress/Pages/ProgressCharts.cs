using System.Globalization;
using System.Text.Json;
using Perenne.Hub.Annotate;

namespace Perenne.Hub.Progress.Pages;

/// <summary>ECharts options of the progress page.</summary>
internal static class ProgressCharts
{
    /// <summary>Answers a day, each person stacked on the others, with the pace that the date asks for.</summary>
    public static string PerDay(ProgressReport report, string needed)
    {
        double perImage = report.Forecast.PerDay <= 0 || report.Campaign.Totals.Done == 0 ? 1 : Math.Max(1, (double)report.Days.Sum(d => d.Submitted) / report.Campaign.Totals.Done);
        ILookup<(Guid, DateOnly), int> by = report.PersonDays.ToLookup(d => (d.PersonId, d.Day), d => d.Submitted);
        var series = report.People.Where(p => report.PersonDays.Any(d => d.PersonId == p.PersonId && d.Submitted > 0))
            .Select(p => (object)new { type = "bar", stack = "people", name = p.Name, data = report.Days.Select(d => by[(p.PersonId, d.Day)].Sum()) }).ToList();
        if (report.Forecast.NeededPerDay is { } pace)
            series.Add(new { type = "line", name = needed, symbol = "none", lineStyle = new { type = "dashed" }, data = report.Days.Select(_ => Math.Round(pace * perImage, 1)) });
        return Write(report, series);
    }

    public static string Skips(ProgressReport report, Func<SkipReason, string> words) => Write(report, [.. report.Skips.Select(s => s.Reason).Distinct().Order().Select(reason =>
        (object)new { type = "bar", stack = "skips", name = words(reason), data = report.Days.Select(d => report.Skips.Where(s => s.Day == d.Day && s.Reason == reason).Sum(s => s.Images)) })]);

    public static string Reviews(ProgressReport report, string accepted, string corrected, string rejected) => Write(report,
    [
        new { type = "bar", stack = "reviews", name = accepted, data = report.Days.Select(d => d.Accepted) },
        new { type = "bar", stack = "reviews", name = corrected, data = report.Days.Select(d => d.Fixed) },
        new { type = "bar", stack = "reviews", name = rejected, data = report.Days.Select(d => d.Rejected) },
    ]);

    private static string Write(ProgressReport report, IReadOnlyList<object> series) => JsonSerializer.Serialize(new
    {
        xAxis = new { type = "category", data = report.Days.Select(d => d.Day.ToString("M", CultureInfo.CurrentCulture)) },
        yAxis = new { type = "value", minInterval = 1 },
        legend = new { type = "scroll" },
        series,
    });
}
