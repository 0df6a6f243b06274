using System.Globalization;
using System.Runtime.InteropServices;
using Google.Protobuf;
using Perenne.Training.Export.Onnx;
using Perenne.Training.Network;

namespace Perenne.Training.Export;

/// <summary>Writes the network as ONNX nodes (opset 17) with batch normalisation folded into the convolutions. A value is the name of a node's output.</summary>
internal sealed class OnnxGraph(FoldedWeights weights) : IGraph<string>
{
    private const int FloatType = 1;

    private readonly GraphProto graph = new() { Name = "perenne" };
    private int count;

    /// <summary>Unshuffling by 4 and a 3×3 convolution are one 12×12 convolution of stride 4.</summary>
    public string Stem(ConvLayer layer, string image) => Conv(layer, image, weights.StemFilter(layer), [layer.Out, layer.In / 16, 12, 12], stride: 4, padding: 4);

    public string Conv(ConvLayer layer, string x) => Conv(layer, x, weights.Filter(layer), [layer.Out, layer.In, layer.Kernel, layer.Kernel], layer.Stride, layer.Padding);

    public string Add(string a, string b, bool relu)
    {
        string sum = Node("Add", [a, b]);
        return relu ? Node("Relu", [sum]) : sum;
    }

    public string Upsample(string x)
    {
        if (graph.Initializer.All(t => t.Name != "twice"))
            Tensor("twice", [1, 1, 2, 2], [4]);
        return Node("Resize", [x, "", "twice"], Text("mode", "nearest"), Text("coordinate_transformation_mode", "asymmetric"), Text("nearest_mode", "floor"));
    }

    public string Mean(string x) => Node("GlobalAveragePool", [x]);

    public string Max(string x) => Node("GlobalMaxPool", [x]);

    public string Concat(string a, string b) => Node("Concat", [a, b], Int("axis", 1));

    /// <summary>exp(x) · stride: log distances to pixels.</summary>
    public string Distances(string x, int stride)
    {
        string factor = string.Create(CultureInfo.InvariantCulture, $"stride_{stride}");
        Tensor(factor, [stride], []);
        return Node("Mul", [Node("Exp", [x]), factor]);
    }

    /// <summary>[N, C, 1, 1] -> [N, C].</summary>
    public string Flatten(string x) => Node("Flatten", [x], Int("axis", 1));

    public void Input(string name, int channels) => graph.Input.Add(Value(name, ["batch", channels, "height", "width"]));

    /// <summary>Gives a value the name it is asked for by; <paramref name="shape"/>: numbers or names of free sides.</summary>
    public void Output(string value, string name, params object[] shape)
    {
        NodeProto node = graph.Node.Single(n => n.Output[0] == value);
        node.Output[0] = name;
        foreach (NodeProto other in graph.Node)
            for (int i = 0; i < other.Input.Count; i++)
                if (other.Input[i] == value)
                    other.Input[i] = name;
        graph.Output.Add(Value(name, shape));
    }

    public ModelProto ToModel(string producerVersion) => new()
    {
        IrVersion = 8,
        ProducerName = "perenne-trainer",
        ProducerVersion = producerVersion,
        Graph = graph,
        OpsetImport = { new OperatorSetIdProto { Domain = "", Version = 17 } },
    };

    private string Conv(ConvLayer layer, string x, float[] filter, long[] shape, int stride, int padding)
    {
        // Detection levels share their head: its weights are written once.
        if (graph.Initializer.All(t => t.Name != layer.Name + ".weight"))
        {
            Tensor(layer.Name + ".weight", filter, shape);
            Tensor(layer.Name + ".bias", weights.Bias(layer), [layer.Out]);
        }
        string y = Node("Conv", [x, layer.Name + ".weight", layer.Name + ".bias"], Ints("kernel_shape", shape[2], shape[3]), Ints("strides", stride, stride), Ints("pads", padding, padding, padding, padding));
        return layer.Relu ? Node("Relu", [y]) : y;
    }

    private string Node(string type, string[] inputs, params AttributeProto[] attributes)
    {
        string output = string.Create(CultureInfo.InvariantCulture, $"v{count++}");
        graph.Node.Add(new NodeProto { OpType = type, Name = $"{type}_{output}", Input = { inputs }, Output = { output }, Attribute = { attributes } });
        return output;
    }

    private void Tensor(string name, float[] values, long[] dims) =>
        graph.Initializer.Add(new TensorProto { Name = name, DataType = FloatType, Dims = { dims }, RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes(values.AsSpan())) });

    private static ValueInfoProto Value(string name, object[] shape)
    {
        TensorShapeProto sides = new();
        foreach (object side in shape)
            sides.Dim.Add(side is int number ? new TensorShapeProto.Types.Dimension { DimValue = number } : new TensorShapeProto.Types.Dimension { DimParam = (string)side });
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = FloatType, Shape = sides } } };
    }

    private static AttributeProto Ints(string name, params long[] values) => new() { Name = name, Type = AttributeProto.Types.AttributeType.Ints, Ints = { values } };

    private static AttributeProto Int(string name, long value) => new() { Name = name, Type = AttributeProto.Types.AttributeType.Int, I = value };

    private static AttributeProto Text(string name, string value) => new() { Name = name, Type = AttributeProto.Types.AttributeType.String, S = ByteString.CopyFromUtf8(value) };
}
