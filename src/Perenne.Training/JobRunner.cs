using System.Globalization;
using System.IO.Hashing;
using System.Text;
using System.Text.Json;
using Perenne.Contracts;
using Perenne.Contracts.Jobs;
using Perenne.Contracts.Models;
using Perenne.Training.Data;
using Perenne.Training.Export;
using Perenne.Training.Learners;
using Perenne.Training.Network;
using Perenne.Training.Training;
using TorchSharp;

namespace Perenne.Training;

/// <summary>One job from its folder to the finished package.</summary>
internal static class JobRunner
{
    private const int UsualWarmup = 200;

    /// <returns>The exit code: 0, or 75 when stopped.</returns>
    /// <exception cref="TrainerException">The job cannot be done, or broke; the message is for the user.</exception>
    public static int Run(string folder, TimeProvider time, CancellationToken stop)
    {
        TrainingJob job = ReadJob(folder);
        TrainingParameters parameters = Fit(TrainingParameters.Read(job.Parameters), job);
        SampleList samples = SampleList.Read(job, folder, parameters.Validation);
        RunFiles files = new(folder, job, Fingerprint(job, parameters, samples));
        if (Directory.Exists(files.Model))
            throw new TrainerException($"The job folder holds a finished model already ({job.Model}). Remove it to train again.");
        torch.set_num_threads(parameters.Threads > 0 ? parameters.Threads : Environment.ProcessorCount);
        JobData data = new(job, samples, parameters, files.Images);
        Learner learner = CreateLearner(job, data, parameters);
        ParameterLayout layout = new([.. learner.Backbone.Layers, .. learner.Head.Layers]);
        using TrainingState state = new(layout);
        CheckpointHeader start = files.Load(state) ?? Begin(job, layout, state, files, folder);
        TrainingLoop loop = new(learner, data, state, parameters, files, time);
        if (start.Step > 0)
            files.Log.Write(new TrainingProgress { Step = start.Step, Steps = start.Steps, Seconds = start.Seconds, Message = $"Resumed at step {start.Step}." });
        if (loop.Run(start, job.Minutes * 60, stop) == LoopEnd.Stopped)
            return TrainingJob.StoppedExitCode;
        PackageBuilder.Build(job, data, learner, state, loop.Header, files, parameters);
        return 0;
    }

    private static CheckpointHeader Begin(TrainingJob job, ParameterLayout layout, TrainingState state, RunFiles files, string folder)
    {
        layout.Initialise(TrainingState.Span(state.Weights), TrainingState.Span(state.Statistics), job.Seed);
        string? from = job.WarmStart is null ? null : Path.Combine(folder, job.WarmStart);
        if (from is not null)
            files.Log.Write(new TrainingProgress { Step = 0, Message = WarmStart.Load(from, job, layout, TrainingState.Span(state.Weights), TrainingState.Span(state.Statistics)) });
        state.StartAverage();
        state.KeepBest();
        return new CheckpointHeader { Fingerprint = files.Fingerprint, Step = 0, Steps = job.Steps ?? 0, Seconds = 0, WarmStart = from is null ? null : WarmStart.HashOf(from) };
    }

    private static Learner CreateLearner(TrainingJob job, JobData data, TrainingParameters parameters)
    {
        Backbone backbone = new(data.Pictures.PlaneCount);
        Head head = new(job.Task, job.Classes.Count, data.Sizes.Strides);
        return job.Task switch
        {
            ModelTask.Detect => new DetectionLearner(backbone, head, data, parameters, job.Seed),
            ModelTask.Segment => new SegmentationLearner(backbone, head, data, parameters, job.Seed),
            _ => new WholeImageLearner(backbone, head, data, parameters, job),
        };
    }

    // A short run of a given number of steps cannot spend 200 of them on warming up.
    private static TrainingParameters Fit(TrainingParameters parameters, TrainingJob job) =>
        parameters.Warmup > 0 ? parameters : parameters with { Warmup = job.Steps is { } steps ? Math.Clamp(steps / 4, 1, UsualWarmup) : UsualWarmup };

    private static TrainingJob ReadJob(string folder)
    {
        string path = Path.Combine(folder, "job.json");
        if (!File.Exists(path))
            throw new TrainerException($"{folder} holds no job.json. Give the folder of a training job; docs/training.md describes it.");
        TrainingJob job;
        try
        {
            job = JsonSerializer.Deserialize<TrainingJob>(File.ReadAllBytes(path), ContractJson.Options) ?? throw new JsonException("null");
        }
        catch (JsonException e)
        {
            throw new TrainerException($"job.json cannot be read: {e.Message}", e);
        }
        return job.Format != TrainingJob.CurrentFormat ? throw new TrainerException($"job.json has the format {job.Format}; this trainer reads {TrainingJob.CurrentFormat}.")
            : job.Steps is < 1 ? throw new TrainerException("The number of steps must be at least 1.")
            : job.Steps is null && !(job.Minutes > 0) ? throw new TrainerException("Give either minutes (above 0) or steps.") : job;
    }

    private static string Fingerprint(TrainingJob job, TrainingParameters parameters, SampleList samples)
    {
        string text = string.Join('|', PackageBuilder.TrainerVersion, job.Task, job.Seed.ToString(CultureInfo.InvariantCulture), job.Steps, job.Minutes, job.WarmStart,
            string.Join(',', job.Classes.Select(c => c.Name)), JsonSerializer.Serialize(parameters with { Threads = 0, CheckpointSeconds = 0, CacheMegabytes = 0 }, ContractJson.Options), samples.Hash);
        return Convert.ToHexStringLower(XxHash128.Hash(Encoding.UTF8.GetBytes(text)));
    }
}
