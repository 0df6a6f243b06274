using Perenne.Training.Boxes;
using Perenne.Training.Data;

namespace Perenne.Training.Tests;

public sealed class CropTests
{
    private static readonly SizeChoice Native = new(null, [8]);

    [Fact]
    public void A_crop_depends_on_seed_step_and_place_only()
    {
        CropSampler a = Sampler([.. Enumerable.Range(0, 9).Select(Sample)]), b = Sampler([.. Enumerable.Range(0, 9).Select(Sample)]);
        CropPlan late = a.Draw(7, 900, 3);
        for (int step = 0; step < 5; step++)
            b.Draw(7, step, 0);
        Assert.Equal(late, b.Draw(7, 900, 3));
        Assert.NotEqual(late, a.Draw(8, 900, 3));
        Assert.NotEqual(late, a.Draw(7, 901, 3));
        Assert.NotEqual(late, a.Draw(7, 900, 4));
    }

    [Fact]
    public void A_rare_class_is_drawn_by_the_square_root_of_its_number()
    {
        // 100 boxes of one class and 4 of the other: 10 to 2.
        TrainingSample[] samples = [.. Enumerable.Range(0, 104).Select(i => Sample(i) with { Shapes = [new SampleShape { Class = i < 4 ? 1 : 0, Box = [20, 20, 10, 10] }] })];
        CropSampler sampler = Sampler(samples, new TrainingParameters { Crop = 64, DefectShare = 1 });
        double rare = Enumerable.Range(0, 6000).Count(i => sampler.Draw(1, i, 0).Sample < 4) / 6000.0;
        Assert.InRange(rare, 0.14, 0.19);
    }

    [Fact]
    public void Boxes_follow_the_pixels_through_every_flip_rotation_and_scale()
    {
        byte[] plane = new byte[128 * 128];
        for (int y = 50; y < 70; y++)
            plane.AsSpan(y * 128 + 40, 30).Fill(255);
        Picture picture = new(128, 128, plane);
        TrainingSample sample = Sample(0) with { Width = 128, Height = 128, Shapes = [new SampleShape { Class = 0, Box = [40, 50, 30, 20] }] };
        CropSampler sampler = Sampler([sample], new TrainingParameters { Crop = 64, DefectShare = 1, ContrastShare = 0 });
        HashSet<int> symmetries = [];
        for (int i = 0; i < 80; i++)
        {
            CropPlan plan = sampler.Draw(3, i, 0);
            float[] crop = new float[64 * 64];
            Cutter.Crop(picture, plan.View, crop);
            TargetBox box = Assert.Single(sampler.Boxes(plan));
            (float left, float top, float right, float bottom) = Bright(crop);
            Assert.Equal(box.Left, left, 1.01f);
            Assert.Equal(box.Top, top, 1.01f);
            Assert.Equal(box.Right, right, 1.01f);
            Assert.Equal(box.Bottom, bottom, 1.01f);
            symmetries.Add(plan.View.Symmetry);
        }
        Assert.Equal(8, symmetries.Count);
    }

    [Fact]
    public void A_defect_less_than_half_visible_is_a_region_to_ignore()
    {
        TrainingSample sample = Sample(0) with { Shapes = [new SampleShape { Class = 0, Box = [50, 20, 30, 10] }] };
        CropSampler sampler = Sampler([sample]);
        Assert.True(sampler.Boxes(new CropPlan(0, new View(0, 0, 64, 1, 0, 1, 0))).Single().Ignore);
        Assert.False(sampler.Boxes(new CropPlan(0, new View(6, 0, 64, 1, 0, 1, 0))).Single().Ignore);
    }

    [Fact]
    public void A_crop_larger_than_the_picture_is_filled_around_it()
    {
        float[] crop = new float[64 * 64];
        Cutter.Crop(new Picture(20, 20, new byte[400]), new View(-10, -10, 64, 1, 0, 1, 0), crop);
        Assert.Equal(20 * 20, crop.Count(v => v == -2)); // black: (0 − 0.5) / 0.25
        Assert.Equal(64 * 64 - 400, crop.Count(v => Math.Abs(v - (114 / 255f - 0.5f) / 0.25f) < 1e-5));
    }

    private static (float Left, float Top, float Right, float Bottom) Bright(float[] crop)
    {
        (int left, int top, int right, int bottom) = (64, 64, -1, -1);
        for (int y = 0; y < 64; y++)
            for (int x = 0; x < 64; x++)
                if (crop[((y / 4 * 16) + x / 4) * 16 + y % 4 * 4 + x % 4] > 0)
                    (left, top, right, bottom) = (Math.Min(left, x), Math.Min(top, y), Math.Max(right, x), Math.Max(bottom, y));
        return (left, top, right + 1, bottom + 1);
    }

    private static CropSampler Sampler(TrainingSample[] samples, TrainingParameters? parameters = null) =>
        new(samples, parameters ?? new TrainingParameters { Crop = 64 }, Native, cleanReferences: false);

    private static TrainingSample Sample(int i) => new()
    {
        Id = FormattableString.Invariant($"{i}"), Path = "", Split = SampleSplit.Train, Width = 100, Height = 100, Shapes = [new SampleShape { Class = 0, Box = [20 + i % 50, 30, 10, 12] }],
    };
}
