using Perenne.Contracts.Models;

namespace Perenne.Training.Network;

/// <summary>One raw output of the network.</summary>
/// <param name="Name">Name of the ONNX output.</param>
/// <param name="Stride">Pixels per cell; 0 for one value per image.</param>
/// <param name="Value">The tensor or node.</param>
/// <param name="Distances">True: log distances in strides; the exported model turns them into pixels.</param>
internal readonly record struct Output<T>(string Name, int Stride, T Value, bool Distances = false);

/// <summary>The layers after the neck, per task.</summary>
internal sealed class Head(ModelTask task, int classes, IReadOnlyList<int> strides)
{
    private const float RareBias = -4.6f; // σ(−4.6) = 1 %: at the start nearly every cell is background
    private const float BoxBias = 0.6f;

    private static readonly ConvLayer Shared = new("head", Backbone.Width, Backbone.Width, 3);
    private static readonly ConvLayer Box = new("box", Backbone.Width, 4, 1, Norm: false, Relu: false, Bias: BoxBias, Gain: 0.1f);
    private static readonly ConvLayer SegmentStem = new("segment.stem", Backbone.StemWidth, 32, 1);
    private static readonly ConvLayer SegmentNeck = new("segment.neck", Backbone.Width, 32, 1);
    private static readonly ConvLayer SegmentMix = new("segment.mix", 32, 32, 3);

    private readonly ConvLayer answer = task switch
    {
        ModelTask.Detect => new ConvLayer("class", Backbone.Width, classes, 1, Norm: false, Relu: false, Bias: RareBias, Gain: 0.1f),
        ModelTask.Segment => new ConvLayer("pixel", 32, 1 + classes, 1, Norm: false, Relu: false, Gain: 0.1f),
        _ => new ConvLayer("image", Backbone.DeepWidth + Backbone.Width, task == ModelTask.Regress ? 1 : classes, 1, Norm: false, Relu: false, Gain: 0.1f),
    };

    public ModelTask Task => task;

    /// <summary>Strides of the output levels; empty for one answer per image.</summary>
    public IReadOnlyList<int> Strides { get; } = task switch { ModelTask.Detect => strides, ModelTask.Segment => [4], _ => [] };

    public IEnumerable<ConvLayer> Layers => task switch
    {
        ModelTask.Detect => [Shared, answer, Box],
        ModelTask.Segment => [SegmentStem, SegmentNeck, SegmentMix, answer],
        _ => [answer],
    };

    /// <summary>The raw outputs. Detection: class logits and log distances of each level, in the order of <see cref="Strides"/>.</summary>
    public IReadOnlyList<Output<T>> Run<T>(IGraph<T> graph, Maps<T> maps)
    {
        if (task == ModelTask.Detect)
            return [.. Strides.SelectMany(s => Level(graph, s, s == 8 ? maps.P8 : s == 16 ? maps.P16 : maps.P32))];
        if (task == ModelTask.Segment)
        {
            T up = graph.Upsample(graph.Conv(SegmentNeck, maps.P8));
            T mixed = graph.Conv(SegmentMix, graph.Add(graph.Conv(SegmentStem, maps.Stem), up, relu: false));
            return [new Output<T>("masks", 4, graph.Conv(answer, mixed))];
        }
        // The mean says what the image is like, the maximum whether there is a small thing anywhere on it.
        T pooled = graph.Concat(graph.Mean(maps.Deep), graph.Max(maps.P8));
        return [new Output<T>(task == ModelTask.Regress ? "value" : "scores", 0, graph.Conv(answer, pooled))];
    }

    private IEnumerable<Output<T>> Level<T>(IGraph<T> graph, int stride, T map)
    {
        T shared = graph.Conv(Shared, map);
        string suffix = Strides.Count == 1 ? "" : $".{stride}";
        yield return new Output<T>("scores" + suffix, stride, graph.Conv(answer, shared));
        yield return new Output<T>("boxes" + suffix, stride, graph.Conv(Box, shared), Distances: true);
    }
}
