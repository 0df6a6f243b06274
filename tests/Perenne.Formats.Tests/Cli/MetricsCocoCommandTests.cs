using System.Text.Json;
using Perenne.Cli.Commands;
using Perenne.TestSupport;
using Perenne.Vision.Metrics;

namespace Perenne.Formats.Tests.Cli;

public sealed class MetricsCocoCommandTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("perenne-metrics");

    private const string Truth = """
        {"images":[{"id":1,"width":10,"height":10}],"categories":[{"id":3,"name":"a"}],
         "annotations":[{"id":1,"image_id":1,"category_id":3,"bbox":[0,0,4,4],"area":16,"iscrowd":0,"segmentation":[[0,0,4,0,4,4,0,4]]}]}
        """;

    [Fact]
    public void The_golden_cases_come_out_of_the_files_with_full_precision()
    {
        foreach (string line in File.ReadLines(SharedData.Require("golden/coco-map/cases.jsonl")).Where((_, i) => i % 10 == 0))
        {
            using JsonDocument golden = JsonDocument.Parse(line);
            (int code, string output, _) = Run(golden.RootElement.GetProperty("gt").GetRawText(), golden.RootElement.GetProperty("dt").GetRawText(), json: true);
            Assert.Equal(0, code);
            using JsonDocument printed = JsonDocument.Parse(output);
            double[] expected = golden.RootElement.GetProperty("stats").Deserialize<double[]>()!, actual = printed.RootElement.GetProperty("stats").Deserialize<double[]>()!;
            Assert.Equal(12, actual.Length);
            Assert.All(expected.Zip(actual), p => Assert.Equal(p.First, p.Second, 1e-9));
            var perCategory = printed.RootElement.GetProperty("ap_per_category").Deserialize<Dictionary<string, double>>()!;
            Assert.All(golden.RootElement.GetProperty("ap_per_category").Deserialize<Dictionary<string, double>>()!, p => Assert.Equal(p.Value, perCategory[p.Key], 1e-9));
        }
    }

    [Fact]
    public void People_read_the_lines_they_know()
    {
        (int code, string output, _) = Run(Truth, """[{"image_id":1,"category_id":3,"bbox":[0,0,4,4],"score":0.5}]""");
        Assert.Equal(0, code);
        string[] lines = output.TrimEnd().Split('\n');
        Assert.Equal(12, lines.Length);
        Assert.Equal(" Average Precision  (AP) @[ IoU=0.50:0.95 | area=   all | maxDets=100 ] = 1.000", lines[0]);
        Assert.Equal(" Average Precision  (AP) @[ IoU=0.50      | area=   all | maxDets=100 ] = 1.000", lines[1]);
        Assert.Equal(" Average Precision  (AP) @[ IoU=0.50:0.95 | area=medium | maxDets=100 ] = -1.000", lines[4]);
        Assert.Equal(" Average Recall     (AR) @[ IoU=0.50:0.95 | area=   all | maxDets=  1 ] = 1.000", lines[6]);
    }

    [Fact]
    public void A_token_larger_than_the_buffer_and_values_across_its_border_are_read()
    {
        // Fields nobody asked for push every value over the border of the 64 KiB buffer somewhere, and one text is larger than it.
        string padding = string.Concat(Enumerable.Range(0, 3000).Select(i => $$"""{"image_id":1,"category_id":3,"bbox":[0,0,4,{{4 + i % 3}}],"score":0.{{1000 + i}},"note":["{{new string('x', i % 97)}}",{"a":[1,2]}]},"""));
        string detections = "[" + padding + """{"note":"LONG","image_id":1,"category_id":3,"bbox":[0,0,4,4],"score":0.99}]""".Replace("LONG", new string('é', 300_000), StringComparison.Ordinal);
        Assert.True(detections.Length > 500_000);
        (int code, string output, string error) = Run(Truth, detections);
        Assert.Equal((0, ""), (code, error));
        Assert.EndsWith("= 1.000", output.Split('\n')[0], StringComparison.Ordinal);
        (_, _, error) = Run(Truth, detections[..^20]);
        Assert.StartsWith("dt.json: not valid JSON at line 1, byte ", error, StringComparison.Ordinal);
        Assert.Contains("(in [3000].", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Masks_are_read_as_polygons_and_as_runs()
    {
        string runs = """[{"image_id":1,"category_id":3,"score":0.5,"segmentation":{"size":[10,10],"counts":[0,4,6,4,6,4,6,4,66]}}]""";
        (int code, string output, string error) = Run(Truth, runs, overlap: OverlapKind.Mask);
        Assert.Equal("", error);
        Assert.Equal(0, code);
        Assert.EndsWith("= 1.000", output.Split('\n')[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[{\"image_id\":1,\"category_id\":3,\"bbox\":[0,0,4],\"score\":1}]", "dt.json: [0].bbox: expected 4 numbers [x, y, width, height], found 3.")]
    [InlineData("[{\"image_id\":1,\"category_id\":3,\"bbox\":\"0 0 4 4\",\"score\":1}]", "dt.json: [0].bbox: expected 4 numbers [x, y, width, height], found a text.")]
    [InlineData("[{\"image_id\":1,\"category_id\":3,\"bbox\":[0,0,4,-4],\"score\":1}]", "dt.json: [0].bbox: the box's width and height must not be negative ([x, y, width, height]).")]
    [InlineData("[{\"image_id\":1,\"category_id\":3,\"bbox\":[0,0,4,4]}]", "dt.json: [0]: \"score\" is missing; expected a number.")]
    [InlineData("[{\"image_id\":1,\"category_id\":3,\"score\":1}]", "dt.json: [0]: \"bbox\" is missing; expected 4 numbers [x, y, width, height].")]
    [InlineData("[{\"image_id\":7,\"category_id\":3,\"bbox\":[0,0,4,4],\"score\":1}]", "dt.json: [0]: image_id is 7, but the ground truth has no image with that id.")]
    [InlineData("{\"a\":1}", "dt.json: expected a list of detections [{image_id, category_id, bbox, score}, …], found an object.")]
    [InlineData("[{\"image_id\":1,", "dt.json: not valid JSON at line 1, byte 15 (in [0].image_id).")]
    [InlineData("", "dt.json: not valid JSON at line 1, byte 1.")]
    public void A_malformed_file_is_refused_with_the_place_and_what_was_expected(string detections, string expected)
    {
        (int code, string output, string error) = Run(Truth, detections);
        Assert.Equal(1, code);
        Assert.Equal("", output);
        Assert.Equal(expected, error.TrimEnd());
    }

    [Fact]
    public void A_missing_file_and_a_missing_list_are_named()
    {
        Assert.Contains("\"categories\" is missing", Run("""{"images":[],"annotations":[]}""", "[]").Error, StringComparison.Ordinal);
        var error = new StringWriter();
        Assert.Equal(1, MetricsCocoCommand.Run(new FileInfo(Path.Combine(folder.FullName, "none.json")), new FileInfo("none"), OverlapKind.Box, false, TextWriter.Null, error));
        Assert.Contains("none.json does not exist", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Detections_of_unknown_categories_are_left_out_and_counted()
    {
        (int code, _, string error) = Run(Truth, """[{"image_id":1,"category_id":99,"bbox":[0,0,4,4],"score":0.5}]""");
        Assert.Equal(0, code);
        Assert.StartsWith("1 detections are of categories", error, StringComparison.Ordinal);
    }

    public void Dispose() => folder.Delete(recursive: true);

    private (int Code, string Output, string Error) Run(string truth, string detections, bool json = false, OverlapKind overlap = OverlapKind.Box)
    {
        string gt = Path.Combine(folder.FullName, "gt.json"), dt = Path.Combine(folder.FullName, "dt.json");
        File.WriteAllText(gt, truth);
        File.WriteAllText(dt, detections);
        using StringWriter output = new(), error = new();
        int code = MetricsCocoCommand.Run(new FileInfo(gt), new FileInfo(dt), overlap, json, output, error);
        return (code, output.ToString(), error.ToString());
    }
}
