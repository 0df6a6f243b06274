using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Perenne.Training.Training;

/// <summary>AdamW with a clipped gradient and a moving average of the weights, in one pass over flat arrays.</summary>
/// <remarks>I. Loshchilov and F. Hutter, "Decoupled weight decay regularization", ICLR 2019.</remarks>
internal static class AdamW
{
    private const float FirstDecay = 0.9f, SecondDecay = 0.99f, Epsilon = 1e-8f;

    /// <summary>Scales the gradient down to <paramref name="most"/> where its length is above; returns the length before.</summary>
    public static float Clip(Span<float> gradient, float most)
    {
        float length = TensorPrimitives.Norm<float>(gradient);
        if (length > most)
            TensorPrimitives.Multiply(gradient, most / length, gradient);
        return length;
    }

    /// <summary>One step; <paramref name="number"/> counts from 1.</summary>
    public static void Step(Span<float> weights, ReadOnlySpan<float> gradient, Span<float> first, Span<float> second, ReadOnlySpan<float> decayed, int number, float rate, float decay)
    {
        float rate1 = rate / (1 - MathF.Pow(FirstDecay, number)), correction2 = 1 / (1 - MathF.Pow(SecondDecay, number));
        int lanes = Vector<float>.Count, whole = weights.Length / lanes * lanes;
        Span<Vector<float>> w = Cast(weights), m = Cast(first), v = Cast(second);
        ReadOnlySpan<Vector<float>> g = MemoryMarshal.Cast<float, Vector<float>>(gradient), d = MemoryMarshal.Cast<float, Vector<float>>(decayed);
        Vector<float> epsilon = new(Epsilon);
        for (int i = 0; i < w.Length; i++)
        {
            m[i] = m[i] * FirstDecay + g[i] * (1 - FirstDecay);
            v[i] = v[i] * SecondDecay + g[i] * g[i] * (1 - SecondDecay);
            w[i] -= w[i] * d[i] * (rate * decay) + m[i] * rate1 / (Vector.SquareRoot(v[i] * correction2) + epsilon);
        }
        for (int i = whole; i < weights.Length; i++)
        {
            first[i] = first[i] * FirstDecay + gradient[i] * (1 - FirstDecay);
            second[i] = second[i] * SecondDecay + gradient[i] * gradient[i] * (1 - SecondDecay);
            weights[i] -= weights[i] * decayed[i] * (rate * decay) + first[i] * rate1 / (MathF.Sqrt(second[i] * correction2) + Epsilon);
        }
    }

    /// <summary>average = average·keep + current·(1 − keep).</summary>
    public static void Average(Span<float> average, ReadOnlySpan<float> current, float keep) =>
        TensorPrimitives.Lerp(current, average, keep, average);

    private static Span<Vector<float>> Cast(Span<float> span) => MemoryMarshal.Cast<float, Vector<float>>(span);
}
