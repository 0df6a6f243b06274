using System.Text.Json;
using Perenne.Training.Training;

namespace Perenne.Training.Tests;

public sealed class ResumeTests
{
    private static readonly object Parameters = new { threads = 1, crop = 64, batch = 4, evaluations = 3, checkpointSeconds = 0 };

    [Fact]
    public async Task A_killed_run_ends_with_the_same_model_as_one_that_was_never_killed()
    {
        using JobFolder whole = Small(), killed = Small();
        using (TrainerProcess process = new(whole.Path))
            Assert.Equal((0, ""), process.Wait());
        using (TrainerProcess process = new(killed.Path))
        {
            await process.UntilStepAsync(killed, 7);
            process.Kill();
            Assert.NotEqual(0, process.Wait().Code);
        }
        Assert.False(Directory.Exists(killed.ModelFolder));
        using (TrainerProcess process = new(killed.Path))
            Assert.Equal((0, ""), process.Wait());
        Assert.Contains(killed.Progress(), p => p.Message?.StartsWith("Resumed at step", StringComparison.Ordinal) == true);
        Assert.Equal(whole.Manifest().Sha256, killed.Manifest().Sha256);
    }

    [Fact]
    public async Task A_terminated_run_writes_a_checkpoint_ends_with_75_and_goes_on_when_started_again()
    {
        using JobFolder job = Small();
        using (TrainerProcess process = new(job.Path))
        {
            await process.UntilStepAsync(job, 3);
            process.Terminate();
            (int code, string errors) = process.Wait();
            Assert.Equal(TrainingJob.StoppedExitCode, code);
            Assert.Contains("checkpoint", errors, StringComparison.Ordinal);
        }
        using (TrainerProcess process = new(job.Path))
            Assert.Equal((0, ""), process.Wait());
        Assert.True(File.Exists(Path.Combine(job.ModelFolder, "model.onnx")));
    }

    /// <summary>Planned at the end of the warm-up, or in the middle of one that the budget is too short for.</summary>
    [Theory]
    [InlineData(4, 0.02)]
    [InlineData(200, 0.05)]
    public void A_run_of_given_minutes_says_which_number_of_steps_repeats_it_and_that_number_does(int warmup, double minutes)
    {
        object quick = new { threads = 1, crop = 64, batch = 2, evaluations = 2, warmup };
        using JobFolder timed = JobFolder.OfDefects(12, 0), counted = JobFolder.OfDefects(12, 0);
        timed.Job = timed.Job with { Steps = null, Minutes = minutes, Parameters = JsonSerializer.SerializeToElement(quick) };
        Assert.Equal(0, timed.Run());
        int steps = timed.Manifest().Lineage.Steps!.Value;
        Assert.Contains(timed.Progress(), p => p.Message?.Contains(FormattableString.Invariant($"--steps {steps}"), StringComparison.Ordinal) == true);
        counted.Job = counted.Job with { Steps = steps, Parameters = JsonSerializer.SerializeToElement(quick) };
        Assert.Equal(0, counted.Run());
        Assert.Equal(timed.Manifest().Sha256, counted.Manifest().Sha256);
    }

    /// <summary>The machine stops for a third of the budget just before the run is planned, so that its pace promises few steps more than are done.</summary>
    [Fact]
    public void A_run_whose_machine_stumbles_before_it_is_planned_repeats_too()
    {
        object quick = new { threads = 1, crop = 64, batch = 2, evaluations = 2, warmup = 200 };
        using JobFolder timed = JobFolder.OfDefects(12, 0), counted = JobFolder.OfDefects(12, 0);
        timed.Job = timed.Job with { Steps = null, Minutes = 0.05, Parameters = JsonSerializer.SerializeToElement(quick) };
        Assert.Equal(0, timed.Run(new StumblingClock(readings: 200, TimeSpan.FromSeconds(1))));
        int steps = timed.Manifest().Lineage.Steps!.Value, planned = timed.Progress().First(p => p.Message?.StartsWith("Planned", StringComparison.Ordinal) == true).Step;
        Assert.InRange(planned, 41, 199); // Otherwise this test says nothing.
        counted.Job = counted.Job with { Steps = steps, Parameters = JsonSerializer.SerializeToElement(quick) };
        Assert.Equal(0, counted.Run());
        Assert.Equal(timed.Manifest().Sha256, counted.Manifest().Sha256);
    }

    [Fact]
    public void A_damaged_checkpoint_and_one_of_another_seed_are_refused_with_a_sentence()
    {
        using JobFolder job = Small();
        Assert.Equal(0, job.Run());
        Directory.Delete(job.ModelFolder, recursive: true);
        job.Job = job.Job with { Seed = 99 };
        Assert.Contains("another job, seed", Assert.Throws<TrainerException>(() => job.Run()).Message, StringComparison.Ordinal);
        string checkpoint = Path.Combine(job.Path, "checkpoint", "state.bin");
        byte[] bytes = File.ReadAllBytes(checkpoint);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(checkpoint, bytes);
        Assert.Contains("damaged", Assert.Throws<TrainerException>(() => job.Run()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_warm_start_answers_at_first_as_the_model_it_came_from_even_with_the_classes_in_another_order()
    {
        using JobFolder first = JobFolder.OfDefects(24, 6), second = JobFolder.OfDefects(24, 6), scratch = JobFolder.OfDefects(24, 6);
        first.Job = first.Job with { Steps = 80 };
        Assert.Equal(0, first.Run());
        foreach (JobFolder job in (JobFolder[])[second, scratch])
        {
            for (int i = 0; i < 30; i++)
                job.Change(i, s => s with { Shapes = [.. s.Shapes.Select(d => d with { Class = 1 - d.Class })] });
            job.Job = job.Job with { Steps = 1, Classes = [new("disc"), new("square")], Parameters = JsonSerializer.SerializeToElement(new { threads = 1, crop = 64, batch = 2, evaluations = 1, learningRate = 1e-7 }) };
        }
        second.Job = second.Job with { WarmStart = first.ModelFolder };
        Assert.Equal(0, second.Run());
        Assert.Equal(0, scratch.Run());
        Assert.Equal(first.Manifest().Sha256, second.Manifest().Lineage.WarmStart);
        Assert.Equal(first.Manifest().Metrics["mAP@.33"], second.Manifest().Metrics["mAP@.33"], 0.1);
        Assert.True(second.Manifest().Metrics["mAP@.33"] > scratch.Manifest().Metrics["mAP@.33"] + 0.2);
    }

    [Fact]
    public void Early_stop_ends_a_run_that_gets_no_better()
    {
        using JobFolder job = JobFolder.OfDefects(12, 0);
        job.Job = job.Job with { Steps = 60, Parameters = JsonSerializer.SerializeToElement(new { threads = 1, crop = 64, batch = 2, evaluations = 20, learningRate = 1e-7, patience = 2 }) };
        Assert.Equal(0, job.Run());
        Assert.True(job.Manifest().Lineage.Steps < 60);
    }

    private static JobFolder Small()
    {
        JobFolder job = JobFolder.OfDefects(12, 2);
        job.Job = job.Job with { Steps = 24, Parameters = JsonSerializer.SerializeToElement(Parameters) };
        return job.Write();
    }

    /// <summary>A tenth of a millisecond passes at every reading, and once much more.</summary>
    private sealed class StumblingClock(int readings, TimeSpan stumble) : TimeProvider
    {
        private long read;

        public override long TimestampFrequency => 10_000;

        public override long GetTimestamp() => ++read + (read > readings ? (long)(stumble.TotalSeconds * TimestampFrequency) : 0);
    }
}
