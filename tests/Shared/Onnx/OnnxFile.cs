using System.Text;

namespace Perenne.TestSupport;

/// <summary>Writes small ONNX files for tests, protobuf by hand: the field numbers are those of onnx.proto.</summary>
internal sealed class OnnxFile
{
    private const int Int = 2, Float = 1, Ints = 7, FloatType = 1, Int64Type = 7;
    private readonly List<byte[]> nodes = [], initializers = [], inputs = [], outputs = [];

    /// <param name="shape">−1 = any.</param>
    public OnnxFile Input(string name, params long[] shape) => Add(inputs, ValueInfo(name, shape));

    public OnnxFile Output(string name, params long[] shape) => Add(outputs, ValueInfo(name, shape));

    public OnnxFile Constant(string name, float[] values, params long[] shape) =>
        Add(initializers, new Proto().Packed(1, shape).Varint(2, FloatType).Text(8, name).Bytes(9, Raw(values)).ToArray());

    public OnnxFile Constant(string name, params long[] values) =>
        Add(initializers, new Proto().Packed(1, [values.Length]).Varint(2, Int64Type).Text(8, name).Bytes(9, Raw(values)).ToArray());

    /// <param name="attributes">int, float or int[].</param>
    public OnnxFile Node(string type, string[] from, string[] to, params (string Name, object Value)[] attributes)
    {
        Proto node = new();
        foreach (string input in from)
            node.Text(1, input);
        foreach (string output in to)
            node.Text(2, output);
        node.Text(4, type);
        foreach ((string name, object value) in attributes)
            node.Bytes(5, Attribute(name, value));
        return Add(nodes, node.ToArray());
    }

    public byte[] ToArray()
    {
        Proto graph = new();
        nodes.ForEach(n => graph.Bytes(1, n));
        graph.Text(2, "test");
        initializers.ForEach(n => graph.Bytes(5, n));
        inputs.ForEach(n => graph.Bytes(11, n));
        outputs.ForEach(n => graph.Bytes(12, n));
        return new Proto().Varint(1, 8).Text(2, "perenne-tests").Bytes(7, graph.ToArray()).Bytes(8, new Proto().Text(1, "").Varint(2, 17).ToArray()).ToArray();
    }

    private OnnxFile Add(List<byte[]> to, byte[] message)
    {
        to.Add(message);
        return this;
    }

    private static byte[] Attribute(string name, object value) => value switch
    {
        int i => new Proto().Text(1, name).Varint(3, i).Varint(20, Int).ToArray(),
        float f => new Proto().Text(1, name).Single(2, f).Varint(20, Float).ToArray(),
        int[] list => new Proto().Text(1, name).Packed(8, [.. list]).Varint(20, Ints).ToArray(),
        _ => throw new ArgumentException($"No attribute of {value.GetType()}."),
    };

    private static byte[] ValueInfo(string name, long[] shape)
    {
        Proto dims = new();
        foreach (long d in shape)
            dims.Bytes(1, d < 0 ? new Proto().Text(2, "any").ToArray() : new Proto().Varint(1, d).ToArray());
        Proto tensor = new Proto().Varint(1, FloatType).Bytes(2, dims.ToArray());
        return new Proto().Text(1, name).Bytes(2, new Proto().Bytes(1, tensor.ToArray()).ToArray()).ToArray();
    }

    private static byte[] Raw<T>(T[] values) where T : unmanaged => System.Runtime.InteropServices.MemoryMarshal.AsBytes<T>(values).ToArray();

    private sealed class Proto
    {
        private readonly List<byte> bytes = [];

        public byte[] ToArray() => [.. bytes];

        public Proto Varint(int field, long value) => Number((ulong)field << 3).Number((ulong)value);

        public Proto Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

        public Proto Bytes(int field, byte[] value)
        {
            Number(((ulong)field << 3) | 2).Number((ulong)value.Length);
            bytes.AddRange(value);
            return this;
        }

        public Proto Single(int field, float value)
        {
            Number(((ulong)field << 3) | 5);
            bytes.AddRange(BitConverter.GetBytes(value));
            return this;
        }

        public Proto Packed(int field, long[] values)
        {
            Proto inner = new();
            foreach (long v in values)
                inner.Number((ulong)v);
            return Bytes(field, inner.ToArray());
        }

        private Proto Number(ulong value)
        {
            for (; value >= 128; value >>= 7)
                bytes.Add((byte)(value | 128));
            bytes.Add((byte)value);
            return this;
        }
    }
}
