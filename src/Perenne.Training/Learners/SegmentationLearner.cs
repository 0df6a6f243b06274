using Perenne.Contracts.Jobs;
using Perenne.Contracts.Models;
using Perenne.Training.Data;
using Perenne.Training.Network;
using TorchSharp;
using static TorchSharp.torch;

namespace Perenne.Training.Learners;

/// <summary>A class per cell of 4×4 pixels: softmax loss, classes weighted against the background by their share.</summary>
internal sealed class SegmentationLearner(Backbone backbone, Head head, JobData data, TrainingParameters parameters, long seed) : Learner(backbone, head)
{
    private readonly CropSampler sampler = new(data.Train, parameters, data.Sizes, cleanReferences: false);
    private readonly MaskPainter painter = new(data.Sizes);
    private readonly int outputs = data.Classes.Count + 1;

    public override Batch Make(int step)
    {
        int side = parameters.Crop / 4, size = side * side * 16 * data.Pictures.PlaneCount;
        float[] input = new float[parameters.Batch * size];
        byte[] cells = new byte[parameters.Batch * side * side];
        for (int slot = 0; slot < parameters.Batch; slot++)
        {
            CropPlan plan = sampler.Draw(seed, step, slot);
            Cutter.Crop(data.Pictures[data.Train[plan.Sample]], plan.View, input.AsSpan(slot * size, size));
            painter.Crop(data.Train[plan.Sample], plan.View, cells.AsSpan(slot * side * side, side * side));
        }
        return new Batch(input, parameters.Batch, side, side, cells);
    }

    public override double Learn(TorchGraph graph, Batch batch)
    {
        Tensor output = ChannelsLast(Run(graph, batch.ToTensor())[0].Value);
        float[] values = Values(output), gradient = new float[values.Length];
        byte[] truth = (byte[])batch.Targets;
        float[] weights = Weights(truth);
        double loss = 0;
        for (int i = 0; i < truth.Length; i++)
            if (truth[i] != MaskPainter.Ignore)
                loss += weights[truth[i]] * PointLosses.Softmax(values.AsSpan(i * outputs, outputs), truth[i], weights[truth[i]], gradient.AsSpan(i * outputs, outputs));
        autograd.backward([output], [tensor(gradient, output.shape)]);
        return loss;
    }

    public override Figures Measure(TorchGraph graph, IReadOnlyList<TrainingSample> samples, CancellationToken cancellation)
    {
        long[] both = new long[outputs], either = new long[outputs];
        foreach (TrainingSample sample in samples)
        {
            cancellation.ThrowIfCancellationRequested();
            Picture picture = data.Pictures[sample];
            foreach (Window window in WindowedDetection.Windows(picture, data.Tile))
                Count(Predict(graph, window), painter.Window(sample, window), window, both, either);
        }
        double[] ious = [.. Enumerable.Range(1, outputs - 1).Where(c => either[c] > 0).Select(c => (double)both[c] / either[c])];
        double mean = ious.Length == 0 ? 0 : ious.Average();
        return new Figures(mean, new Dictionary<string, double> { ["mIoU"] = mean });
    }

    public override ModelManifest Describe(TorchGraph graph, IReadOnlyList<TrainingSample> validation, ModelManifest manifest) => manifest with
    {
        Classes = data.Classes,
        // The strongest class wins; a threshold above would only cut borders.
        Threshold = 1.0 / outputs,
        Head = new ModelHead { Family = HeadFamily.Segmentation, Logits = true, Strides = Head.Strides, Outputs = new Dictionary<string, string> { ["masks"] = "masks" } },
    };

    private static void Count(byte[] said, byte[] truth, Window window, long[] both, long[] either)
    {
        int wide = window.Width / 4;
        for (int i = 0; i < truth.Length; i++)
        {
            // Cells in the padding are no pixels of the image.
            if (truth[i] == MaskPainter.Ignore || i % wide * 4 >= window.VisibleWidth || i / wide * 4 >= window.VisibleHeight)
                continue;
            either[truth[i]]++;
            if (said[i] == truth[i])
                both[truth[i]]++;
            else
                either[said[i]]++;
        }
    }

    private byte[] Predict(TorchGraph graph, Window window)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable frozen = no_grad();
        float[] values = Values(ChannelsLast(Run(graph, window.ToBatch().ToTensor())[0].Value));
        byte[] cells = new byte[values.Length / outputs];
        for (int i = 0; i < cells.Length; i++)
            cells[i] = (byte)System.Numerics.Tensors.TensorPrimitives.IndexOfMax<float>(values.AsSpan(i * outputs, outputs));
        return cells;
    }

    // The square root of the share: rare classes count more, without a single pixel ruling the batch. The weights of all cells sum to 1.
    private float[] Weights(byte[] truth)
    {
        int[] counts = new int[outputs];
        foreach (byte t in truth)
            if (t != MaskPainter.Ignore)
                counts[t]++;
        double sum = counts.Sum(c => Math.Sqrt(c));
        return [.. counts.Select(c => c == 0 ? 0 : (float)(1 / (Math.Sqrt(c) * sum)))];
    }
}
