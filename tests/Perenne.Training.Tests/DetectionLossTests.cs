using Perenne.Training.Boxes;
using Perenne.Vision.Statistics;

namespace Perenne.Training.Tests;

public sealed class DetectionLossTests
{
    private const int Classes = 3;

    [Fact]
    public void The_gradients_are_those_of_the_loss()
    {
        TargetBox[][] boxes = [[new(0, 3, 5, 30, 28), new(2, 24, 20, 47, 44)], [new(1, 10, 8, 20, 40)]];
        Level level = RandomLevel(5);
        // Targets are constants of the loss: fixed here, as in training they are not learnt through.
        CellTarget[][][] targets = [.. boxes.Select((b, i) => Assigner.Assign([level], i, Classes, b))];
        DetectionLoss.Compute([level], Classes, boxes, targets);
        SeededRandom random = new(9);
        for (int trial = 0; trial < 60; trial++)
        {
            bool logit = trial % 2 == 0;
            float[] values = logit ? level.Logits : level.Raw, gradient = logit ? level.LogitGradient : level.RawGradient;
            // Every second look at the boxes goes to a cell that has one.
            int[] live = [.. Enumerable.Range(0, gradient.Length).Where(i => gradient[i] != 0)];
            int at = live[random.Next(live.Length)];
            float kept = values[at];
            const float Small = 2e-3f;
            values[at] = kept + Small;
            double above = DetectionLoss.Compute([level with { }], Classes, boxes, targets);
            values[at] = kept - Small;
            double below = DetectionLoss.Compute([level with { }], Classes, boxes, targets);
            values[at] = kept;
            DetectionLoss.Compute([level], Classes, boxes, targets);
            Assert.Equal((above - below) / (2 * Small), gradient[at], 2e-3 * Math.Max(1, Math.Abs(gradient[at])));
        }
    }

    [Theory]
    [InlineData(4, 4, 4, 4, 4, 4, 4, 4, 1.0)] // the same box
    [InlineData(4, 4, 4, 4, 8, 4, 0, 4, 0.0)] // half overlapping: 32/96 − (96 − 96)/96 … see below
    public void Generalised_iou_of_known_boxes(float l, float t, float r, float b, float tl, float tt, float tr, float tb, double expected)
    {
        Span<float> derivative = stackalloc float[4];
        // Boxes of 8×8 shifted by half: common 32, union 96, hull 96, so 1/3 − 0.
        double wanted = expected == 0 ? 1 / 3.0 : expected;
        Assert.Equal(wanted, new Distances(l, t, r, b).GeneralisedIou(new Distances(tl, tt, tr, tb), derivative), 1e-6);
    }

    [Fact]
    public void The_best_nine_cells_inside_a_box_have_to_find_it_and_none_outside()
    {
        Level level = RandomLevel(3);
        TargetBox box = new(1, 8, 8, 40, 40);
        CellTarget[] targets = Assigner.Assign([level], 0, Classes, [box])[0];
        int[] chosen = [.. Enumerable.Range(0, level.Cells).Where(c => targets[c].Box == 0)];
        Assert.Equal(9, chosen.Length);
        Assert.All(chosen, c => Assert.True(Distances.Of(box, level.CenterX(c), level.CenterY(c)).Smallest > 0));
    }

    [Fact]
    public void A_box_between_the_centres_of_all_cells_still_gets_a_cell()
    {
        Level level = RandomLevel(4);
        CellTarget[] targets = Assigner.Assign([level], 0, Classes, [new TargetBox(0, 6, 6, 9, 9)])[0];
        int cell = Assert.Single(Enumerable.Range(0, level.Cells), c => targets[c].Box == 0);
        Assert.Contains(cell, (int[])[0, 1, level.Width, level.Width + 1]);
    }

    [Fact]
    public void Nothing_is_learnt_inside_a_region_to_ignore()
    {
        Level level = RandomLevel(6);
        TargetBox ignored = new(0, 0, 0, 48, 24, Ignore: true);
        DetectionLoss.Compute([level], Classes, [[ignored], []]);
        for (int cell = 0; cell < level.Cells; cell++)
            for (int c = 0; c < Classes; c++)
                Assert.Equal(level.CenterY(cell) < 24, level.LogitGradient[cell * Classes + c] == 0);
    }

    [Fact]
    public void Suppression_keeps_the_surest_of_overlapping_boxes_of_one_class_and_both_of_two_classes()
    {
        Found sure = new(0, new(10, 10, 20, 20), 0.9), near = new(0, new(12, 11, 20, 20), 0.8), other = new(1, new(11, 10, 20, 20), 0.7), far = new(0, new(60, 60, 20, 20), 0.6);
        Assert.Equal([sure, other, far], Decoder.Suppress([far, near, other, sure], 0.5, 10));
    }

    private static Level RandomLevel(ulong seed)
    {
        SeededRandom random = new(seed);
        Level level = new(8, 6, 6, new float[2 * 36 * Classes], new float[2 * 36 * 4]);
        foreach (ref float x in level.Logits.AsSpan())
            x = (float)random.NextNormal();
        foreach (ref float x in level.Raw.AsSpan())
            x = 0.6f + 0.3f * (float)random.NextNormal();
        return level;
    }
}
