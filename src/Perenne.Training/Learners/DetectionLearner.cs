using Perenne.Contracts.Jobs;
using Perenne.Contracts.Models;
using Perenne.Training.Data;
using Perenne.Training.Boxes;
using Perenne.Training.Network;
using Perenne.Vision.Metrics;
using TorchSharp;
using static TorchSharp.torch;

namespace Perenne.Training.Learners;

/// <summary>Boxes with class and score.</summary>
internal sealed class DetectionLearner(Backbone backbone, Head head, JobData data, TrainingParameters parameters, long seed) : Learner(backbone, head)
{
    private readonly CropSampler sampler = new(data.Train, parameters, data.Sizes, cleanReferences: !parameters.Reference && data.HasReferences);
    private readonly int classes = data.Classes.Count;

    public override Batch Make(int step)
    {
        int side = parameters.Crop / 4, size = side * side * 16 * data.Pictures.PlaneCount;
        float[] input = new float[parameters.Batch * size];
        List<TargetBox>[] boxes = new List<TargetBox>[parameters.Batch];
        for (int slot = 0; slot < parameters.Batch; slot++)
        {
            CropPlan plan = sampler.Draw(seed, step, slot);
            Cutter.Crop(plan.Clean ? data.CleanPicture(data.Train[plan.Sample]) : data.Pictures[data.Train[plan.Sample]], plan.View, input.AsSpan(slot * size, size));
            boxes[slot] = sampler.Boxes(plan);
        }
        return new Batch(input, parameters.Batch, side, side, boxes);
    }

    public override double Learn(TorchGraph graph, Batch batch)
    {
        Tensor[] outputs = [.. Run(graph, batch.ToTensor()).Select(o => ChannelsLast(o.Value))];
        Level[] levels = Levels(outputs);
        double loss = DetectionLoss.Compute(levels, classes, (List<TargetBox>[])batch.Targets);
        Tensor[] gradients = [.. levels.SelectMany((l, i) => (Tensor[])[tensor(l.LogitGradient, outputs[2 * i].shape), tensor(l.RawGradient, outputs[2 * i + 1].shape)])];
        autograd.backward(outputs, gradients);
        return loss;
    }

    public override Figures Measure(TorchGraph graph, IReadOnlyList<TrainingSample> samples, CancellationToken cancellation)
    {
        List<Detection> found = Detect(graph, samples, cancellation);
        return DetectionFigures.Of(samples, found, classes) with { Answers = DetectionFigures.Answers(samples, found) };
    }

    public override ModelManifest Describe(TorchGraph graph, IReadOnlyList<TrainingSample> validation, ModelManifest manifest)
    {
        ScoreFit fit = ScoreFit.Of(validation, Detect(graph, validation, default), classes);
        return manifest with
        {
            Classes = [.. data.Classes.Select((c, i) => c with { Threshold = fit.Thresholds[i] })],
            Threshold = fit.Threshold,
            Calibration = fit.Calibration,
            Nms = new NmsSettings(parameters.NmsIou),
            Head = new ModelHead
            {
                Family = HeadFamily.Perenne,
                Strides = Head.Strides,
                Logits = true,
                Outputs = Head.Strides.Count == 1 ? new Dictionary<string, string> { ["scores"] = "scores", ["boxes"] = "boxes" }
                    : Head.Strides.SelectMany(s => (string[])[$"scores.{s}", $"boxes.{s}"]).ToDictionary(n => n),
            },
        };
    }

    /// <summary>Detections in pixels of the original images; image id = position in <paramref name="samples"/>.</summary>
    private List<Detection> Detect(TorchGraph graph, IReadOnlyList<TrainingSample> samples, CancellationToken cancellation)
    {
        List<Detection> all = [];
        for (int i = 0; i < samples.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            double scale = data.Sizes.ScaleOf(samples[i]);
            foreach (Found f in WindowedDetection.Run(data.Pictures[samples[i]], data.Tile, parameters.NmsIou, window => Predict(graph, window)))
                all.Add(new Detection(i, f.Class, new(f.Box.X / scale, f.Box.Y / scale, f.Box.Width / scale, f.Box.Height / scale), f.Score));
        }
        return all;
    }

    private List<Found> Predict(TorchGraph graph, Window window)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable frozen = no_grad();
        Level[] levels = Levels([.. Run(graph, window.ToBatch().ToTensor()).Select(o => ChannelsLast(o.Value))]);
        return Decoder.Decode(levels, 0, classes, window.VisibleWidth, window.VisibleHeight, DetectionFigures.Floor, parameters.NmsIou);
    }

    private Level[] Levels(Tensor[] outputs) =>
        [.. Head.Strides.Select((s, i) => new Level(s, (int)outputs[2 * i].shape[1], (int)outputs[2 * i].shape[2], Values(outputs[2 * i]), Values(outputs[2 * i + 1])))];
}
