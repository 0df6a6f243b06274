using System.Collections.Immutable;
using System.Text.Json;
using Perenne.Vision.Geometry;
using Perenne.Vision.Metrics;

namespace Perenne.Vision.Tests.Metrics;

/// <summary>
/// Thirty mask cases with the figures of the COCO toolbox: rasterization, merging, area and IoU by its own C code (maskApi.c, revision 28dffd92 of its
/// repository), evaluation by a plain transcription of its rules that gives the figures of all 300 golden box cases within 4e-16. Made once, outside this
/// repository, for masks have no golden file.
/// </summary>
public class CocoMaskReferenceTests
{
    private static readonly JsonElement[] Cases = Read();

    [Fact]
    public void Polygons_fill_the_pixels_the_toolbox_fills()
    {
        int polygons = 0;
        foreach (JsonElement c in Cases)
        {
            ImageSize size = SizeOf(c);
            foreach ((JsonElement annotation, JsonElement counts) in c.GetProperty("gt").GetProperty("annotations").EnumerateArray().Zip(c.GetProperty("truth_counts").EnumerateArray()))
            {
                Assert.Equal(counts.GetString(), MaskString.Encode(TruthMask(annotation, size)));
                Assert.Equal(annotation.GetProperty("area").GetInt64(), TruthMask(annotation, size).Area);
                Box bounds = MaskOperations.Bounds(TruthMask(annotation, size))!.Value;
                Assert.Equal(annotation.GetProperty("bbox").Deserialize<double[]>()!, new[] { bounds.X, bounds.Y, bounds.Width, bounds.Height });
                polygons++;
            }
            foreach ((JsonElement found, JsonElement ring) in c.GetProperty("dt").EnumerateArray().Zip(c.GetProperty("rings").EnumerateArray()))
                Assert.Equal(found.GetProperty("segmentation").GetProperty("counts").GetString(), MaskString.Encode(CocoRasterizer.Rasterize(new PolygonShape([Ring(ring)]), size)));
        }
        Assert.InRange(polygons, 100, 1000);
    }

    [Fact]
    public void Overlaps_are_those_of_the_toolbox_crowds_included()
    {
        int crowds = 0;
        foreach (JsonElement c in Cases)
        {
            JsonElement[] truth = [.. c.GetProperty("gt").GetProperty("annotations").EnumerateArray()];
            foreach ((JsonElement row, JsonElement found) in c.GetProperty("ious").EnumerateArray().Zip(c.GetProperty("dt").EnumerateArray()))
                for (int g = 0; g < truth.Length; g++)
                {
                    bool crowd = truth[g].GetProperty("iscrowd").GetInt32() == 1;
                    crowds += crowd && row[g].GetDouble() > 0 ? 1 : 0;
                    Assert.Equal(row[g].GetDouble(), MaskOperations.Iou(FoundMask(found, SizeOf(c)), TruthMask(truth[g], SizeOf(c)), crowd), 1e-12);
                }
        }
        Assert.InRange(crowds, 3, 1000);
    }

    [Fact]
    public void The_12_figures_on_masks_are_those_of_the_toolbox()
    {
        foreach (JsonElement c in Cases)
        {
            JsonElement gt = c.GetProperty("gt");
            GroundTruth[] truth = [.. gt.GetProperty("annotations").EnumerateArray().Select(a => new GroundTruth(a.GetProperty("image_id").GetInt64(), a.GetProperty("category_id").GetInt64(),
                default, a.GetProperty("area").GetDouble(), a.GetProperty("iscrowd").GetInt32() == 1, TruthMask(a, SizeOf(c))))];
            Detection[] found = [.. c.GetProperty("dt").EnumerateArray().Select(d => new Detection(d.GetProperty("image_id").GetInt64(), d.GetProperty("category_id").GetInt64(),
                default, d.GetProperty("score").GetDouble(), FoundMask(d, SizeOf(c))))];
            CocoResult result = CocoEvaluation.Evaluate(Ids(gt, "images"), Ids(gt, "categories"), truth, found, new CocoOptions { Overlap = OverlapKind.Mask });
            Assert.All(c.GetProperty("stats").Deserialize<double[]>()!.Zip(result.Stats()), p => Assert.Equal(p.First, p.Second, 1e-9));
            var perCategory = c.GetProperty("ap_per_category").Deserialize<Dictionary<long, double>>()!;
            for (int k = 0; k < result.Categories.Count; k++)
                Assert.Equal(perCategory[result.Categories[k]], result.AveragePrecisionOf(k), 1e-9);
        }
    }

    [Fact]
    public void The_cases_cover_all_sizes_and_crowds()
    {
        Assert.Equal(30, Cases.Length);
        for (int figure = 0; figure < 12; figure++)
            Assert.Contains(Cases, c => c.GetProperty("stats")[figure].GetDouble() is > 0 and < 1);
    }

    private static JsonElement[] Read()
    {
        using StreamReader text = new(typeof(CocoMaskReferenceTests).Assembly.GetManifestResourceStream("coco-mask-cases.jsonl")!);
        return [.. text.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement)];
    }

    private static long[] Ids(JsonElement gt, string list) => [.. gt.GetProperty(list).EnumerateArray().Select(e => e.GetProperty("id").GetInt64())];

    private static ImageSize SizeOf(JsonElement c)
    {
        JsonElement image = c.GetProperty("gt").GetProperty("images")[0];
        return new ImageSize(image.GetProperty("width").GetInt32(), image.GetProperty("height").GetInt32());
    }

    private static RunLengthMask FoundMask(JsonElement d, ImageSize size) => MaskString.Decode(d.GetProperty("segmentation").GetProperty("counts").GetString(), size.Width, size.Height);

    private static RunLengthMask TruthMask(JsonElement a, ImageSize size)
    {
        JsonElement segmentation = a.GetProperty("segmentation");
        return segmentation.ValueKind == JsonValueKind.Object
            ? new RunLengthMask(size.Width, size.Height, [.. segmentation.GetProperty("counts").Deserialize<uint[]>()!])
            : CocoRasterizer.Rasterize(new PolygonShape([.. segmentation.EnumerateArray().Select(Ring)]), size);
    }

    private static ImmutableArray<ImagePoint> Ring(JsonElement numbers)
    {
        double[] n = numbers.Deserialize<double[]>()!;
        return [.. Enumerable.Range(0, n.Length / 2).Select(i => new ImagePoint(n[2 * i], n[2 * i + 1]))];
    }
}
