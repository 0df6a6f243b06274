using System.Text.Json;
using Perenne.Vision.Statistics;

namespace Perenne.Training.Tests;

/// <summary>Each task learns something from synthetic pictures in a few steps: far better than chance, measured on pictures it has not seen.</summary>
public sealed class LearningTests
{
    [Fact]
    public void Detection_finds_most_squares_and_discs()
    {
        using JobFolder job = JobFolder.OfDefects(32, 10);
        job.Job = job.Job with { Steps = 140 };
        Assert.Equal(0, job.Run());
        ModelManifest model = job.Manifest();
        Assert.True(model.Metrics["mAP@.33"] > 0.8, $"mAP {model.Metrics["mAP@.33"]}"); // five other seeds gave 1.0
        double first = job.Progress().First(p => p.Loss is not null).Loss!.Value, last = job.Progress().Last(p => p.Loss is not null).Loss!.Value;
        Assert.True(last < 0.6 * first, $"The loss went from {first} to {last}.");
        Assert.InRange(model.Threshold, 0.01, 0.99);
        // What it says about validation images can be looked at while it trains.
        Assert.All(job.Progress().Where(p => p.Validation is not null), p => Assert.NotEmpty(p.Answers!));
        Assert.Contains(job.Progress().Last(p => p.Answers is not null).Answers!, a => a.Found.Count > 0);
        Assert.Equal(140, model.Lineage.Steps);
    }

    [Fact]
    public void Classification_tells_three_kinds_of_pictures_apart()
    {
        using JobFolder job = new();
        SeededRandom random = new(3);
        for (int i = 0; i < 45; i++)
        {
            int tag = i % 3, x = 6 + random.Next(30), y = 6 + random.Next(30);
            TestPicture picture = new(64, 64, (ulong)i);
            job.Add(tag == 1 ? picture.Square(x, y, 16, 230) : tag == 2 ? picture.Disc(x, y, 16, 10) : picture, i < 30 ? SampleSplit.Train : SampleSplit.Test, tag: tag);
        }
        job.Job = job.Job with { Task = ModelTask.Classify, Classes = [new("empty"), new("square"), new("disc")], Steps = 40 };
        Assert.Equal(0, job.Run());
        Assert.True(job.Manifest().Metrics["accuracy"] > 0.8, $"accuracy {job.Manifest().Metrics["accuracy"]}"); // chance: 0.33
    }

    [Fact]
    public void Regression_learns_the_brightness_of_a_square()
    {
        using JobFolder job = new();
        SeededRandom random = new(5);
        for (int i = 0; i < 60; i++)
        {
            double value = random.NextDouble();
            job.Add(new TestPicture(64, 64, (ulong)i).Square(10 + random.Next(10), 10 + random.Next(10), 40, (byte)(255 * value)), i < 44 ? SampleSplit.Train : SampleSplit.Test, value: 100 + 50 * value);
        }
        job.Job = job.Job with { Task = ModelTask.Regress, Classes = [], Steps = 80, Parameters = JsonSerializer.SerializeToElement(new { threads = 1, crop = 64, batch = 8, evaluations = 3, average = 0.9, contrastShare = 0 }) };
        Assert.Equal(0, job.Run());
        ModelManifest model = job.Manifest();
        Assert.True(model.Metrics["r2"] > 0.6, $"R² {model.Metrics["r2"]}"); // chance: 0
        Assert.InRange(model.Head.ValueOffset, 110, 140);
    }

    [Fact]
    public void Segmentation_marks_the_pixels_of_discs()
    {
        using JobFolder job = new();
        SeededRandom random = new(6);
        for (int i = 0; i < 24; i++)
        {
            int x = 10 + random.Next(40), y = 10 + random.Next(40), side = 20 + random.Next(16);
            double[] outline = [.. Enumerable.Range(0, 24).SelectMany(k => (double[])[x + side / 2.0 * (1 + Math.Cos(k * Math.PI / 12)), y + side / 2.0 * (1 + Math.Sin(k * Math.PI / 12))])];
            job.Add(new TestPicture(96, 96, (ulong)i).Disc(x, y, side, 220), i < 16 ? SampleSplit.Train : SampleSplit.Test, [new SampleShape { Class = 0, Box = [x, y, side, side], Polygon = outline }]);
        }
        job.Job = job.Job with { Task = ModelTask.Segment, Classes = [new("disc")], Steps = 60 };
        Assert.Equal(0, job.Run());
        Assert.True(job.Manifest().Metrics["mIoU"] > 0.6, $"mIoU {job.Manifest().Metrics["mIoU"]}"); // all background: 0, all disc: about 0.08
    }
}
