using System.Text.Json;
using Perenne.TestSupport;
using Perenne.Vision.Geometry;
using Perenne.Vision.Metrics;

namespace Perenne.Vision.Tests.Metrics;

public class CocoGoldenTests
{
    [Fact]
    public void All_300_cases_give_the_figures_of_pycocotools()
    {
        int cases = 0;
        foreach (string line in File.ReadLines(SharedData.Require("golden/coco-map/cases.jsonl")))
        {
            using JsonDocument document = JsonDocument.Parse(line);
            JsonElement golden = document.RootElement;
            CocoResult result = Evaluate(golden);
            double[] expected = golden.GetProperty("stats").Deserialize<double[]>()!;
            IReadOnlyList<double> stats = result.Stats();
            for (int i = 0; i < 12; i++)
                Assert.True(Math.Abs(expected[i] - stats[i]) <= 1e-9, $"case {cases}, figure {i}: expected {expected[i]}, got {stats[i]}");
            var perCategory = golden.GetProperty("ap_per_category").Deserialize<Dictionary<long, double>>()!;
            Assert.Equal(perCategory.Keys.Order(), result.Categories);
            for (int k = 0; k < result.Categories.Count; k++)
                Assert.Equal(perCategory[result.Categories[k]], result.AveragePrecisionOf(k), 1e-9);
            cases++;
        }
        Assert.Equal(300, cases);
    }

    [Fact]
    public void Masks_that_fill_their_boxes_give_the_figures_of_the_boxes()
    {
        GroundTruth[] truth = [.. Enumerable.Range(0, 40).Select(i => Filled(i % 5, i % 3, new Box(i * 7 % 80, i * 13 % 60, 8 + i % 20, 6 + i % 17)))];
        Detection[] found = [.. truth.Select((g, i) => Moved(g, i % 4, i % 3, 1.0 / (1 + i * 7 % 11)))];
        long[] images = [0, 1, 2, 3, 4], categories = [0, 1, 2];
        IReadOnlyList<double> boxes = CocoEvaluation.Evaluate(images, categories, truth, found).Stats();
        IReadOnlyList<double> masks = CocoEvaluation.Evaluate(images, categories, truth, found, new CocoOptions { Overlap = OverlapKind.Mask }).Stats();
        Assert.InRange(boxes[0], 0.05, 0.95);
        Assert.Equal(boxes, masks);
    }

    private static CocoResult Evaluate(JsonElement golden)
    {
        JsonElement gt = golden.GetProperty("gt");
        GroundTruth[] truth = [.. gt.GetProperty("annotations").EnumerateArray().Select(a => new GroundTruth(
            a.GetProperty("image_id").GetInt64(), a.GetProperty("category_id").GetInt64(), BoxOf(a),
            a.GetProperty("area").GetDouble(), a.GetProperty("iscrowd").GetInt32() == 1))];
        Detection[] detections = [.. golden.GetProperty("dt").EnumerateArray().Select(d => new Detection(
            d.GetProperty("image_id").GetInt64(), d.GetProperty("category_id").GetInt64(), BoxOf(d), d.GetProperty("score").GetDouble()))];
        return CocoEvaluation.Evaluate(Ids(gt, "images"), Ids(gt, "categories"), truth, detections);
    }

    private static long[] Ids(JsonElement gt, string list) => [.. gt.GetProperty(list).EnumerateArray().Select(e => e.GetProperty("id").GetInt64())];

    private static Box BoxOf(JsonElement element)
    {
        double[] b = element.GetProperty("bbox").Deserialize<double[]>()!;
        return new Box(b[0], b[1], b[2], b[3]);
    }

    private static GroundTruth Filled(long image, long category, Box box) => new(image, category, box, box.Area, Mask: MaskOf(box));

    private static Detection Moved(GroundTruth g, int dx, int dy, double score)
    {
        Box box = g.Box with { X = g.Box.X + dx, Y = g.Box.Y + dy };
        return new Detection(g.ImageId, g.CategoryId, box, score, MaskOf(box));
    }

    private static RunLengthMask MaskOf(Box b) => ScanlineRasterizer.Rasterize(
        PolygonShape.FromRing([new(b.X, b.Y), new(b.Right, b.Y), new(b.Right, b.Bottom), new(b.X, b.Bottom)]), new ImageSize(128, 96));
}
