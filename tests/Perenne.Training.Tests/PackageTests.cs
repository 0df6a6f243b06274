using System.Text.Json;
using Perenne.Imaging;
using Perenne.Inference;

namespace Perenne.Training.Tests;

/// <summary>What the trainer writes, stations and hub read: through the inference library.</summary>
public sealed class PackageTests
{
    [Fact]
    public void A_trained_detector_opens_in_the_inference_library_and_finds_what_the_trainer_found()
    {
        using JobFolder job = JobFolder.OfDefects(24, 6);
        job.Job = job.Job with { Steps = 60 };
        Assert.Equal(0, job.Run());
        ModelPackage package = ModelPackage.Open(job.ModelFolder);
        using ModelSession session = new(package, new SessionSettings { ScoreFloor = SessionSettings.EvaluationFloor(package.Manifest), Threads = 1 });
        Prediction[] answers = [.. Directory.GetFiles(Path.Combine(job.Path, "images")).Order(StringComparer.Ordinal).TakeLast(6).Select(f => Predict(session, f))];
        Assert.All(answers, a => Assert.Equal(128, a.Features.Count));
        // The figure the trainer wrote down comes out again from the exported model, decoded by other code.
        TrainingSample[] tests = [.. File.ReadLines(Path.Combine(job.Path, "samples.jsonl")).Select(l => JsonSerializer.Deserialize<TrainingSample>(l, Contracts.ContractJson.Options)!).Where(s => s.Split == SampleSplit.Test)];
        List<Vision.Metrics.Detection> found = [.. answers.SelectMany((a, i) => a.Detections.Select(d => new Vision.Metrics.Detection(i, d.Class, d.Box, d.Score)))];
        Assert.Equal(job.Manifest().Metrics["mAP@.33"], Learners.DetectionFigures.Of(tests, found, 2).Values["mAP@.33"], 0.01);
    }

    [Theory]
    [InlineData(ModelTask.Detect, "8")]
    [InlineData(ModelTask.Detect, "8,16,32")]
    [InlineData(ModelTask.Classify, "")]
    [InlineData(ModelTask.Regress, "")]
    [InlineData(ModelTask.Segment, "")]
    public void The_package_of_every_task_passes_the_parity_gate_and_opens(ModelTask task, string strides)
    {
        using JobFolder job = new();
        for (int i = 0; i < 6; i++)
            job.Add(new TestPicture(70, 50, (ulong)i).Square(10 + i, 12, 20, 200), SampleSplit.Train, [new SampleShape { Class = i % 2, Box = [10 + i, 12, 20, 20] }], tag: i % 2, value: i);
        job.Job = job.Job with
        {
            Task = task,
            Steps = 2,
            Classes = task == ModelTask.Regress ? [] : job.Job.Classes,
            Parameters = JsonSerializer.SerializeToElement(new { threads = 1, crop = 64, batch = 2, evaluations = 1, channels = "rgb", strides = strides.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse) }),
        };
        Assert.Equal(0, job.Run());
        using ModelSession session = new(ModelPackage.Open(job.ModelFolder));
        Prediction answer = Predict(session, Path.Combine(job.Path, "images", "000.bmp"));
        Assert.Equal(128, answer.Features.Count);
        Assert.Equal(task == ModelTask.Classify ? 2 : 0, answer.Tags.Count);
        Assert.Equal(task == ModelTask.Regress, answer.Value is not null);
        Assert.Equal(task == ModelTask.Segment, answer.Mask is not null);
        Assert.False(Directory.Exists(job.ModelFolder + ".part"));
    }

    [Fact]
    public void A_model_trained_with_a_reference_takes_two_images()
    {
        using JobFolder job = JobFolder.OfDefects(8, 0);
        new TestPicture(96, 96, 77).Save(Path.Combine(job.Path, "images", "clean.bmp"));
        for (int i = 0; i < 8; i++)
            job.Change(i, s => s with { Reference = "clean.bmp" });
        job.Job = job.Job with { Steps = 2, Parameters = JsonSerializer.SerializeToElement(new { threads = 1, crop = 64, batch = 2, evaluations = 1, reference = true }) };
        Assert.Equal(0, job.Run());
        Assert.True(job.Manifest().Input.Reference);
        using ModelSession session = new(ModelPackage.Open(job.ModelFolder));
        Assert.Throws<FrameException>(() => Predict(session, Path.Combine(job.Path, "images", "000.bmp")));
        using PixelBuffer image = Decode(Path.Combine(job.Path, "images", "000.bmp")), clean = Decode(Path.Combine(job.Path, "images", "clean.bmp"));
        Assert.NotNull(session.Predict(image, clean));
    }

    [Fact]
    public void Large_defects_are_learnt_on_smaller_pictures_and_found_in_pixels_of_the_original()
    {
        using JobFolder job = new();
        for (int i = 0; i < 4; i++)
            job.Add(new TestPicture(500, 400, (ulong)i).Square(40 * i, 30, 250, 230), SampleSplit.Train, [new SampleShape { Class = 0, Box = [40 * i, 30, 250, 250] }]);
        job.Job = job.Job with { Steps = 2, Classes = [new("square")] };
        Assert.Equal(0, job.Run());
        ModelInput input = job.Manifest().Input;
        Assert.Equal(ResizeMode.LetterboxTopLeft, input.Resize);
        Assert.InRange(input.Width, 320, 352); // 160/250 of 500
        ModelPackage.Open(job.ModelFolder);
    }

    private static Prediction Predict(ModelSession session, string file)
    {
        using PixelBuffer pixels = Decode(file);
        return session.Predict(pixels);
    }

    private static PixelBuffer Decode(string file)
    {
        using ImageSource source = ImageSource.FromFile(file);
        return ImageDecoder.Decode(source, ImageProbe.Probe(source).Facts!).Pixels!;
    }
}
