using System.Globalization;
using System.Runtime.InteropServices;
using Perenne.Training.Export.Onnx;
using Perenne.Training.Network;

namespace Perenne.Training.Export;

/// <summary>Makes the ONNX model of a trained network.</summary>
internal static class OnnxExport
{
    public const string InputName = "image";
    public const string FeatureName = "features";

    /// <summary>Metadata key of what folding loses: scale, offset, mean and variance of each normalised channel. A later training starts from it.</summary>
    public const string NormKey = "perenne.normalisation";

    /// <summary>Metadata key of the class names, one per line.</summary>
    public const string ClassesKey = "perenne.classes";

    public static ModelProto Build(Backbone backbone, Head head, ParameterLayout layout, float[] weights, float[] statistics, IEnumerable<string> classes, string version)
    {
        OnnxGraph graph = new(new FoldedWeights(layout, weights, statistics));
        graph.Input(InputName, backbone.Channels);
        Maps<string> maps = backbone.Run(graph, InputName);
        foreach (Output<string> output in head.Run(graph, maps))
            Write(graph, head, layout, output);
        graph.Output(graph.Flatten(graph.Mean(maps.Deep)), FeatureName, "batch", Backbone.DeepWidth);
        ModelProto model = graph.ToModel(version);
        model.MetadataProps.Add(new StringStringEntryProto { Key = NormKey, Value = Normalisation(layout, weights, statistics) });
        model.MetadataProps.Add(new StringStringEntryProto { Key = ClassesKey, Value = string.Join('\n', classes) });
        return model;
    }

    private static void Write(OnnxGraph graph, Head head, ParameterLayout layout, Output<string> output)
    {
        int channels = output.Distances ? 4 : layout[head.Layers.Last(l => !l.Norm && l.Name != "box").Name].Layer.Out;
        if (output.Stride == 0)
            graph.Output(graph.Flatten(output.Value), output.Name, "batch", channels);
        else
            graph.Output(output.Distances ? graph.Distances(output.Value, output.Stride) : output.Value, output.Name, "batch", channels,
                string.Create(CultureInfo.InvariantCulture, $"height_{output.Stride}"), string.Create(CultureInfo.InvariantCulture, $"width_{output.Stride}"));
    }

    private static string Normalisation(ParameterLayout layout, float[] weights, float[] statistics)
    {
        List<float> values = [];
        foreach (LayerSlot slot in layout.Slots.Where(s => s.Layer.Norm))
            foreach ((float[] from, int start) in ((float[], int)[])[(weights, slot.Scale), (weights, slot.Shift), (statistics, slot.Mean), (statistics, slot.Variance)])
                values.AddRange(from.AsSpan(start, slot.Layer.Out));
        return Convert.ToBase64String(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(values)));
    }
}
