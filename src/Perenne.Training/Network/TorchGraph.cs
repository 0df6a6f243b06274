using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Perenne.Training.Network;

/// <summary>Computes the network with TorchSharp, on views of flat arrays.</summary>
internal sealed class TorchGraph : IGraph<Tensor>, IDisposable
{
    public const double Epsilon = 1e-5;

    private const double Momentum = 0.1;

    private sealed record Bound(LayerSlot Slot, Tensor Weight, Tensor Shift, Tensor? Scale, Tensor? Mean, Tensor? Variance);

    private readonly Dictionary<string, Bound> bound = [];
    private readonly bool half;
    private readonly WatchedConvolutions? watched;

    /// <param name="layout">Where what lies.</param>
    /// <param name="weights">Flat float32 weights; the graph reads them in place.</param>
    /// <param name="statistics">Flat running statistics; updated in place while training.</param>
    /// <param name="gradients">Flat gradients, added to by each backward pass. Null: the graph only predicts.</param>
    /// <param name="half">Convolutions in bfloat16 (weights stay float32).</param>
    public TorchGraph(ParameterLayout layout, Tensor weights, Tensor statistics, Tensor? gradients, bool half)
    {
        (this.half, watched) = (half, gradients is null ? null : new WatchedConvolutions(gradients));
        Training = gradients is not null;
        foreach (LayerSlot slot in layout.Slots)
            bound.Add(slot.Layer.Name, new Bound(slot, Filter(weights, gradients, slot), Row(weights, gradients, slot.Shift, slot.Layer.Out),
                slot.Layer.Norm ? Row(weights, gradients, slot.Scale, slot.Layer.Out) : null,
                slot.Layer.Norm ? statistics.narrow(0, slot.Mean, slot.Layer.Out).DetachFromDisposeScope() : null,
                slot.Layer.Norm ? statistics.narrow(0, slot.Variance, slot.Layer.Out).DetachFromDisposeScope() : null));
    }

    /// <summary>Normalise by the batch (and learn the running statistics) instead of by the running statistics.</summary>
    public bool Training { get; set; }

    // The batch is unshuffled where it is made, in plain C#.
    public Tensor Stem(ConvLayer layer, Tensor image) => Conv(layer, half ? image.to(ScalarType.BFloat16) : image);

    public Tensor Conv(ConvLayer layer, Tensor x)
    {
        Bound b = bound[layer.Name];
        if (IsWatched(layer, x))
            return Finish(layer, b, watched!.Watch(F.conv2d(x, b.Weight.detach(), null, [layer.Stride, layer.Stride], [layer.Padding, layer.Padding]), x, b.Slot));
        Tensor weight = half ? b.Weight.to(ScalarType.BFloat16) : b.Weight;
        Tensor? bias = layer.Norm ? null : half ? b.Shift.to(ScalarType.BFloat16) : b.Shift;
        return Finish(layer, b, F.conv2d(x, weight, bias, [layer.Stride, layer.Stride], [layer.Padding, layer.Padding]));
    }

    /// <summary>Off: the library works out every gradient, to compare with.</summary>
    internal bool OwnGradients { get; init; } = WeightGradient.IsUseful;

    /// <summary>After each backward pass: adds the gradients that the library was not asked for.</summary>
    public void AddGradients() => watched?.AddGradients();

    // The gradient comes back to the output only where there is something to learn before the layer as well.
    private bool IsWatched(ConvLayer layer, Tensor x) => OwnGradients && watched is not null && !half && x.requires_grad && WeightGradient.Takes(layer);

    private Tensor Finish(ConvLayer layer, Bound b, Tensor y)
    {
        if (layer.Norm)
            y = F.batch_norm(y, b.Mean!, b.Variance!, b.Scale, b.Shift, Training, Momentum, Epsilon);
        return layer.Relu ? F.relu(y, inplace: true) : y;
    }

    public Tensor Add(Tensor a, Tensor b, bool relu) => relu ? F.relu(a.add(b), inplace: true) : a.add(b);

    public Tensor Upsample(Tensor x) => F.interpolate(x, scale_factor: [2, 2], mode: InterpolationMode.Nearest);

    public Tensor Mean(Tensor x) => x.mean([2, 3], keepdim: true);

    public Tensor Max(Tensor x) => x.amax([2, 3], keepdim: true);

    public Tensor Concat(Tensor a, Tensor b) => cat([a, b], 1);

    public void Dispose()
    {
        foreach (Bound b in bound.Values)
            foreach (Tensor? tensor in (Tensor?[])[b.Weight, b.Shift, b.Scale, b.Mean, b.Variance])
                tensor?.Dispose();
    }

    private static Tensor Filter(Tensor weights, Tensor? gradients, LayerSlot slot)
    {
        ConvLayer layer = slot.Layer;
        Tensor View(Tensor flat) => flat.narrow(0, slot.Weight, layer.WeightCount).view(layer.Out, layer.Kernel, layer.Kernel, layer.In).permute(0, 3, 1, 2);
        return Leaf(View(weights), gradients is null ? null : View(gradients));
    }

    private static Tensor Row(Tensor weights, Tensor? gradients, int start, int count) =>
        Leaf(weights.narrow(0, start, count), gradients?.narrow(0, start, count));

    // A leaf on the flat array's memory whose gradient is added up in the flat gradient's memory.
    private static Tensor Leaf(Tensor view, Tensor? gradient)
    {
        Tensor leaf = view.detach().DetachFromDisposeScope();
        if (gradient is null)
            return leaf;
        leaf.requires_grad = true;
        leaf.grad = gradient;
        return leaf;
    }
}
