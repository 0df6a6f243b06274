namespace Perenne.Training.Network;

/// <summary>What the backbone and its neck give to a head.</summary>
/// <param name="Stem">32 channels at stride 4.</param>
/// <param name="P8">64 channels at stride 8.</param>
/// <param name="P16">64 channels at stride 16.</param>
/// <param name="P32">64 channels at stride 32.</param>
/// <param name="Deep">128 channels at stride 32, before the neck: what features are pooled from.</param>
internal readonly record struct Maps<T>(T Stem, T P8, T P16, T P32, T Deep);

/// <summary>Plain 3×3 convolutions (depthwise ones are slow on CPUs) at strides 4 to 32 and a top-down neck of 64 channels.</summary>
internal sealed class Backbone(int channels)
{
    public const int Width = 64;
    public const int DeepWidth = 128;
    public const int StemWidth = 32;

    private static readonly int[] Widths = [StemWidth, 64, 96, DeepWidth];

    /// <summary>Input channels, the reference included.</summary>
    public int Channels { get; } = channels;

    private ConvLayer First => new("stem.0", 16 * Channels, StemWidth, 3);

    public IEnumerable<ConvLayer> Layers =>
    [
        First, new ConvLayer("stem.1", StemWidth, StemWidth, 3),
        .. Enumerable.Range(1, 3).SelectMany(s => (ConvLayer[])[Down(s), BlockA(s), BlockB(s)]),
        .. Enumerable.Range(1, 3).Select(Lateral), Merge(1), Merge(2),
    ];

    public Maps<T> Run<T>(IGraph<T> graph, T image)
    {
        T stem = graph.Conv(new ConvLayer("stem.1", StemWidth, StemWidth, 3), graph.Stem(First, image));
        T c8 = Stage(graph, 1, stem), c16 = Stage(graph, 2, c8), c32 = Stage(graph, 3, c16);
        T p32 = graph.Conv(Lateral(3), c32);
        T p16 = graph.Conv(Merge(2), graph.Add(graph.Conv(Lateral(2), c16), graph.Upsample(p32), relu: false));
        T p8 = graph.Conv(Merge(1), graph.Add(graph.Conv(Lateral(1), c8), graph.Upsample(p16), relu: false));
        return new Maps<T>(stem, p8, p16, p32, c32);
    }

    private static T Stage<T>(IGraph<T> graph, int stage, T x)
    {
        T down = graph.Conv(Down(stage), x);
        return graph.Add(down, graph.Conv(BlockB(stage), graph.Conv(BlockA(stage), down)), relu: true);
    }

    private static ConvLayer Down(int s) => new($"stage{s}.down", Widths[s - 1], Widths[s], 3, Stride: 2);

    private static ConvLayer BlockA(int s) => new($"stage{s}.a", Widths[s], Widths[s], 3);

    private static ConvLayer BlockB(int s) => new($"stage{s}.b", Widths[s], Widths[s], 3, Relu: false);

    private static ConvLayer Lateral(int s) => new($"lateral{s}", Widths[s], Width, 1);

    private static ConvLayer Merge(int s) => new($"merge{s}", Width, Width, 3);
}
