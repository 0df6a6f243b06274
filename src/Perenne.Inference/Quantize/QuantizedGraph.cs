using Perenne.Inference.Onnx;

namespace Perenne.Inference.Quantize;

/// <summary>
/// Rewrites a network with pairs of QuantizeLinear and DequantizeLinear around its convolutions, the form that ONNX Runtime turns into int8
/// kernels. Activations: uint8, one scale a value. Weights: int8, one scale an output channel, within ±64: the AVX2 kernel adds two
/// products in 16 bits, which 255 · 64 · 2 just fits. Biases: int32 in units of both scales.
/// </summary>
internal sealed class QuantizedGraph
{
    private const int WeightLimit = 64;
    private readonly ModelProto model;
    private readonly QuantizationPlan plan;
    private readonly Func<string, (float Scale, byte Zero)> range;
    private readonly Dictionary<string, string> dequantized = [];
    private readonly HashSet<string> written = [];

    private QuantizedGraph(ModelProto model, QuantizationPlan plan, Func<string, (float Scale, byte Zero)> range) => (this.model, this.plan, this.range) = (model, plan, range);

    public static ModelProto Of(ModelProto source, Func<string, (float Scale, byte Zero)> range)
    {
        ModelProto copy = source.Clone();
        new QuantizedGraph(copy, new QuantizationPlan(copy.Graph), range).Rewrite();
        return copy;
    }

    private void Rewrite()
    {
        GraphProto graph = model.Graph;
        List<NodeProto> nodes = [];
        foreach (string value in graph.Input.Select(i => i.Name).Where(plan.Values.Contains))
            AddPair(value, nodes);
        foreach (NodeProto node in graph.Node)
        {
            string first = node.Input.Count > 0 ? node.Input[0] : "";
            for (int i = 0; i < node.Input.Count; i++)
                if (dequantized.TryGetValue(node.Input[i], out string? read))
                    node.Input[i] = read;
            if (plan.Convolutions.Contains(node))
                Weights(node, Scale(first).Scale, nodes);
            nodes.Add(node);
            foreach (string value in node.Output.Where(plan.Values.Contains))
                AddPair(value, nodes);
        }
        graph.Node.Clear();
        graph.Node.AddRange(nodes);
        HashSet<string> used = [.. nodes.SelectMany(n => n.Input)];
        foreach (TensorProto unused in graph.Initializer.Where(t => !used.Contains(t.Name)).ToList())
            graph.Initializer.Remove(unused);
        // The trainer starts from weights in float32; without its figures of normalisation it says that these are none.
        foreach (StringStringEntryProto entry in model.MetadataProps.Where(m => m.Key == "perenne.normalisation").ToList())
            model.MetadataProps.Remove(entry);
    }

    private (float Scale, byte Zero) Scale(string value)
    {
        while (plan.SameAs.TryGetValue(value, out string? origin))
            value = origin;
        return range(value);
    }

    private void AddPair(string value, List<NodeProto> nodes)
    {
        (float scale, byte zero) = Scale(value);
        model.Graph.Initializer.Add(Tensors.Of<float>(value + "/scale", Tensors.Float, [scale]));
        model.Graph.Initializer.Add(Tensors.Of<byte>(value + "/zero", Tensors.UInt8, [zero]));
        nodes.Add(Node("QuantizeLinear", value + "/q", value, value + "/scale", value + "/zero"));
        nodes.Add(Node("DequantizeLinear", value + "/dq", value + "/q", value + "/scale", value + "/zero"));
        dequantized[value] = value + "/dq";
    }

    private void Weights(NodeProto node, float inputScale, List<NodeProto> nodes)
    {
        TensorProto weight = plan.Constants[node.Input[1]];
        float[] numbers = Tensors.Floats(weight)!;
        int channels = (int)weight.Dims[0], each = numbers.Length / channels;
        float[] scales = [.. Enumerable.Range(0, channels).Select(c => ChannelScale(numbers.AsSpan(c * each, each)))];
        if (written.Add(weight.Name))
        {
            sbyte[] small = new sbyte[numbers.Length];
            for (int i = 0; i < numbers.Length; i++)
                small[i] = (sbyte)Math.Clamp(MathF.Round(numbers[i] / scales[i / each]), -WeightLimit, WeightLimit);
            Constant(weight.Name, Tensors.Of<sbyte>(weight.Name + "/q", Tensors.Int8, small, [.. weight.Dims]), scales, Tensors.Of<sbyte>(weight.Name + "/zero", Tensors.Int8, new sbyte[channels], channels), nodes);
        }
        node.Input[1] = weight.Name + "/dq";
        if (node.Input.Count < 3 || node.Input[2].Length == 0)
            return;
        // Levels of a head share weights, not the scale of their inputs: a bias of its own for each convolution.
        string name = node.Input[2] + "/" + node.Output[0];
        float[] biases = Tensors.Floats(plan.Constants[node.Input[2]])!, units = [.. scales.Select(s => s * inputScale)];
        int[] whole = [.. biases.Select((b, c) => (int)Math.Clamp(Math.Round(b / (double)units[c]), int.MinValue, int.MaxValue))];
        Constant(name, Tensors.Of<int>(name + "/q", Tensors.Int32, whole, channels), units, Tensors.Of<int>(name + "/zero", Tensors.Int32, new int[channels], channels), nodes);
        node.Input[2] = name + "/dq";
    }

    private static float ChannelScale(ReadOnlySpan<float> numbers)
    {
        float most = 0;
        foreach (float n in numbers)
            most = Math.Max(most, Math.Abs(n));
        return most > 0 ? most / WeightLimit : 1f / WeightLimit;
    }

    private void Constant(string name, TensorProto values, float[] scales, TensorProto zeros, List<NodeProto> nodes)
    {
        model.Graph.Initializer.Add(values);
        model.Graph.Initializer.Add(Tensors.Of<float>(name + "/scale", Tensors.Float, scales, scales.Length));
        model.Graph.Initializer.Add(zeros);
        NodeProto node = Node("DequantizeLinear", name + "/dq", name + "/q", name + "/scale", name + "/zero");
        node.Attribute.Add(new AttributeProto { Name = "axis", I = 0, Type = AttributeProto.Types.AttributeType.Int });
        nodes.Add(node);
    }

    private static NodeProto Node(string type, string output, params string[] inputs) => new() { OpType = type, Name = output, Input = { inputs }, Output = { output } };
}
