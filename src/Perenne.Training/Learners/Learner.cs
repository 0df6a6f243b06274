using Perenne.Contracts.Jobs;
using Perenne.Contracts.Models;
using Perenne.Training.Network;
using static TorchSharp.torch;

namespace Perenne.Training.Learners;

/// <summary>A batch: the network's input, [image, y, x, channel] at stride 4, and what is to be learnt from it.</summary>
internal sealed record Batch(float[] Input, int Images, int Height, int Width, object Targets)
{
    public int Channels => Input.Length / (Images * Height * Width);

    /// <summary>Channels last in memory, [N, C, H, W] in shape.</summary>
    public Tensor ToTensor() => tensor(Input, [Images, Height, Width, Channels]).permute(0, 3, 1, 2);
}

/// <summary>Figures of an evaluation, in [0, 1] where they are rates.</summary>
/// <param name="Score">What the best checkpoint is chosen by, higher is better.</param>
/// <param name="Values">Figures by name.</param>
/// <param name="Answers">What was said about the first few samples, to look at.</param>
internal sealed record Figures(double Score, IReadOnlyDictionary<string, double> Values, IReadOnlyList<SampleAnswer>? Answers = null)
{
    public const int MostAnswers = 8, MostBoxes = 30;
}

/// <summary>What differs between the four tasks: batches, loss, measuring, and what the package must say.</summary>
internal abstract class Learner(Backbone backbone, Head head)
{
    public Backbone Backbone => backbone;

    public Head Head => head;

    /// <summary>The batch of a step: a function of seed and step alone. Called on another thread.</summary>
    public abstract Batch Make(int step);

    /// <summary>Adds the gradients of the batch's loss to those of the graph's weights.</summary>
    public abstract double Learn(TorchGraph graph, Batch batch);

    /// <summary>Measures on these samples (validation or test).</summary>
    public abstract Figures Measure(TorchGraph graph, IReadOnlyList<TrainingSample> samples, CancellationToken cancellation);

    /// <summary>Thresholds and calibration fitted on the validation samples, and how the outputs are read.</summary>
    public abstract ModelManifest Describe(TorchGraph graph, IReadOnlyList<TrainingSample> validation, ModelManifest manifest);

    protected IReadOnlyList<Output<Tensor>> Run(TorchGraph graph, Tensor input) => head.Run(graph, backbone.Run(graph, input));

    /// <summary>[N, C, H, W] as an array in the order image, y, x, channel, still part of what can be learnt from.</summary>
    protected static Tensor ChannelsLast(Tensor output) => output.to(ScalarType.Float32).permute(0, 2, 3, 1).contiguous();

    protected static float[] Values(Tensor output) => System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(output.bytes).ToArray();
}
