using System.Runtime.InteropServices;
using Perenne.Training.Network;
using TorchSharp;
using static TorchSharp.torch;

namespace Perenne.Training.Training;

/// <summary>All that changes while training, as flat arrays. What the network reads lies in TorchSharp's memory, the rest in ours.</summary>
internal sealed class TrainingState : IDisposable
{
    public TrainingState(ParameterLayout layout)
    {
        Layout = layout;
        (Weights, Gradients, Average) = (Flat(layout.Weights), Flat(layout.Weights), Flat(layout.Weights));
        (Statistics, AverageStatistics) = (Flat(layout.Statistics), Flat(layout.Statistics));
        (FirstMoment, SecondMoment, Decayed) = (new float[layout.Weights], new float[layout.Weights], layout.DecayMask());
        (BestWeights, BestStatistics) = (new float[layout.Weights], new float[layout.Statistics]);
    }

    public ParameterLayout Layout { get; }
    public Tensor Weights { get; }
    public Tensor Gradients { get; }
    public Tensor Statistics { get; }
    public Tensor Average { get; }
    public Tensor AverageStatistics { get; }
    public float[] FirstMoment { get; }
    public float[] SecondMoment { get; }
    public float[] Decayed { get; }
    public float[] BestWeights { get; }
    public float[] BestStatistics { get; }

    /// <summary>Writes everything, in a fixed order.</summary>
    public void Write(Stream to)
    {
        foreach (Tensor tensor in (Tensor[])[Weights, Statistics, Average, AverageStatistics])
            to.Write(tensor.bytes);
        foreach (float[] array in (float[][])[FirstMoment, SecondMoment, BestWeights, BestStatistics])
            to.Write(MemoryMarshal.AsBytes(array.AsSpan()));
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public void Read(Stream from)
    {
        foreach (Tensor tensor in (Tensor[])[Weights, Statistics, Average, AverageStatistics])
            from.ReadExactly(tensor.bytes);
        foreach (float[] array in (float[][])[FirstMoment, SecondMoment, BestWeights, BestStatistics])
            from.ReadExactly(MemoryMarshal.AsBytes(array.AsSpan()));
    }

    public static Span<float> Span(Tensor flat) => MemoryMarshal.Cast<byte, float>(flat.bytes);

    /// <summary>Keeps the averaged weights as the best so far.</summary>
    public void KeepBest()
    {
        Span(Average).CopyTo(BestWeights);
        Span(AverageStatistics).CopyTo(BestStatistics);
    }

    public void StartAverage()
    {
        Span(Weights).CopyTo(Span(Average));
        Span(Statistics).CopyTo(Span(AverageStatistics));
    }

    /// <summary>Puts the best weights where the averaged ones are: what is measured and exported at the end.</summary>
    public void UseBest()
    {
        BestWeights.CopyTo(Span(Average));
        BestStatistics.CopyTo(Span(AverageStatistics));
    }

    public void Dispose()
    {
        foreach (Tensor tensor in (Tensor[])[Weights, Gradients, Average, Statistics, AverageStatistics])
            tensor.Dispose();
    }

    private static Tensor Flat(int length) => zeros(length, ScalarType.Float32).DetachFromDisposeScope();
}
