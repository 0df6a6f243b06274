using Perenne.Vision.Statistics;

namespace Perenne.Training.Network;

/// <summary>Where the numbers of one layer lie. Weights are ordered out, y, x, in: the channels-last order the convolutions want.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="Weight">First weight in the flat array.</param>
/// <param name="Shift">First bias, or first offset of the normalisation.</param>
/// <param name="Scale">First factor of the normalisation; -1 without it.</param>
/// <param name="Mean">First running mean in the array of statistics, followed by the variances; -1 without normalisation.</param>
internal readonly record struct LayerSlot(ConvLayer Layer, int Weight, int Shift, int Scale, int Mean)
{
    public int Variance => Mean + Layer.Out;
}

/// <summary>All parameters of a network as one flat array, all running statistics as another: the optimiser, the average and the checkpoint then work on arrays.</summary>
internal sealed class ParameterLayout
{
    private readonly Dictionary<string, LayerSlot> slots = [];

    public ParameterLayout(IEnumerable<ConvLayer> layers)
    {
        foreach (ConvLayer layer in layers)
        {
            int weight = Weights, shift = weight + layer.WeightCount, scale = layer.Norm ? shift + layer.Out : -1;
            slots.Add(layer.Name, new LayerSlot(layer, weight, shift, scale, layer.Norm ? Statistics : -1));
            Weights = shift + (layer.Norm ? 2 : 1) * layer.Out;
            Statistics += layer.Norm ? 2 * layer.Out : 0;
        }
    }

    /// <summary>Numbers that are learnt.</summary>
    public int Weights { get; private set; }

    /// <summary>Running means and variances.</summary>
    public int Statistics { get; private set; }

    public IEnumerable<LayerSlot> Slots => slots.Values;

    public LayerSlot this[string layer] => slots[layer];

    public bool Has(string layer) => slots.ContainsKey(layer);

    /// <summary>First values: He's normal weights (fan-in), normalisation 1 and 0, variances 1.</summary>
    public void Initialise(Span<float> weights, Span<float> statistics, long seed)
    {
        foreach (LayerSlot slot in Slots)
            Initialise(slot, weights, statistics, new SeededRandom((ulong)seed, 0x1000_0000UL + (ulong)slot.Weight));
    }

    /// <summary>1 where weight decay applies: convolution weights only.</summary>
    public float[] DecayMask()
    {
        float[] mask = new float[Weights];
        foreach (LayerSlot slot in Slots)
            mask.AsSpan(slot.Weight, slot.Layer.WeightCount).Fill(1);
        return mask;
    }

    private static void Initialise(LayerSlot slot, Span<float> weights, Span<float> statistics, SeededRandom random)
    {
        ConvLayer layer = slot.Layer;
        float sigma = layer.Gain * MathF.Sqrt(2f / (layer.In * layer.Kernel * layer.Kernel));
        foreach (ref float w in weights.Slice(slot.Weight, layer.WeightCount))
            w = sigma * (float)random.NextNormal();
        weights.Slice(slot.Shift, layer.Out).Fill(layer.Norm ? 0 : layer.Bias);
        if (!layer.Norm)
            return;
        weights.Slice(slot.Scale, layer.Out).Fill(1);
        statistics.Slice(slot.Mean, layer.Out).Clear();
        statistics.Slice(slot.Variance, layer.Out).Fill(1);
    }
}
