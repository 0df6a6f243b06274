using System.Security.Cryptography;
using System.Text.Json;
using Perenne.Contracts;
using Perenne.Contracts.Models;

namespace Perenne.TestSupport;

/// <summary>Model packages with networks small enough to know what they must answer.</summary>
internal static class TestModels
{
    /// <summary>
    /// A detector of bright spots: the score of an 8 × 8 cell is its brightest value in [0, 1], its box reaches <paramref name="reach"/> pixels from the
    /// cell's centre to every side; the feature is the mean of the image. <paramref name="gain"/> scales the score: 0 makes a blind model.
    /// </summary>
    public static string BrightSpots(string folder, ModelInput? input = null, float reach = 6, float gain = 1, long batch = -1, NmsSettings? nms = null, Func<ModelManifest, ModelManifest>? change = null)
    {
        input ??= new ModelInput { Width = 64, Height = 64, Dynamic = true, Resize = ResizeMode.Letterbox, PadValue = 0 };
        long h = input.Dynamic ? -1 : input.Height, w = input.Dynamic ? -1 : input.Width;
        int channels = (input.Channels == ChannelOrder.Gray ? 1 : 3) + (input.Reference ? 1 : 0);
        OnnxFile onnx = new OnnxFile()
            .Input("image", batch, channels, h, w)
            // The first channel alone: ReduceMax would let the reference decide.
            .Constant("from", 0).Constant("to", 1).Constant("axis", 1)
            .Node("Slice", ["image", "from", "to", "axis"], ["first"])
            .Node("MaxPool", ["first"], ["spots"], ("kernel_shape", new[] { 8, 8 }), ("strides", new[] { 8, 8 }))
            .Constant("gain", [gain], 1).Node("Mul", ["spots", "gain"], ["scores"])
            .Constant("none", [0f], 1).Constant("reach", [reach], 1)
            .Node("Mul", ["spots", "none"], ["zero"]).Node("Add", ["zero", "reach"], ["side"])
            .Node("Concat", ["side", "side", "side", "side"], ["boxes"], ("axis", 1))
            .Node("GlobalAveragePool", ["first"], ["pooled"]).Node("Flatten", ["pooled"], ["features"], ("axis", 1))
            .Output("scores", -1, 1, -1, -1).Output("boxes", -1, 4, -1, -1).Output("features", -1, 1);
        ModelManifest manifest = new()
        {
            Name = "bright-spots",
            Task = ModelTask.Detect,
            Classes = [new ModelClass("spot")],
            Input = input,
            Head = new ModelHead { Family = HeadFamily.Perenne, Strides = [8] },
            Nms = nms ?? new NmsSettings(0.3),
            Threshold = 0.5,
            Features = new FeatureOutput("features", 1),
        };
        return Write(folder, change?.Invoke(manifest) ?? manifest, onnx.ToArray());
    }

    /// <summary>
    /// Finds where a board differs from its defect-free picture: the score of a 16 × 16 cell is its mean difference times <paramref name="gain"/>.
    /// Real on binarised boards; a gain far above 2 sees defects in the jitter of edges, 0 is blind.
    /// </summary>
    public static string BoardDifferences(string folder, float gain = 2)
    {
        OnnxFile onnx = new OnnxFile()
            .Input("image", -1, 2, -1, -1)
            .Constant("zero", 0).Constant("one", 1).Constant("two", 2).Constant("axis", 1)
            .Node("Slice", ["image", "zero", "one", "axis"], ["board"]).Node("Slice", ["image", "one", "two", "axis"], ["golden"])
            .Node("Sub", ["board", "golden"], ["signed"]).Node("Abs", ["signed"], ["difference"])
            .Node("AveragePool", ["difference"], ["cells"], ("kernel_shape", new[] { 16, 16 }), ("strides", new[] { 16, 16 }))
            .Constant("gain", [gain], 1).Node("Mul", ["cells", "gain"], ["raw"]).Constant("most", [1f], 1).Node("Min", ["raw", "most"], ["scores"])
            .Constant("none", [0f], 1).Constant("reach", [20f], 1).Node("Mul", ["cells", "none"], ["nothing"]).Node("Add", ["nothing", "reach"], ["side"])
            .Node("Concat", ["side", "side", "side", "side"], ["boxes"], ("axis", 1))
            .Node("GlobalAveragePool", ["board"], ["pooled"]).Node("Flatten", ["pooled"], ["features"], ("axis", 1))
            .Output("scores", -1, 1, -1, -1).Output("boxes", -1, 4, -1, -1).Output("features", -1, 1);
        ModelManifest manifest = new()
        {
            Name = "board-differences", Task = ModelTask.Detect, Classes = [new ModelClass("difference")],
            Input = new ModelInput { Width = 640, Height = 640, Dynamic = true, Resize = ResizeMode.Letterbox, PadValue = 0, Reference = true },
            Head = new ModelHead { Family = HeadFamily.Perenne, Strides = [16] }, Nms = new NmsSettings(0.1), Threshold = 0.5, Features = new FeatureOutput("features", 1),
        };
        return Write(folder, manifest, onnx.ToArray());
    }

    /// <summary>A network that answers the same for every image, whatever the batch.</summary>
    public static byte[] Answering(int width, int height, params (string Name, float[] Values, long[] Shape)[] outputs)
    {
        OnnxFile onnx = new OnnxFile().Input("image", -1, 1, height, width).Constant("nothing", [0f], 1)
            .Node("GlobalAveragePool", ["image"], ["mean"]).Node("Mul", ["mean", "nothing"], ["zero4"]);
        foreach ((string name, float[] values, long[] shape) in outputs)
        {
            long[] one = [-1, .. Enumerable.Repeat(1L, shape.Length - 1)];
            onnx.Constant($"{name}-values", values, shape).Constant($"{name}-rank", one)
                .Node("Reshape", ["zero4", $"{name}-rank"], [$"{name}-zero"]).Node("Add", [$"{name}-zero", $"{name}-values"], [name])
                .Output(name, [-1, .. shape[1..]]);
        }
        return onnx.ToArray();
    }

    public static string Write(string folder, ModelManifest manifest, byte[] onnx)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, "model.onnx"), onnx);
        manifest = manifest with { Sha256 = Convert.ToHexStringLower(SHA256.HashData(onnx)) };
        File.WriteAllText(Path.Combine(folder, "model.json"), JsonSerializer.Serialize(manifest, ContractJson.Indented));
        return folder;
    }
}
