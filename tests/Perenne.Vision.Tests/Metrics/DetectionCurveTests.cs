using Perenne.Vision.Geometry;
using Perenne.Vision.Metrics;

namespace Perenne.Vision.Tests.Metrics;

public class DetectionCurveTests
{
    private static readonly GroundTruth[] Truth =
        [GroundTruth.OfBox(1, 1, new Box(0, 0, 9, 9)), GroundTruth.OfBox(1, 1, new Box(50, 50, 9, 9)), GroundTruth.OfBox(2, 2, new Box(0, 0, 9, 9))];

    private static readonly Detection[] Found =
    [
        new(1, 1, new Box(50, 50, 9, 9), 0.7), new(1, 1, new Box(0, 0, 9, 9), 0.9),
        new(1, 1, new Box(80, 0, 9, 9), 0.8), new(2, 1, new Box(0, 0, 9, 9), 0.6),
    ];

    [Fact]
    public void Points_of_the_curve_are_those_counted_by_hand()
    {
        OperatingPoint[] curve = PrecisionRecall.Curve(Truth, Found);
        Assert.Equal([new(0.9, 1, 0, 2), new(0.8, 1, 1, 2), new(0.7, 2, 1, 1), new(0.6, 2, 2, 1)], curve);
        Assert.Equal(2 * (2.0 / 3) * (2.0 / 3) / (4.0 / 3), curve[2].F1, 1e-12);
        Assert.Equal(0.7, PrecisionRecall.BestF1(curve)!.Value.Threshold);
    }

    [Fact]
    public void Equal_scores_are_one_point_of_the_curve() =>
        Assert.Equal([new OperatingPoint(0.5, 2, 2, 1)], PrecisionRecall.Curve(Truth, [.. Found.Select(d => d with { Score = 0.5 })]));

    [Fact]
    public void A_crowd_counts_neither_as_miss_nor_as_false_alarm()
    {
        GroundTruth crowd = GroundTruth.OfBox(1, 1, new Box(0, 0, 100, 100)) with { IsCrowd = true };
        Detection[] inside = [new(1, 1, new Box(10, 10, 5, 5), 0.9), new(1, 1, new Box(30, 30, 5, 5), 0.8)];
        Assert.All(PrecisionRecall.Curve([crowd], inside), p => Assert.Equal((0, 0, 0), (p.TruePositives, p.FalsePositives, p.FalseNegatives)));
    }

    [Theory]
    // Recall/precision (.5, 1), (.5, .5), (1, 2/3): area .5 + .5 · 2/3; eleven points: six at 1, five at 2/3.
    [InlineData(VocRule.Area, 0.5 + 0.5 * 2 / 3)]
    [InlineData(VocRule.ElevenPoints, (6 + 5 * 2.0 / 3) / 11)]
    public void VOC_average_precision_by_hand(VocRule rule, double expected)
    {
        VocCategory[] categories = VocEvaluation.Evaluate(Truth, [.. Found.Take(3)], rule);
        Assert.Equal([1L, 2L], categories.Select(c => c.CategoryId));
        Assert.Equal(expected, categories[0].AveragePrecision, 1e-12);
        Assert.Equal(0, categories[1].AveragePrecision);
        Assert.Equal(expected / 2, VocEvaluation.Mean(categories), 1e-12);
    }

    [Fact]
    public void VOC_widths_include_the_last_pixel()
    {
        // Shifted by 3: 70 of 130 pixels with inclusive widths, but exactly one half of 9-wide continuous boxes.
        Detection[] shifted = [new(1, 1, new Box(3, 0, 9, 9), 1)];
        Assert.Equal(1, VocEvaluation.Evaluate([Truth[0]], shifted)[0].AveragePrecision);
        Assert.Equal(0, VocEvaluation.Evaluate([Truth[0]], shifted, iouThreshold: 70.0 / 130)[0].AveragePrecision);
    }

    [Fact]
    public void VOC_leaves_difficult_objects_out_and_counts_a_second_hit_as_wrong()
    {
        GroundTruth difficult = Truth[1] with { IsCrowd = true };
        Detection[] found = [Found[0], Found[1], Found[1] with { Score = 0.1 }];
        Assert.Equal(1, VocEvaluation.Evaluate([Truth[0], difficult], found)[0].AveragePrecision);
        Detection[] twice = [Found[1], Found[1] with { Score = 0.95 }, Found[0] with { Score = 0.1 }];
        Assert.Equal(0.5 + 0.5 * 2 / 3, VocEvaluation.Evaluate([Truth[0], Truth[1]], twice)[0].AveragePrecision, 1e-12);
    }

    [Fact]
    public void A_confusion_is_not_a_miss_and_a_false_alarm()
    {
        ConfusionMatrix matrix = ConfusionMatrix.OfDetections(Truth, Found, scoreThreshold: 0.65);
        Assert.Equal([1L, 2L], matrix.Categories);
        int[] counts = [matrix[0, 0], matrix[0, 1], matrix[0, 2], matrix[1, 0], matrix[1, 1], matrix[1, 2], matrix[2, 0], matrix[2, 1]];
        Assert.Equal([2, 0, 0, 0, 0, 1, 1, 0], counts);
        ConfusionMatrix low = ConfusionMatrix.OfDetections(Truth, Found, scoreThreshold: 0);
        Assert.Equal((1, 0), (low[1, 0], low[1, low.Background]));
    }

    [Fact]
    public void Other_IoU_lists_give_their_own_mean_average_precision()
    {
        GroundTruth[] one = [GroundTruth.OfBox(1, 1, new Box(0, 0, 10, 10))];
        Detection[] half = [new(1, 1, new Box(0, 0, 10, 6), 1)];
        double At(params double[] thresholds) => CocoEvaluation.Evaluate([1], [1], one, half, new CocoOptions { IouThresholds = thresholds }).MeanAveragePrecision;
        // 1 up to rounding: the original adds 2.2e-16 to the count.
        Assert.Equal(1, At(0.3, 0.6), 1e-12);
        Assert.Equal(0.5, At(0.3, 0.61), 1e-12);
        Assert.Equal(0, At(0.7));
    }

    [Fact]
    public void An_unknown_image_and_a_score_that_is_no_number_are_refused()
    {
        Assert.Contains("image 2", Assert.Throws<ArgumentException>(() => CocoEvaluation.Evaluate([1], [1, 2], Truth, Found)).Message, StringComparison.Ordinal);
        Assert.Contains("NaN", Assert.Throws<ArgumentException>(() =>
            CocoEvaluation.Evaluate([1, 2], [1, 2], Truth, new Detection[] { Found[0] with { Score = double.NaN } })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Masks_and_rotated_boxes_are_told_apart_where_their_bounds_are_the_same()
    {
        // A square on its corner covers half of its bounds; two triangles either side of a diagonal share nothing.
        var diamond = new RotatedBoxShape(new RotatedBox(50, 50, 40, 40, 45));
        double half = 20 * Math.Sqrt(2);
        var bounds = new Box(50 - half, 50 - half, 2 * half, 2 * half);
        ImageSize size = new(100, 100);
        RunLengthMask upper = ScanlineRasterizer.Rasterize(PolygonShape.FromRing([new(20, 20), new(80, 20), new(20, 80)]), size);
        RunLengthMask lower = ScanlineRasterizer.Rasterize(PolygonShape.FromRing([new(80, 22), new(80, 80), new(22, 80)]), size);
        GroundTruth[] truth = [new(1, 1, bounds, 1600, Mask: upper, Rotated: diamond)];
        Detection[] found = [new(1, 1, bounds, 0.9, lower)];
        (int, int) At(OverlapKind kind, double iou)
        {
            OperatingPoint point = PrecisionRecall.Curve(truth, found, iou, kind)[0];
            ConfusionMatrix matrix = ConfusionMatrix.OfDetections(truth, found, 0, iou, kind);
            Assert.Equal(point.TruePositives, matrix[0, 0]);
            Assert.Equal(point.FalsePositives, matrix[matrix.Background, 0]);
            double ap = CocoEvaluation.Evaluate([1], [1], truth, found, new CocoOptions { Overlap = kind, IouThresholds = [iou] }).MeanAveragePrecision;
            Assert.Equal(point.TruePositives, ap, 1e-9);
            return (point.TruePositives, point.FalsePositives);
        }
        Assert.Equal((1, 0), At(OverlapKind.Box, 0.99));
        Assert.Equal((1, 0), At(OverlapKind.RotatedBox, 0.4999));
        Assert.Equal((0, 1), At(OverlapKind.RotatedBox, 0.5001));
        Assert.Equal((0, 1), At(OverlapKind.Mask, 0.05));
    }

    [Fact]
    public void A_rotated_crowd_is_measured_against_the_detection_alone()
    {
        GroundTruth[] crowd = [new(1, 1, new Box(0, 0, 100, 100), 10_000, IsCrowd: true, Rotated: new RotatedBoxShape(new RotatedBox(50, 50, 100, 100, 0)))];
        Detection[] inside = [new(1, 1, default, 0.9, Rotated: new RotatedBoxShape(new RotatedBox(50, 50, 20, 10, 30)))];
        Assert.True(GreedyMatching.Match(crowd, inside, 0.99, overlap: OverlapKind.RotatedBox)[0].IsIgnored);
    }
}
