using System.Runtime.InteropServices;
using Google.Protobuf;
using Perenne.Contracts.Jobs;
using Perenne.Training.Export.Onnx;
using Perenne.Training.Network;

namespace Perenne.Training.Export;

/// <summary>Takes the weights of a model of this trainer as the first weights of a new run. Classes are matched by name; what the old model does not have starts anew.</summary>
internal static class WarmStart
{
    /// <returns>A sentence on what was taken over.</returns>
    /// <exception cref="TrainerException">Not a model of this trainer.</exception>
    public static string Load(string package, TrainingJob job, ParameterLayout layout, Span<float> weights, Span<float> statistics)
    {
        ModelProto model = ReadModel(Path.Combine(package, "model.onnx"));
        Dictionary<string, TensorProto> tensors = model.Graph.Initializer.ToDictionary(t => t.Name);
        float[] norms = MemoryMarshal.Cast<byte, float>(Convert.FromBase64String(model.MetadataProps.First(p => p.Key == OnnxExport.NormKey).Value)).ToArray();
        string[] classes = (model.MetadataProps.FirstOrDefault(p => p.Key == OnnxExport.ClassesKey)?.Value ?? "").Split('\n');
        int norm = 0, taken = 0, all = 0;
        // The order of the normalisations is that of the old model's layers, whose common part comes first.
        foreach (LayerSlot slot in layout.Slots)
        {
            all++;
            if (!tensors.TryGetValue(slot.Layer.Name + ".weight", out TensorProto? filter) || !tensors.TryGetValue(slot.Layer.Name + ".bias", out TensorProto? bias))
                continue;
            int outs = (int)filter.Dims[0];
            float[] own = slot.Layer.Norm && norm + 4 * outs <= norms.Length ? norms[norm..(norm + 4 * outs)] : [];
            norm += slot.Layer.Norm ? 4 * outs : 0;
            taken += Take(slot, Values(filter), [.. filter.Dims], Values(bias), own, ClassMap(slot.Layer, job, classes), weights, statistics) ? 1 : 0;
        }
        return taken == 0 ? throw new TrainerException("The model to start from has no layer in common with this task. Start from another model, or from scratch.")
            : $"Started from an earlier model: {taken} of {all} layers taken over.";
    }

    public static string HashOf(string package) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(Path.Combine(package, "model.onnx"))));

    // Output o of the new layer comes from output map[o] of the old one; -1: starts anew.
    private static int[]? ClassMap(ConvLayer layer, TrainingJob job, string[] classes) => layer.Name switch
    {
        "class" or "image" when job.Classes.Count > 0 => [.. job.Classes.Select(c => Array.IndexOf(classes, c.Name))],
        "pixel" => [0, .. job.Classes.Select(c => Array.IndexOf(classes, c.Name) is >= 0 and int at ? at + 1 : -1)],
        _ => null,
    };

    private static bool Take(LayerSlot slot, float[] filter, long[] dims, float[] bias, float[] norm, int[]? map, Span<float> weights, Span<float> statistics)
    {
        ConvLayer layer = slot.Layer;
        bool stem = layer.Kernel == 3 && dims[2] == 12;
        if ((map is null && dims[0] != layer.Out) || (!stem && (dims[1] != layer.In || dims[2] != layer.Kernel)) || (layer.Norm && norm.Length == 0))
            return false;
        for (int o = 0; o < layer.Out; o++)
        {
            int from = map is null ? o : map[o];
            if (from < 0 || from >= dims[0])
                continue;
            float factor = layer.Norm ? norm[o] / MathF.Sqrt(norm[3 * layer.Out + o] + (float)TorchGraph.Epsilon) : 1;
            // A channel switched off by its scale lost its filter in the folding; it stays off.
            float undo = MathF.Abs(factor) < 1e-12f ? 0 : 1 / factor;
            CopyFilter(slot, o, from, filter, dims, stem, undo, weights);
            weights[slot.Shift + o] = layer.Norm ? norm[layer.Out + o] : bias[from];
            if (!layer.Norm)
                continue;
            weights[slot.Scale + o] = norm[o];
            (statistics[slot.Mean + o], statistics[slot.Variance + o]) = (norm[2 * layer.Out + o], norm[3 * layer.Out + o]);
        }
        return true;
    }

    private static void CopyFilter(LayerSlot slot, int o, int from, float[] filter, long[] dims, bool stem, float undo, Span<float> weights)
    {
        ConvLayer layer = slot.Layer;
        int places = layer.Kernel * layer.Kernel, old = (int)dims[1];
        for (int place = 0; place < places; place++)
            for (int i = 0; i < layer.In; i++)
            {
                int to = slot.Weight + (o * places + place) * layer.In + i;
                if (!stem)
                    weights[to] = filter[(from * old + i) * places + place] * undo;
                // A new input (a reference, colour) starts silent, so that the model first answers as before.
                else if (i / 16 >= old)
                    weights[to] = 0;
                else
                    weights[to] = filter[((from * old + i / 16) * 12 + place / 3 * 4 + i % 16 / 4) * 12 + place % 3 * 4 + i % 4] * undo;
            }
    }

    private static ModelProto ReadModel(string path)
    {
        if (!File.Exists(path))
            throw new TrainerException($"The model to start from has no model.onnx ({path}).");
        try
        {
            ModelProto model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(path));
            if (model.MetadataProps.Any(p => p.Key == OnnxExport.NormKey))
                return model;
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new TrainerException("The model to start from is not an ONNX file, or it is damaged.", e);
        }
        throw new TrainerException("The model to start from was not made by Perenne's trainer, so its weights cannot be taken over. Start from one that was, or from scratch.");
    }

    private static float[] Values(TensorProto tensor) => MemoryMarshal.Cast<byte, float>(tensor.RawData.Span).ToArray();
}
