namespace Perenne.Training.Network;

/// <summary>
/// The operations the network is written in. It is written once and run by two of these: one computes with TorchSharp,
/// one writes ONNX nodes; so the exported model cannot differ in structure from the trained one.
/// </summary>
internal interface IGraph<T>
{
    /// <summary>Pixel-unshuffle by 4 (C -> 16·C channels at stride 4), then the layer.</summary>
    T Stem(ConvLayer layer, T image);

    T Conv(ConvLayer layer, T x);

    T Add(T a, T b, bool relu);

    /// <summary>Nearest neighbour, twice as wide and high.</summary>
    T Upsample(T x);

    /// <summary>Mean over all places: [N, C, H, W] -> [N, C, 1, 1].</summary>
    T Mean(T x);

    /// <summary>Maximum over all places: [N, C, H, W] -> [N, C, 1, 1].</summary>
    T Max(T x);

    /// <summary>Along the channels.</summary>
    T Concat(T a, T b);
}
