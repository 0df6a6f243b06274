using Microsoft.ML.OnnxRuntime;

namespace Perenne.Inference;

/// <summary>Tensors of one input shape, used again and again: after the first run nothing is allocated. One user at a time.</summary>
internal sealed class Workspace : IDisposable
{
    private readonly long[] shape;
    private readonly OrtValue input;
    private OrtValue[] outputs = [];

    public Workspace(int batch, int channels, int height, int width)
    {
        shape = [batch, channels, height, width];
        Input = new float[checked(batch * channels * height * width)];
        input = OrtValue.CreateTensorValueFromMemory(Input, shape);
    }

    public (int Batch, int Height, int Width) Key => ((int)shape[0], (int)shape[2], (int)shape[3]);

    /// <summary>Batch × channels × height × width, to be filled before <see cref="Run"/>.</summary>
    public float[] Input { get; }

    public OutputTensor[] Outputs { get; private set; } = [];

    public void Run(InferenceSession session, RunOptions options, string[] inputNames, string[] outputNames)
    {
        if (outputs.Length > 0)
        {
            session.Run(options, inputNames, [input], outputNames, outputs);
            return;
        }
        // The first run lets the runtime choose the shapes; the later ones write into our own memory.
        using IDisposableReadOnlyCollection<OrtValue> first = session.Run(options, inputNames, [input], outputNames);
        OutputTensor[] tensors = new OutputTensor[outputNames.Length];
        OrtValue[] values = new OrtValue[outputNames.Length];
        for (int i = 0; i < tensors.Length; i++)
        {
            OrtTensorTypeAndShapeInfo info = first[i].GetTensorTypeAndShape();
            if (info.ElementDataType != Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Float)
                throw OnnxSignature.Wrong($"gives {info.ElementDataType} at '{outputNames[i]}'; float32 is expected. Export it with float32 outputs");
            if (info.Shape.Length == 0 || info.Shape[0] != shape[0])
                throw OnnxSignature.Wrong($"gives '{outputNames[i]}' the shape [{string.Join(", ", info.Shape)}] for a batch of {shape[0]}. Export it with the batch as the first dimension of every output");
            float[] data = first[i].GetTensorDataAsSpan<float>().ToArray();
            tensors[i] = new OutputTensor(outputNames[i], info.Shape, data);
            values[i] = OrtValue.CreateTensorValueFromMemory(data, info.Shape);
        }
        (Outputs, outputs) = (tensors, values);
    }

    public void Dispose()
    {
        input.Dispose();
        foreach (OrtValue output in outputs)
            output.Dispose();
    }
}
