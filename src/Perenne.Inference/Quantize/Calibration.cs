using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Perenne.Inference.Onnx;

namespace Perenne.Inference.Quantize;

/// <summary>Runs a network on pictures, prepared as in production, to see its inner values and how far another form of it differs.</summary>
internal static class Calibration
{
    public static ActivationRanges Run(ModelPackage package, ModelProto source, QuantizationPlan plan, IEnumerable<Frame> frames)
    {
        ModelProto open = source.Clone();
        string[] values = [.. plan.Values.Where(v => !plan.SameAs.ContainsKey(v) && source.Graph.Input.All(i => i.Name != v))];
        foreach (string value in values.Where(v => open.Graph.Output.All(o => o.Name != v)))
            open.Graph.Output.Add(new ValueInfoProto { Name = value, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = Tensors.Float } } });
        ActivationRanges ranges = new();
        using InferenceSession session = Load(open.ToByteArray());
        using RunOptions run = new();
        int count = 0;
        foreach ((long[] shape, float[] data) in Inputs(package, frames))
        {
            count++;
            ranges.Add(package.Manifest.Input.Name, data);
            using OrtValue input = OrtValue.CreateTensorValueFromMemory(data, shape);
            using IDisposableReadOnlyCollection<OrtValue> outputs = session.Run(run, [package.Manifest.Input.Name], [input], values);
            for (int i = 0; i < values.Length; i++)
                ranges.Add(values[i], outputs[i].GetTensorDataAsSpan<float>());
        }
        return count > 0 ? ranges : throw new ModelPackageException("There is no calibration picture. Give some that look like production.");
    }

    /// <summary>Mean square difference of all outputs, relative to their mean square, averaged over outputs.</summary>
    public static double Error(ModelPackage package, byte[] other, IEnumerable<Frame> frames)
    {
        using InferenceSession first = Load(package.ReadModel()), second = Load(other);
        string[] names = [.. first.OutputMetadata.Keys];
        double[] differs = new double[names.Length], square = new double[names.Length];
        using RunOptions run = new();
        foreach ((long[] shape, float[] data) in Inputs(package, frames))
        {
            using OrtValue input = OrtValue.CreateTensorValueFromMemory(data, shape);
            using IDisposableReadOnlyCollection<OrtValue> a = first.Run(run, [package.Manifest.Input.Name], [input], names), b = second.Run(run, [package.Manifest.Input.Name], [input], names);
            for (int i = 0; i < names.Length; i++)
            {
                ReadOnlySpan<float> x = a[i].GetTensorDataAsSpan<float>(), y = b[i].GetTensorDataAsSpan<float>();
                for (int n = 0; n < x.Length; n++)
                    (differs[i], square[i]) = (differs[i] + ((double)(x[n] - y[n]) * (x[n] - y[n])), square[i] + ((double)x[n] * x[n]));
            }
        }
        return differs.Zip(square, (d, s) => s > 0 ? d / s : d).Average();
    }

    private static InferenceSession Load(byte[] model)
    {
        using SessionOptions options = ProviderSetup.Options(new SessionSettings());
        return new InferenceSession(model, options);
    }

    /// <summary>The tensors of each picture, one a tile.</summary>
    private static IEnumerable<(long[] Shape, float[] Data)> Inputs(ModelPackage package, IEnumerable<Frame> frames)
    {
        InputWriter writer = new(package.Manifest.Input);
        foreach (Frame frame in frames)
        {
            using FramePlanes planes = new(package.Manifest.Input, frame);
            foreach (Placement tile in Placement.Of(package.Manifest.Input, planes.Width, planes.Height))
            {
                float[] data = new float[writer.Channels * tile.Height * tile.Width];
                writer.Write(planes.Planes, tile, data);
                yield return ([1, writer.Channels, tile.Height, tile.Width], data);
            }
        }
    }
}
