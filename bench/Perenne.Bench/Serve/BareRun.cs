using Microsoft.ML.OnnxRuntime;
using Perenne.Imaging;

namespace Perenne.Bench.Serve;

/// <summary>What somebody writes who has only the two libraries: decode the picture, fill the tensor, run the network, look for the best score. One per caller.</summary>
internal sealed class BareRun(InferenceSession session) : IDisposable
{
    private readonly float[] input = new float[BenchNetwork.Side * BenchNetwork.Side];
    private readonly RunOptions options = new();

    public static InferenceSession Load(string folder)
    {
        using SessionOptions options = new() { IntraOpNumThreads = 1, InterOpNumThreads = 1 };
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        return new InferenceSession(Path.Combine(folder, "model.onnx"), options);
    }

    public float Picture(byte[] jpeg)
    {
        using ImageSource source = ImageSource.FromBytes(jpeg);
        using PixelBuffer pixels = ImageDecoder.Decode(source, ImageProbe.Probe(source).Facts!).Pixels!;
        for (int y = 0; y < BenchNetwork.Side; y++)
        {
            ReadOnlySpan<byte> row = pixels.Row(y);
            for (int x = 0; x < BenchNetwork.Side; x++)
                input[(y * BenchNetwork.Side) + x] = row[x] / 255f;
        }
        return Tensor(input);
    }

    public float Tensor(float[] data)
    {
        using OrtValue tensor = OrtValue.CreateTensorValueFromMemory(data, [1, 1, BenchNetwork.Side, BenchNetwork.Side]);
        using IDisposableReadOnlyCollection<OrtValue> outputs = session.Run(options, ["image"], [tensor], ["scores", "boxes"]);
        float best = 0;
        foreach (float score in outputs[0].GetTensorDataAsSpan<float>())
            best = Math.Max(best, score);
        return best;
    }

    public void Dispose() => options.Dispose();
}
