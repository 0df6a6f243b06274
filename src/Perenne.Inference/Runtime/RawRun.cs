using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Perenne.Inference;

/// <summary>A run on a tensor that came from outside.</summary>
internal static class RawRun
{
    public static void Check(TensorDeclaration input, IReadOnlyList<long> shape, int length)
    {
        bool fits = shape.Count == input.Shape.Count && shape.All(d => d > 0);
        for (int i = 0; fits && i < shape.Count; i++)
            fits = input.Shape[i] < 0 || input.Shape[i] == shape[i];
        if (!fits)
            throw new FrameException($"The input '{input.Name}' has the shape [{string.Join(", ", shape)}]; the model takes [{string.Join(", ", input.Shape.Select(d => d < 0 ? "any" : d.ToString(System.Globalization.CultureInfo.InvariantCulture)))}].");
        double expected = shape.Aggregate(1.0, (product, d) => product * d);
        if (expected != length)
            throw new FrameException($"The input '{input.Name}' of shape [{string.Join(", ", shape)}] needs {expected:0} numbers; {length} were sent.");
    }

    public static List<RawTensor> Go(InferenceSession session, RunOptions options, string inputName, IReadOnlyList<long> shape, float[] data, string[] outputs)
    {
        try
        {
            using OrtValue input = OrtValue.CreateTensorValueFromMemory(data, [.. shape]);
            using IDisposableReadOnlyCollection<OrtValue> results = session.Run(options, [inputName], [input], outputs);
            return [.. results.Select((r, i) => ToTensor(outputs[i], r))];
        }
        catch (OnnxRuntimeException e)
        {
            throw new FrameException($"The model fails on an input of shape [{string.Join(", ", shape)}]: {e.Message}");
        }
    }

    private static RawTensor ToTensor(string name, OrtValue value)
    {
        OrtTensorTypeAndShapeInfo info = value.GetTensorTypeAndShape();
        if (info.ElementDataType != TensorElementType.Float)
            throw new FrameException($"The output '{name}' is {info.ElementDataType}; only float32 outputs can be asked for.");
        return new RawTensor(name, info.Shape, value.GetTensorDataAsSpan<float>().ToArray());
    }
}
