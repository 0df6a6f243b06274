using System.Numerics.Tensors;

namespace Perenne.Inference;

/// <summary>Heads that answer once per image.</summary>
internal static class WholeImageHeads
{
    public static double[] Tags(HeadSpec spec, OutputTensor scores, int item)
    {
        scores.Expect("classification", -1, spec.Classes);
        float[] values = scores.Item(item).ToArray();
        if (spec.Logits && values.Length == 1)
            values[0] = ScoreMap.Sigmoid(values[0]);
        else if (spec.Logits)
            TensorPrimitives.SoftMax<float>(values, values);
        return [.. values.Select(v => spec.Scores.Calibrate(v))];
    }

    public static double Value(HeadSpec spec, OutputTensor value, int item)
    {
        ReadOnlySpan<float> numbers = value.Item(item);
        if (numbers.Length != 1)
            value.Expect("regression", -1, 1);
        return numbers[0] * spec.Manifest.Head.ValueScale + spec.Manifest.Head.ValueOffset;
    }
}
