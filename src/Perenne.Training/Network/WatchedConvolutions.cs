using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Perenne.Training.Network;

/// <summary>
/// Convolutions whose weights' gradients we work out ourselves (see <see cref="WeightGradient"/>): the library goes back through them to their inputs only and keeps the gradient of
/// their outputs, from which the rest follows when it is done.
/// </summary>
/// <param name="gradients">The flat gradients.</param>
internal sealed class WatchedConvolutions(Tensor gradients)
{
    private readonly List<(Tensor Output, Tensor Input, LayerSlot Slot)> watched = [];

    /// <summary>The tensors live until the end of the step.</summary>
    public Tensor Watch(Tensor output, Tensor input, LayerSlot slot)
    {
        output.retain_grad();
        watched.Add((output, input, slot));
        return output;
    }

    /// <summary>After the backward pass: adds the gradients of the watched weights.</summary>
    public void AddGradients()
    {
        using IDisposable frozen = no_grad();
        foreach ((Tensor output, Tensor input, LayerSlot slot) in watched)
        {
            using Tensor gradient = ChannelsLast(output.grad ?? throw new InvalidOperationException($"No gradient came back to {slot.Layer.Name}.")), from = ChannelsLast(input);
            ConvLayer layer = slot.Layer;
            ConvShape shape = new((int)from.shape[0], (int)from.shape[1], (int)from.shape[2], layer.In, (int)gradient.shape[1], (int)gradient.shape[2], layer.Out, layer.Stride);
            WeightGradient.Add(shape, Floats(from), Floats(gradient), Floats(gradients).Slice(slot.Weight, layer.WeightCount), get_num_threads());
        }
        watched.Clear();
    }

    private static Tensor ChannelsLast(Tensor tensor)
    {
        using Tensor turned = tensor.permute(0, 2, 3, 1);
        return turned.contiguous();
    }

    private static Span<float> Floats(Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);
}
