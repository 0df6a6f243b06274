using System.Security.Cryptography;
using System.Text.Json;
using Google.Protobuf;
using Perenne.Contracts;
using Perenne.Contracts.Jobs;
using Perenne.Contracts.Models;
using Perenne.Training.Data;
using Perenne.Training.Export;
using Perenne.Training.Learners;
using Perenne.Training.Network;
using Perenne.Training.Training;

namespace Perenne.Training;

/// <summary>Makes the model package of a finished run. It is complete or not there.</summary>
internal static class PackageBuilder
{
    public const string TrainerVersion = "perenne-trainer/1";

    private const int Probes = 3;

    public static void Build(TrainingJob job, JobData data, Learner learner, TrainingState state, CheckpointHeader header, RunFiles files, TrainingParameters parameters)
    {
        if (header.BestStep > 0)
            state.UseBest();
        string draft = files.Model + ".part";
        if (Directory.Exists(draft))
            Directory.Delete(draft, recursive: true);
        Directory.CreateDirectory(draft);
        float[] weights = [.. TrainingState.Span(state.Average)], statistics = [.. TrainingState.Span(state.AverageStatistics)];
        byte[] onnx = OnnxExport.Build(learner.Backbone, learner.Head, state.Layout, weights, statistics, job.Classes.Select(c => c.Name), TrainerVersion).ToByteArray();
        Write(Path.Combine(draft, "model.onnx"), onnx);
        using TorchGraph graph = new(state.Layout, state.Average, state.AverageStatistics, null, half: false);
        IReadOnlyList<TrainingSample> held = data.Validation.Count > 0 ? data.Validation : data.Train;
        double difference = ParityGate.Check(Path.Combine(draft, "model.onnx"), learner, graph, [.. held.Take(Probes).Select(s => data.Pictures[s])], Path.Combine(draft, "parity"));
        ModelManifest manifest = learner.Describe(graph, held, Manifest(job, data, parameters, header, onnx));
        manifest = manifest with { Metrics = Figures(data, learner, graph, held) };
        Write(Path.Combine(draft, "model.json"), JsonSerializer.SerializeToUtf8Bytes(manifest, ContractJson.Indented));
        Directory.Move(draft, files.Model);
        files.Log.Write(new TrainingProgress
        {
            Step = header.Step,
            Steps = header.Steps,
            Seconds = header.Seconds,
            RemainingSeconds = 0,
            Message = FormattableString.Invariant($"Finished; the weights are those of step {(header.BestStep > 0 ? header.BestStep : header.Step)}. ONNX Runtime and trainer differ by at most {difference:g2}."),
        });
    }

    private static ModelManifest Manifest(TrainingJob job, JobData data, TrainingParameters parameters, CheckpointHeader header, byte[] onnx) => new()
    {
        Name = job.Name,
        Task = job.Task,
        Head = null!,
        Input = Input(job, data, parameters),
        Features = new FeatureOutput(OnnxExport.FeatureName, Backbone.DeepWidth),
        Sha256 = Convert.ToHexStringLower(SHA256.HashData(onnx)),
        Lineage = new ModelLineage
        {
            DatasetVersion = job.DatasetVersion,
            TrainingRun = job.Run.Length == 0 ? null : job.Run,
            WarmStart = header.WarmStart,
            Trainer = TrainerVersion,
            Seed = job.Seed,
            Steps = header.Steps,
            Processor = Processor.Name,
            Parameters = JsonSerializer.SerializeToElement(parameters, ContractJson.Options),
        },
    };

    private static ModelInput Input(TrainingJob job, JobData data, TrainingParameters parameters)
    {
        int native = Math.Min((data.LongestSide + 31) / 32 * 32, WindowedDetection.LargestWhole);
        bool tiles = data.Tile > 0;
        (int width, int height) = tiles ? (data.Tile, data.Tile) : data.Sizes.Fit ?? (native, native);
        return new ModelInput
        {
            Name = OnnxExport.InputName,
            Width = width,
            Height = height,
            Channels = data.Colour ? ChannelOrder.Rgb : ChannelOrder.Gray,
            Reference = parameters.Reference,
            Resize = tiles ? ResizeMode.Tile : data.Sizes.Fit is null ? ResizeMode.Native : ResizeMode.LetterboxTopLeft,
            TileOverlap = WindowedDetection.TileOverlap,
            Mean = [Cutter.Mean],
            Std = [Cutter.Deviation],
            PadValue = Cutter.Pad,
            Dynamic = job.Task is ModelTask.Detect or ModelTask.Segment,
        };
    }

    // Of the frozen test images where there are any; otherwise of the validation images, under names that say so.
    private static Dictionary<string, double> Figures(JobData data, Learner learner, TorchGraph graph, IReadOnlyList<TrainingSample> held) => data.Test.Count > 0
        ? learner.Measure(graph, data.Test, default).Values.ToDictionary()
        : learner.Measure(graph, held, default).Values.ToDictionary(v => (data.Validation.Count > 0 ? "validation " : "training ") + v.Key, v => v.Value);

    private static void Write(string path, byte[] bytes)
    {
        using FileStream file = new(path, FileMode.Create, FileAccess.Write);
        file.Write(bytes);
        file.Flush(flushToDisk: true);
    }
}
