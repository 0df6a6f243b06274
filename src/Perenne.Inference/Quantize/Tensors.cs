using System.Runtime.InteropServices;
using Google.Protobuf;
using Perenne.Inference.Onnx;

namespace Perenne.Inference.Quantize;

/// <summary>Constants of an ONNX file.</summary>
internal static class Tensors
{
    public const int Float = 1, UInt8 = 2, Int8 = 3, Int32 = 6;

    /// <summary>The numbers of a float32 constant, in whichever of the two forms the exporter wrote. Null: another type, or kept elsewhere.</summary>
    public static float[]? Floats(TensorProto tensor) => tensor.DataType != Float ? null
        : tensor.HasRawData && tensor.RawData.Length > 0 ? MemoryMarshal.Cast<byte, float>(tensor.RawData.Span).ToArray()
        : tensor.FloatData.Count > 0 ? [.. tensor.FloatData] : null;

    public static TensorProto Of<T>(string name, int type, ReadOnlySpan<T> values, params long[] dims) where T : unmanaged =>
        new() { Name = name, DataType = type, Dims = { dims }, RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes(values)) };
}
