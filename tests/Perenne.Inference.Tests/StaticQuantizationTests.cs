using Microsoft.ML.OnnxRuntime;
using Perenne.Contracts.Models;
using Perenne.Imaging;
using Perenne.Inference.Onnx;
using Perenne.TestSupport;

namespace Perenne.Inference.Tests;

public sealed class StaticQuantizationTests : IDisposable
{
    private readonly TempFolder temp = new();

    public void Dispose() => temp.Dispose();

    [Fact]
    public void Convolutions_run_in_int8_and_answer_nearly_what_they_answered_before()
    {
        string folder = Network();
        QuantizationReport report = StaticQuantization.Write(ModelPackage.Open(folder), () => Frames(8), temp["int8"]);

        // Of five convolutions the last two (scores, distances) stay float32.
        Assert.Equal(3, report.Convolutions);
        Assert.InRange(report.Error, 0, 0.01);
        Assert.True(new FileInfo(Path.Combine(temp["int8"], "model.onnx")).Length < 0.5 * new FileInfo(Path.Combine(folder, "model.onnx")).Length);
        Assert.Equal(ModelPackage.Read(folder).Manifest.Sha256, ModelPackage.Read(temp["int8"]).Manifest.Lineage.QuantizedFrom);
        Assert.Equal(3, Optimised(temp["int8"]).Count(type => type == "QLinearConv"));
    }

    [Fact]
    public void Ranges_hold_zero_and_leave_out_rare_extremes_when_asked_to()
    {
        Quantize.ActivationRanges ranges = new();
        float[] numbers = [.. Enumerable.Range(0, 20_000).Select(i => i % 100 / 100f)];
        numbers[7] = 1000;
        ranges.Add("x", numbers);

        (float whole, byte zero) = ranges.Of("x", 0);
        (float cut, _) = ranges.Of("x", 1);

        Assert.Equal((1000f / 255, (byte)0), (whole, zero));
        Assert.Equal(0.99f / 255, cut, 1e-6);
    }

    [Fact]
    public void What_cannot_be_quantised_is_said_in_a_sentence()
    {
        string folder = Network();
        StaticQuantization.Write(ModelPackage.Open(folder), () => Frames(2), temp["once"]);

        Assert.Contains("quantised already", Refused(temp["once"]), StringComparison.Ordinal);
        Assert.Contains("no convolution", Refused(TestModels.BrightSpots(temp["spots"])), StringComparison.Ordinal);
        Assert.Contains("no calibration picture", Assert.Throws<ModelPackageException>(() => StaticQuantization.Write(ModelPackage.Open(folder), () => [], temp["none"])).Message, StringComparison.Ordinal);
    }

    private string Refused(string folder) => Assert.Throws<ModelPackageException>(() => StaticQuantization.Write(ModelPackage.Read(folder), () => Frames(1), temp["refused"])).Message;

    /// <summary>Operators that ONNX Runtime really runs.</summary>
    private string[] Optimised(string folder)
    {
        string path = temp["optimised.onnx"];
        using SessionOptions options = new() { OptimizedModelFilePath = path, GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_EXTENDED };
        using InferenceSession session = new(Path.Combine(folder, "model.onnx"), options);
        return [.. ModelProto.Parser.ParseFrom(File.ReadAllBytes(path)).Graph.Node.Select(n => n.OpType)];
    }

    private static IEnumerable<Frame> Frames(int count)
    {
        for (int i = 0; i < count; i++)
        {
            using PixelBuffer picture = Pictures.WithSpot(64, 64, 5 + (5 * i), 50 - (4 * i), 10, value: (byte)(140 + (10 * i)), background: 30);
            yield return new Frame(picture);
        }
    }

    /// <summary>Convolution, a residual block of two, then scores and distances: the shapes of a detector.</summary>
    private string Network()
    {
        Random random = new(5);
        OnnxFile onnx = new OnnxFile().Input("image", -1, 1, -1, -1);
        void Conv(string name, string from, int ins, int outs, int stride, string to) => onnx
            .Constant(name + "w", [.. Enumerable.Range(0, outs * ins * 9).Select(_ => MathF.Sqrt(2f / (9 * ins)) * ((2 * random.NextSingle()) - 1))], outs, ins, 3, 3)
            .Constant(name + "b", [.. Enumerable.Range(0, outs).Select(_ => 0.1f * random.NextSingle())], outs)
            .Node("Conv", [from, name + "w", name + "b"], [to], ("kernel_shape", new[] { 3, 3 }), ("pads", new[] { 1, 1, 1, 1 }), ("strides", new[] { stride, stride }));
        Conv("stem", "image", 1, 24, 8, "s");
        onnx.Node("Relu", ["s"], ["a"]);
        Conv("one", "a", 24, 24, 1, "o");
        onnx.Node("Relu", ["o"], ["b"]);
        Conv("two", "b", 24, 24, 1, "t");
        onnx.Node("Add", ["t", "a"], ["sum"]).Node("Relu", ["sum"], ["c"]);
        Conv("score", "c", 24, 1, 1, "raw");
        Conv("side", "c", 24, 4, 1, "distance");
        onnx.Node("Sigmoid", ["raw"], ["scores"]).Node("Relu", ["distance"], ["boxes"]).Output("scores", -1, 1, -1, -1).Output("boxes", -1, 4, -1, -1);
        return TestModels.Write(temp["float"], new ModelManifest
        {
            Name = "small", Task = ModelTask.Detect, Classes = [new ModelClass("defect")], Threshold = 0.5, Nms = new NmsSettings(0.5),
            Input = new ModelInput { Width = 64, Height = 64, Dynamic = true, Resize = ResizeMode.Letterbox },
            Head = new ModelHead { Family = HeadFamily.Perenne, Strides = [8] },
        }, onnx.ToArray());
    }
}
