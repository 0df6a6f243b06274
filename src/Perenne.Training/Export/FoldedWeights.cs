using Perenne.Training.Network;

namespace Perenne.Training.Export;

/// <summary>Filters and biases as ONNX wants them (out, in, y, x), with the normalisation multiplied in.</summary>
internal sealed class FoldedWeights(ParameterLayout layout, float[] weights, float[] statistics)
{
    /// <summary>γ / √(σ² + ε) of a channel; 1 without normalisation.</summary>
    public float Factor(LayerSlot slot, int channel) => slot.Layer.Norm
        ? (float)(weights[slot.Scale + channel] / Math.Sqrt(statistics[slot.Variance + channel] + TorchGraph.Epsilon)) : 1;

    public float[] Filter(ConvLayer layer)
    {
        LayerSlot slot = layout[layer.Name];
        float[] filter = new float[layer.WeightCount];
        for (int o = 0, to = 0; o < layer.Out; o++)
            for (int i = 0; i < layer.In; i++)
                for (int place = 0; place < layer.Kernel * layer.Kernel; place++)
                    filter[to++] = weights[slot.Weight + (o * layer.Kernel * layer.Kernel + place) * layer.In + i] * Factor(slot, o);
        return filter;
    }

    /// <summary>The first layer on the image itself: unshuffled channel c·16 + (y mod 4)·4 + x mod 4 lies at (y, x) of channel c.</summary>
    public float[] StemFilter(ConvLayer layer)
    {
        LayerSlot slot = layout[layer.Name];
        int channels = layer.In / 16;
        float[] filter = new float[layer.Out * channels * 144];
        for (int o = 0, to = 0; o < layer.Out; o++)
            for (int c = 0; c < channels; c++)
                for (int y = 0; y < 12; y++)
                    for (int x = 0; x < 12; x++)
                    {
                        int from = ((o * 3 + y / 4) * 3 + x / 4) * layer.In + c * 16 + y % 4 * 4 + x % 4;
                        filter[to++] = weights[slot.Weight + from] * Factor(slot, o);
                    }
        return filter;
    }

    public float[] Bias(ConvLayer layer)
    {
        LayerSlot slot = layout[layer.Name];
        float[] bias = new float[layer.Out];
        for (int o = 0; o < layer.Out; o++)
            bias[o] = weights[slot.Shift + o] - (layer.Norm ? statistics[slot.Mean + o] * Factor(slot, o) : 0);
        return bias;
    }
}
