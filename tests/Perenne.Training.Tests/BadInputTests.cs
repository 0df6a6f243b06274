using System.Text.Json;

namespace Perenne.Training.Tests;

/// <summary>Bad input gets a sentence that says what to change, and no package is written.</summary>
public sealed class BadInputTests
{
    [Fact]
    public void A_class_without_examples_is_named() => Refused("disc", job =>
    {
        for (int i = 0; i < 12; i++)
            job.Change(i, s => s with { Shapes = [.. s.Shapes.Where(d => d.Class == 0)] });
    });

    [Fact]
    public void A_set_without_annotations_is_refused() => Refused("nothing to learn", job =>
    {
        for (int i = 0; i < 12; i++)
            job.Change(i, s => s with { Shapes = [] });
    });

    [Fact]
    public void One_image_is_too_few() => Refused("1 image", job =>
    {
        for (int i = 1; i < 12; i++)
            job.Change(i, s => s with { Split = SampleSplit.Test });
    });

    [Fact]
    public void A_damaged_image_is_named() => Refused("003.bmp", job => File.WriteAllText(Path.Combine(job.Path, "images", "003.bmp"), "no picture"));

    [Fact]
    public void A_missing_image_is_named() => Refused("004.bmp", job => File.Delete(Path.Combine(job.Path, "images", "004.bmp")));

    [Fact]
    public void An_image_of_another_size_is_named() => Refused("96 × 96", job => job.Change(5, s => s with { Width = 50 }));

    [Fact]
    public void A_reference_channel_without_references_is_refused() => Refused("reference", job => job.Job = job.Job with { Parameters = JsonSerializer.SerializeToElement(new { threads = 1, crop = 64, batch = 4, reference = true }) });

    [Fact]
    public void A_loss_that_is_no_number_stops_the_run_with_advice() =>
        Refused("learningRate", job => job.Job = job.Job with { Parameters = JsonSerializer.SerializeToElement(new { threads = 1, crop = 64, batch = 4, learningRate = 1.0, gradientClip = 1e30, weightDecay = 1e20 }) });

    [Fact]
    public void An_unknown_parameter_is_refused_with_the_known_ones() =>
        Refused("learningRate", job => job.Job = job.Job with { Parameters = JsonSerializer.SerializeToElement(new { lerningRate = 1 }) });

    [Fact]
    public void A_model_of_another_maker_cannot_be_started_from() => Refused("was not made by Perenne's trainer", job =>
    {
        Directory.CreateDirectory(Path.Combine(job.Path, "other"));
        File.WriteAllBytes(Path.Combine(job.Path, "other", "model.onnx"), [0x08, 0x08]);
        job.Job = job.Job with { WarmStart = "other" };
    });

    [Fact]
    public void Without_test_images_the_figures_are_those_of_the_validation_and_say_so()
    {
        using JobFolder job = JobFolder.OfDefects(12, 0);
        job.Job = job.Job with { Steps = 2, Parameters = JsonSerializer.SerializeToElement(new { threads = 1, crop = 64, batch = 2, evaluations = 1 }) };
        Assert.Equal(0, job.Run());
        Assert.All(job.Manifest().Metrics.Keys, k => Assert.StartsWith("validation ", k, StringComparison.Ordinal));
    }

    [Fact]
    public void A_full_disk_is_called_a_full_disk()
    {
        using FileStream full = new("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        IOException e = Assert.Throws<IOException>(() => full.Write(new byte[4096]));
        Assert.StartsWith("The disk is full", DiskProblem.Sentence(e), StringComparison.Ordinal);
        Assert.DoesNotContain("full", DiskProblem.Sentence(new IOException("The pipe broke.")), StringComparison.Ordinal);
    }

    [Fact]
    public void The_process_says_the_sentence_on_standard_error_and_fails()
    {
        using JobFolder job = new();
        using TrainerProcess process = new(job.Path);
        (int code, string errors) = process.Wait();
        Assert.Equal(1, code);
        Assert.Contains("job.json", errors, StringComparison.Ordinal);
        Assert.Single(errors.Trim().Split('\n'));
    }

    private static void Refused(string words, Action<JobFolder> spoil)
    {
        using JobFolder job = JobFolder.OfDefects(12, 2);
        job.Job = job.Job with { Steps = 12, Parameters = JsonSerializer.SerializeToElement(new { threads = 1, crop = 64, batch = 4, evaluations = 1 }) };
        spoil(job);
        Assert.Contains(words, Assert.Throws<TrainerException>(() => job.Run()).Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(job.ModelFolder));
    }
}
