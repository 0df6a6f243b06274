using System.Text.Json;
using Perenne.Hub.Agree.Figures;

namespace Perenne.Hub.Agree.Pages;

/// <summary>ECharts options (web/charts draws them with the house theme and shows their figures as a table).</summary>
internal static class AgreementCharts
{
    private static readonly string[] FromApartToTogether = ["#d55e00", "#f2e6d8", "#0072b2"];

    public static string Pairs(AgreementReport report, string title)
    {
        string[] people = [.. report.People.Select(p => p.Name)];
        Dictionary<Guid, int> at = report.People.Select((p, i) => (p.PersonId, i)).ToDictionary(p => p.PersonId, p => p.i);
        var cells = report.Pairs.Where(p => p.F1.Value is not null && at.ContainsKey(p.FirstId) && at.ContainsKey(p.SecondId)).SelectMany(p =>
        {
            double value = Math.Round(p.F1.Value!.Value, 3);
            return new object[] { new object[] { at[p.FirstId], at[p.SecondId], value }, new object[] { at[p.SecondId], at[p.FirstId], value } };
        });
        return JsonSerializer.Serialize(new
        {
            legend = new { show = false },
            tooltip = new { trigger = "item" },
            grid = new { top = 8 },
            xAxis = new { type = "category", data = people, splitArea = new { show = false } },
            yAxis = new { type = "category", data = people, inverse = true },
            visualMap = new { min = 0, max = 1, show = false, inRange = new { color = FromApartToTogether } },
            series = new[] { new { type = "heatmap", name = title, data = cells, label = new { show = report.People.Count <= 12 } } },
        });
    }
}
