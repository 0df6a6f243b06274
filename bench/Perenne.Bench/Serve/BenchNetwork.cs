using Perenne.Contracts.Models;
using Perenne.TestSupport;

namespace Perenne.Bench.Serve;

/// <summary>A convolutional detector of the size people run on a line (about 0.6 G multiplications on 640 × 640), with weights nobody trained: its speed is what counts here.</summary>
internal static class BenchNetwork
{
    public const int Side = 640;

    public static string Write(string folder, int seed, int width = 16, int side = Side)
    {
        Random random = new(seed);
        OnnxFile onnx = new OnnxFile().Input("image", -1, 1, -1, -1);
        string last = "image";
        int from = 1;
        foreach ((int to, int stride) in new[] { (width, 2), (2 * width, 2), (4 * width, 2), (4 * width, 1), (4 * width, 1) })
            (last, from) = (Layer(onnx, random, last, from, to, stride, rectify: true), to);
        string scores = Layer(onnx, random, last, from, 1, 1, rectify: false), boxes = Layer(onnx, random, last, from, 4, 1, rectify: true);
        // Most cells of a trained detector are background: without this, thousands of candidates would be sorted and suppressed for each picture.
        onnx.Constant("background", [-3.3f], 1).Node("Add", [scores, "background"], ["logit"]);
        onnx.Node("Sigmoid", ["logit"], ["scores"]).Node("Identity", [boxes], ["boxes"]).Output("scores", -1, 1, -1, -1).Output("boxes", -1, 4, -1, -1);
        return TestModels.Write(folder, new ModelManifest
        {
            Name = "bench", Task = ModelTask.Detect, Classes = [new ModelClass("defect")], Threshold = 0.999, Nms = new NmsSettings(0.5),
            Input = new ModelInput { Width = side, Height = side, Dynamic = true, Resize = ResizeMode.Letterbox },
            Head = new ModelHead { Family = HeadFamily.Perenne, Strides = [8] },
        }, onnx.ToArray());
    }

    private static string Layer(OnnxFile onnx, Random random, string input, int from, int to, int stride, bool rectify)
    {
        string name = $"l{random.Next():x8}";
        // He's scale keeps the numbers alive through the layers.
        float scale = MathF.Sqrt(2f / (9 * from));
        float[] weights = [.. Enumerable.Range(0, to * from * 9).Select(_ => scale * ((2 * random.NextSingle()) - 1))];
        onnx.Constant(name + "w", weights, to, from, 3, 3)
            .Node("Conv", [input, name + "w"], [name + "c"], ("kernel_shape", new[] { 3, 3 }), ("pads", new[] { 1, 1, 1, 1 }), ("strides", new[] { stride, stride }));
        if (!rectify)
            return name + "c";
        onnx.Node("Relu", [name + "c"], [name]);
        return name;
    }
}
