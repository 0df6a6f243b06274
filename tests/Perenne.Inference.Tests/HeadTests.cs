using Perenne.Contracts.Models;
using Perenne.Contracts.Observations;
using Perenne.Imaging;
using Perenne.TestSupport;
using Perenne.Vision.Geometry;

namespace Perenne.Inference.Tests;

/// <summary>Each family with a network of known outputs, 64 × 64 input, image 128 × 128: every box comes back at twice the size.</summary>
public sealed class HeadTests : IDisposable
{
    private readonly TempFolder temp = new();

    public void Dispose() => temp.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Our_own_head_reads_distances_from_the_cell_centre(bool logits)
    {
        float[] scores = Filled(2 * 64, logits ? -9 : 0), boxes = new float[4 * 64];
        // Class 1 at cell (3, 2): centre (28, 20).
        int cell = 2 * 8 + 3;
        scores[64 + cell] = logits ? MathF.Log(0.9f / 0.1f) : 0.9f;
        (boxes[cell], boxes[64 + cell], boxes[128 + cell], boxes[192 + cell]) = (4, 3, 2, 1);
        Prediction p = Predicted(HeadFamily.Perenne, 2, new ModelHead { Family = HeadFamily.Perenne, Strides = [8], Logits = logits }, ("scores", scores, [1, 2, 8, 8]), ("boxes", boxes, [1, 4, 8, 8]));
        Same(Assert.Single(p.Detections), 1, 0.9, new Box(48, 34, 12, 8));
        Assert.Equal(Verdict.NotOk, p.Verdict);
    }

    [Fact]
    public void Our_own_head_with_two_levels_reads_both()
    {
        float[] fine = new float[64], coarse = new float[16];
        (fine[0], coarse[5]) = (0.8f, 0.7f);
        ModelHead head = new() { Family = HeadFamily.Perenne, Strides = [8, 16] };
        Prediction p = Predicted(HeadFamily.Perenne, 1, head, ("scores.8", fine, [1, 1, 8, 8]), ("boxes.8", Filled(256, 4), [1, 4, 8, 8]), ("scores.16", coarse, [1, 1, 4, 4]), ("boxes.16", Filled(64, 8), [1, 4, 4, 4]));
        Assert.Equal(2, p.Detections.Count);
        Same(p.Detections[0], 0, 0.8, new Box(0, 0, 16, 16));
        Same(p.Detections[1], 0, 0.7, new Box(32, 32, 32, 32));
    }

    [Fact]
    public void Yolox_adds_the_grid_and_takes_the_exponential_of_the_size()
    {
        // 8 × 8 + 4 × 4 + 2 × 2 cells; the second level's cell (1, 2) is row 64 + 2·4 + 1.
        float[] rows = new float[84 * 7];
        ((ReadOnlySpan<float>)[0.5f, 0.25f, MathF.Log(1.5f), MathF.Log(0.5f), 0.9f, 0.1f, 0.8f]).CopyTo(rows.AsSpan((64 + 9) * 7));
        Prediction p = Predicted(HeadFamily.Yolox, 2, null, ("output", rows, [1, 84, 7]));
        Same(Assert.Single(p.Detections), 1, 0.72, new Box(2 * (24 - 12), 2 * (36 - 4), 48, 16));
    }

    [Fact]
    public void Yolov5_multiplies_objectness_and_class()
    {
        float[] rows = new float[10 * 7];
        ((ReadOnlySpan<float>)[20, 30, 10, 6, 0.5f, 0.9f, 0.2f]).CopyTo(rows.AsSpan(3 * 7));
        Same(Assert.Single(Predicted(HeadFamily.Yolov5, 2, null, ("output", rows, [1, 10, 7])).Detections), 0, 0.45, new Box(30, 54, 20, 12));
    }

    [Fact]
    public void Yolov8_is_transposed_and_has_no_objectness()
    {
        float[] data = new float[6 * 10];
        foreach ((int row, float v) in (ReadOnlySpan<(int, float)>)[(0, 20), (1, 30), (2, 10), (3, 6), (4, 0.3f), (5, 0.8f)])
            data[row * 10 + 7] = v;
        Same(Assert.Single(Predicted(HeadFamily.Yolov8, 2, null, ("output", data, [1, 6, 10])).Detections), 1, 0.8, new Box(30, 54, 20, 12));
    }

    [Fact]
    public void Detr_with_one_class_more_leaves_queries_that_see_nothing_out()
    {
        float[] scores = [5, 0, 0, /* none */ 0, 0, 9], boxes = [.5f, .25f, .25f, .125f, .5f, .5f, 1, 1];
        Prediction p = Predicted(HeadFamily.Detr, 2, new ModelHead { Family = HeadFamily.Detr, Logits = true }, ("scores", scores, [1, 2, 3]), ("boxes", boxes, [1, 2, 4]));
        Same(Assert.Single(p.Detections), 0, Math.Exp(5) / (Math.Exp(5) + 2), new Box(48, 24, 32, 16));
    }

    [Fact]
    public void Detr_with_sigmoid_scores_takes_the_best_class_of_each_query()
    {
        float[] scores = [-9, 2, -9, -9], boxes = [.5f, .25f, .25f, .125f, .5f, .5f, 1, 1];
        Prediction p = Predicted(HeadFamily.Detr, 2, new ModelHead { Family = HeadFamily.Detr, Logits = true }, ("scores", scores, [1, 2, 2]), ("boxes", boxes, [1, 2, 4]));
        Same(Assert.Single(p.Detections), 1, 1 / (1 + Math.Exp(-2)), new Box(48, 24, 32, 16));
    }

    [Fact]
    public void A_classifier_gives_a_score_per_class_and_a_good_class_never_rejects()
    {
        ModelHead head = new() { Family = HeadFamily.Classification, Logits = true };
        Prediction good = Predicted(HeadFamily.Classification, 2, head, ("scores", [3, 0], [1, 2])), bad = Predicted(HeadFamily.Classification, 2, head, ("scores", [0, 3], [1, 2]));
        Assert.Equal([Math.Exp(3) / (Math.Exp(3) + 1), 1 / (Math.Exp(3) + 1)], good.Tags.Select(t => Math.Round(t, 6)).ToArray(), (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.Equal((Verdict.Ok, Verdict.NotOk), (good.Verdict, bad.Verdict));
    }

    [Theory]
    [InlineData(0.5f, 6, Verdict.Ok)]
    [InlineData(0.8f, 9, Verdict.NotOk)]
    [InlineData(float.NaN, double.NaN, Verdict.NotOk)]
    public void A_regression_is_mapped_to_its_unit_and_judged_by_its_limits(float raw, double value, Verdict verdict)
    {
        Prediction p = Predicted(HeadFamily.Regression, 0, new ModelHead { Family = HeadFamily.Regression, ValueScale = 10, ValueOffset = 1 }, ("value", [raw], [1, 1]));
        Assert.Equal(value, p.Value!.Value, 1e-5);
        Assert.Equal(verdict, p.Verdict);
    }

    [Fact]
    public void A_segmentation_gives_a_mask_and_a_box_per_region()
    {
        // 8 × 8 grid over a 128 × 128 image: a cell is 16 × 16 pixels. Class 1 fills two cells that touch at a corner, class 2 another.
        float[] data = new float[3 * 64];
        data.AsSpan(0, 64).Fill(0.6f);
        foreach (int cell in (int[])[9, 18])
            data[64 + cell] = 0.9f;
        data[128 + 63] = 0.8f;
        Prediction p = Predicted(HeadFamily.Segmentation, 2, null, ("masks", data, [1, 3, 8, 8]));
        Assert.Equal(2, p.Detections.Count);
        Same(p.Detections[0], 0, 0.9, new Box(16, 16, 32, 32));
        Same(p.Detections[1], 1, 0.8, new Box(112, 112, 16, 16));
        Assert.Equal(2 * 256, p.Mask!.Classes.Count(c => c == 1));
        Assert.Equal(256, p.Mask.Classes.Count(c => c == 2));
    }

    [Theory]
    [InlineData(HeadFamily.Yolox, "YOLOX needs [batch, 84, 7]")]
    [InlineData(HeadFamily.Yolov5, "YOLOv5 needs [batch, any, 7]")]
    [InlineData(HeadFamily.Yolov8, "YOLOv8 needs [batch, 6, any]")]
    public void A_head_of_another_shape_is_refused_with_both_shapes(HeadFamily family, string expected)
    {
        string folder = Package(family, 2, null, ("output", new float[9 * 9], [1, 9, 9]));
        string sentence = Assert.Throws<ModelPackageException>(() => ModelPackage.Open(folder)).Message;
        Assert.Contains("the shape [1, 9, 9]", sentence, StringComparison.Ordinal);
        Assert.Contains(expected, sentence, StringComparison.Ordinal);
    }

    private string Package(HeadFamily family, int classes, ModelHead? head, params (string, float[], long[])[] outputs)
    {
        ModelManifest manifest = new()
        {
            Task = family switch { HeadFamily.Classification => ModelTask.Classify, HeadFamily.Regression => ModelTask.Regress, HeadFamily.Segmentation => ModelTask.Segment, _ => ModelTask.Detect },
            Classes = [.. Enumerable.Range(0, classes).Select(i => new ModelClass($"c{i}", IsGood: family == HeadFamily.Classification && i == 0))],
            Input = new ModelInput { Width = 64, Height = 64 },
            Head = head ?? new ModelHead { Family = family },
            Nms = family is HeadFamily.Detr ? null : new NmsSettings(),
            Limits = new ValueLimits(2, 8),
        };
        return TestModels.Write(temp[$"{family}"], manifest, TestModels.Answering(64, 64, outputs));
    }

    private Prediction Predicted(HeadFamily family, int classes, ModelHead? head, params (string, float[], long[])[] outputs)
    {
        using ModelSession session = new(ModelPackage.Open(Package(family, classes, head, outputs)), new SessionSettings { Threads = 1 });
        using PixelBuffer image = Pictures.Gray(128, 128, 90);
        return session.Predict(image);
    }

    private static float[] Filled(int length, float value)
    {
        float[] values = new float[length];
        values.AsSpan().Fill(value);
        return values;
    }

    private static void Same(Detection actual, int type, double score, Box box)
    {
        Assert.Equal(type, actual.Class);
        Assert.Equal(score, actual.Score, 1e-5);
        Assert.Equal(box.X, actual.Box.X, 1e-4);
        Assert.Equal(box.Y, actual.Box.Y, 1e-4);
        Assert.Equal(box.Width, actual.Box.Width, 1e-4);
        Assert.Equal(box.Height, actual.Box.Height, 1e-4);
    }
}
