using System.Globalization;
using Perenne.Hub.Shared.Pages;

namespace Perenne.Hub.Observe.Pages;

/// <summary>ECharts options of what stations saw. Colours of verdicts are the same everywhere; the element adds patterns, so that they are never colour alone.</summary>
internal static class ObservationCharts
{
    private const string Good = "#009e73", Bad = "#d55e00", Unsure = "#e69f00";
    private const int HoursByDay = 72;

    /// <summary>Parts by verdict, stacked; by day for long periods.</summary>
    public static object Parts(IEnumerable<HourFigures> hours, int period, DateTimeOffset now, Text t)
    {
        var points = hours.GroupBy(h => Slot(h.Hour, period)).OrderBy(g => g.Key).Select(g => (At: Iso(g.Key), Ok: g.Sum(h => h.Frames - h.NotOk - h.CannotJudge), NotOk: g.Sum(h => h.NotOk), Cannot: g.Sum(h => h.CannotJudge))).ToList();
        object Series(string name, string colour, IEnumerable<object[]> data) => new { type = "bar", stack = "parts", name, data = data.ToArray(), barMaxWidth = 24, itemStyle = new { color = colour } };
        return new
        {
            tooltip = new { trigger = "axis" }, legend = new { }, xAxis = Axis(period, now), yAxis = new { type = "value", minInterval = 1, name = t["Parts"] },
            series = new[]
            {
                Series("OK", Good, points.Select(p => new object[] { p.At, p.Ok })),
                Series(t["NOT OK"], Bad, points.Select(p => new object[] { p.At, p.NotOk })),
                Series(t["cannot judge"], Unsure, points.Select(p => new object[] { p.At, p.Cannot })),
            },
        };
    }

    /// <summary>Share of rejected parts, one line an organization. A point needs enough parts to say anything.</summary>
    public static object DefectRate(IEnumerable<HourFigures> hours, int period, DateTimeOffset now, Func<Guid, string> name) => Lines(hours, period, now, name, "%", group =>
        group.Sum(h => h.Frames - h.CannotJudge) is var judged and >= 10 ? Math.Round(100.0 * group.Sum(h => h.NotOk) / judged, 2) : null);

    /// <summary>The slowest hour's 99th percentile, one line an organization.</summary>
    public static object Latency(IEnumerable<HourFigures> hours, int period, DateTimeOffset now, Func<Guid, string> name) => Lines(hours, period, now, name, "ms", group => group.Max(h => h.LatencyP99) is { } most ? Math.Round(most, 1) : null);

    /// <summary>The strongest class of rejected parts, most frequent on top.</summary>
    public static object Classes(IReadOnlyList<ClassFigures> classes) => new
    {
        tooltip = new { trigger = "axis" }, grid = new { top = 8 }, xAxis = new { type = "value", minInterval = 1 },
        yAxis = new { type = "category", inverse = true, data = classes.Select(c => c.Class).ToArray() },
        series = new[] { new { type = "bar", data = classes.Select(c => c.Parts).ToArray(), barMaxWidth = 18, itemStyle = new { color = Bad }, label = new { show = true, position = "right" } } },
    };

    private static object Lines(IEnumerable<HourFigures> hours, int period, DateTimeOffset now, Func<Guid, string> name, string unit, Func<IGrouping<DateTimeOffset, HourFigures>, double?> value) => new
    {
        tooltip = new { trigger = "axis" }, legend = new { }, xAxis = Axis(period, now), yAxis = new { type = "value", min = 0, name = unit },
        series = hours.GroupBy(h => h.OrganizationId).Select(o => new
        {
            type = "line", name = name(o.Key), symbolSize = 5, connectNulls = true,
            data = o.GroupBy(h => Slot(h.Hour, period)).OrderBy(g => g.Key).Select(g => new object?[] { Iso(g.Key), value(g) }).ToArray(),
        }).ToArray(),
    };

    // The whole period and no more, however little was seen in it.
    private static object Axis(int period, DateTimeOffset now) => new { type = "time", min = Iso(Slot(now.AddHours(-period), period)), max = Iso(now) };

    private static DateTimeOffset Slot(DateTimeOffset hour, int period) => period > HoursByDay ? new DateTimeOffset(hour.UtcDateTime.Date, TimeSpan.Zero) : hour;

    private static string Iso(DateTimeOffset at) => at.ToString("O", CultureInfo.InvariantCulture);
}
