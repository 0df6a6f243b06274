using System.Globalization;
using System.Text;
using Perenne.Vision.Metrics;

namespace Perenne.Cli.Metrics;

/// <summary>The 12 lines people know from pycocotools.</summary>
internal static class CocoSummary
{
    private static readonly (bool Precision, string Iou, string Area, int Limit)[] Lines =
    [
        (true, "0.50:0.95", "all", 100), (true, "0.50", "all", 100), (true, "0.75", "all", 100),
        (true, "0.50:0.95", "small", 100), (true, "0.50:0.95", "medium", 100), (true, "0.50:0.95", "large", 100),
        (false, "0.50:0.95", "all", 1), (false, "0.50:0.95", "all", 10), (false, "0.50:0.95", "all", 100),
        (false, "0.50:0.95", "small", 100), (false, "0.50:0.95", "medium", 100), (false, "0.50:0.95", "large", 100),
    ];

    public static string Text(CocoResult result)
    {
        var text = new StringBuilder();
        foreach (((bool precision, string iou, string area, int limit), double value) in Lines.Zip(result.Stats()))
        {
            (string title, string kind) = precision ? ("Average Precision", "(AP)") : ("Average Recall", "(AR)");
            text.Append(CultureInfo.InvariantCulture, $" {title,-18} {kind} @[ IoU={iou,-9} | area={area,6} | maxDets={limit,3} ] = {value:F3}\n");
        }
        return text.ToString();
    }
}
