using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Perenne.Cli.Metrics;
using Perenne.Vision.Metrics;

namespace Perenne.Cli.Commands;

/// <summary><c>perenne metrics coco</c>: the figures pycocotools prints.</summary>
internal static class MetricsCocoCommand
{
    public static Command Create()
    {
        var truth = new Option<FileInfo>("--gt") { Description = "Ground truth: a COCO file {images, annotations, categories}.", Required = true };
        var found = new Option<FileInfo>("--dt") { Description = "Detections: a COCO results file [{image_id, category_id, bbox, score}, …]; with --iou segm also segmentation.", Required = true };
        var iou = new Option<string>("--iou") { Description = "What overlaps: boxes or masks.", DefaultValueFactory = _ => "bbox" };
        iou.AcceptOnlyFromAmong("bbox", "segm");
        var json = new Option<bool>("--json") { Description = "Print {\"stats\": 12 numbers, \"ap_per_category\": {id: AP}} with full precision; -1 = nothing to count." };
        var command = new Command("coco", "The 12 COCO figures, equal to pycocotools'.") { truth, found, iou, json };
        command.SetAction(result => Run(
            result.GetRequiredValue(truth), result.GetRequiredValue(found),
            result.GetValue(iou) == "segm" ? OverlapKind.Mask : OverlapKind.Box, result.GetValue(json),
            result.InvocationConfiguration.Output, result.InvocationConfiguration.Error));
        return command;
    }

    internal static int Run(FileInfo truth, FileInfo found, OverlapKind overlap, bool json, TextWriter output, TextWriter error)
    {
        CocoResult result;
        try
        {
            CocoInput input = CocoInput.Read(truth, found, overlap);
            if (input.OtherCategories > 0)
                error.WriteLine($"{input.OtherCategories} detections are of categories the ground truth does not list; they are left out.");
            result = CocoEvaluation.Evaluate(input.Images, input.Categories, input.Truth, input.Detections, new CocoOptions { Overlap = overlap });
        }
        catch (Exception e) when (e is FormatException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            error.WriteLine(e.Message);
            return 1;
        }
        output.Write(json ? Json(result) : CocoSummary.Text(result));
        return 0;
    }

    private static string Json(CocoResult result)
    {
        var perCategory = result.Categories.Select((id, k) => (id, ap: result.AveragePrecisionOf(k)))
            .ToDictionary(p => p.id.ToString(CultureInfo.InvariantCulture), p => p.ap);
        return JsonSerializer.Serialize(new { stats = result.Stats(), ap_per_category = perCategory }) + "\n";
    }
}
