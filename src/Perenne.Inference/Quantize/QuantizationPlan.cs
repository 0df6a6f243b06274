using Perenne.Inference.Onnx;

namespace Perenne.Inference.Quantize;

/// <summary>
/// Which convolutions of a network become int8, and which values between them. The last convolutions of every branch stay float32: they
/// write scores and distances, where an eighth of a pixel or a thousandth of a score is what the thresholds were chosen by.
/// </summary>
internal sealed class QuantizationPlan
{
    private readonly GraphProto graph;
    private readonly Dictionary<string, List<NodeProto>> readers = [];

    public QuantizationPlan(GraphProto graph)
    {
        this.graph = graph;
        Constants = graph.Initializer.ToDictionary(t => t.Name);
        foreach (NodeProto node in graph.Node)
            foreach (string input in node.Input.Where(i => i.Length > 0).Distinct())
            {
                if (!readers.TryGetValue(input, out List<NodeProto>? list))
                    readers[input] = list = [];
                list.Add(node);
            }
        HashSet<NodeProto> followed = Followed();
        Convolutions = [.. graph.Node.Where(n => IsConvolution(n) && followed.Contains(n))];
        foreach (NodeProto node in Convolutions)
        {
            Values.Add(node.Input[0]);
            Values.Add(EndOf(node));
        }
        PassThrough();
    }

    public IReadOnlyDictionary<string, TensorProto> Constants { get; }

    public IReadOnlyList<NodeProto> Convolutions { get; }

    /// <summary>Values that are written in eight bits.</summary>
    public HashSet<string> Values { get; } = [];

    /// <summary>Values with the scale of another: resampling and maxima change no number.</summary>
    public Dictionary<string, string> SameAs { get; } = [];

    /// <summary>The value after a node, with the rectifier that follows it alone: eight bits from zero on cut off what is negative by themselves.</summary>
    private string EndOf(NodeProto node) =>
        readers.TryGetValue(node.Output[0], out List<NodeProto>? next) && next is [{ OpType: "Relu" } relu] && graph.Output.All(o => o.Name != node.Output[0]) ? relu.Output[0] : node.Output[0];

    private bool IsConvolution(NodeProto node) => node is { OpType: "Conv", Domain: "" } && node.Input.Count >= 2
        && Constants.TryGetValue(node.Input[1], out TensorProto? weight) && Tensors.Floats(weight) is not null
        && (node.Input.Count < 3 || node.Input[2].Length == 0 || (Constants.TryGetValue(node.Input[2], out TensorProto? bias) && Tensors.Floats(bias) is not null));

    /// <summary>Nodes that another convolution comes after.</summary>
    private HashSet<NodeProto> Followed()
    {
        HashSet<NodeProto> followed = [];
        HashSet<string> leads = [];
        // Nodes are in the order of the run, so that backwards each one's readers are known.
        foreach (NodeProto node in graph.Node.Reverse())
        {
            if (node.Output.Any(leads.Contains))
                followed.Add(node);
            if (followed.Contains(node) || node.OpType == "Conv")
                foreach (string input in node.Input)
                    leads.Add(input);
        }
        return followed;
    }

    private void PassThrough()
    {
        foreach (NodeProto node in graph.Node.Where(n => n.Domain.Length == 0 && n.Output.Count == 1))
        {
            if (node.OpType is "MaxPool" or "Resize" && Values.Contains(node.Input[0]))
            {
                Values.Add(node.Output[0]);
                SameAs[node.Output[0]] = node.Input[0];
            }
            else if (node.OpType is "Add" or "Concat" && node.Input.All(Values.Contains))
                Values.Add(EndOf(node));
        }
    }
}
