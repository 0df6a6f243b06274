using Perenne.Contracts.Models;
using Perenne.TestSupport;

namespace Perenne.Inference.Tests;

public sealed class ModelPackageTests : IDisposable
{
    private readonly TempFolder temp = new();

    public void Dispose() => temp.Dispose();

    [Fact]
    public void A_good_package_opens_and_tells_what_it_is()
    {
        ModelPackage package = ModelPackage.Open(TestModels.BrightSpots(temp["m"]));
        Assert.Equal("bright-spots", package.Manifest.Name);
    }

    [Fact]
    public void A_folder_without_the_network_names_the_file_that_is_missing()
    {
        string folder = TestModels.BrightSpots(temp["m"]);
        File.Delete(Path.Combine(folder, "model.onnx"));
        Assert.Contains("model.onnx is missing", Refusal(folder), StringComparison.Ordinal);
    }

    [Fact]
    public void A_network_that_was_changed_after_it_was_described_is_refused()
    {
        string folder = TestModels.BrightSpots(temp["m"]), onnx = Path.Combine(folder, "model.onnx");
        byte[] bytes = File.ReadAllBytes(onnx);
        bytes[^1] ^= 1;
        File.WriteAllBytes(onnx, bytes);
        Assert.Contains("do not belong together", Refusal(folder), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ \"task\": \"detect\" ", "model.json cannot be read")]
    [InlineData("{ \"task\": \"guess\" }", "$.task")]
    [InlineData("{ \"task\": \"detect\", \"input\": { \"width\": 64, \"height\": 64 } }", "head")]
    [InlineData("null", "holds null")]
    public void A_description_that_cannot_be_read_says_where(string json, string expected)
    {
        string folder = TestModels.BrightSpots(temp["m"]);
        File.WriteAllText(Path.Combine(folder, "model.json"), json);
        Assert.Contains(expected, Refusal(folder), StringComparison.Ordinal);
    }

    public static TheoryData<string, Func<ModelManifest, ModelManifest>, string> WrongDescriptions => new()
    {
        { "format", m => m with { Format = "perenne-model/9" }, "perenne-model/9" },
        { "no classes", m => m with { Classes = [] }, "names no classes" },
        { "twice", m => m with { Classes = [new("a"), new("a")] }, "'a' twice" },
        { "threshold", m => m with { Threshold = 1.5 }, "between 0 and 1" },
        { "family", m => m with { Head = m.Head with { Family = HeadFamily.Regression } }, "does not answer the task" },
        { "nms", m => m with { Nms = new NmsSettings(0) }, "iou must be in" },
        { "calibration", m => m with { Calibration = new ScoreCalibration(-1, 0) }, "positive slope" },
        { "std", m => m with { Input = m.Input with { Std = [0] } }, "standard deviation of 0" },
        { "means", m => m with { Input = m.Input with { Mean = [0, 0, 0] } }, "3 means for 1 channels" },
        { "native", m => m with { Input = m.Input with { Resize = ResizeMode.Native, Dynamic = false } }, "'native' with a fixed input" },
        { "overlap", m => m with { Input = m.Input with { Resize = ResizeMode.Tile, TileOverlap = 60 } }, "tile overlap of 60" },
        { "side", m => m with { Input = m.Input with { Width = 100_000 } }, "between 1 and 8192" },
        { "input name", m => m with { Input = m.Input with { Name = "images" } }, "has no input 'images'; its inputs are 'image'" },
        { "channels", m => m with { Input = m.Input with { Channels = ChannelOrder.Rgb } }, "takes 1 channels, but the description makes 3" },
        { "output name", m => m with { Features = new FeatureOutput("pool", 1) }, "has no output 'pool'" },
        { "more classes", m => m with { Classes = [new("a"), new("b")] }, "gives 'scores' the shape [1, 1, 8, 8]" },
        { "stride", m => m with { Head = m.Head with { Strides = [16] } }, "the head of stride 16" },
        { "features", m => m with { Features = new FeatureOutput("features", 64) }, "the feature output needs [batch, 64]" },
    };

    [Theory]
    [MemberData(nameof(WrongDescriptions))]
    public void A_description_that_does_not_fit_is_refused_with_a_sentence(string name, Func<ModelManifest, ModelManifest> change, string expected)
    {
        string sentence = Refusal(TestModels.BrightSpots(temp[name], change: change));
        Assert.Contains(expected, sentence, StringComparison.Ordinal);
        Assert.EndsWith(".", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_network_of_another_size_is_refused_with_both_sizes()
    {
        ModelInput input = new() { Width = 64, Height = 64 };
        string folder = TestModels.BrightSpots(temp["m"], input, change: m => m with { Input = m.Input with { Width = 128 } });
        Assert.Contains("takes 64 × 64 pixels, but the description says 128 × 64", Refusal(folder), StringComparison.Ordinal);
    }

    [Fact]
    public void An_operator_nobody_knows_is_named()
    {
        byte[] onnx = new OnnxFile().Input("image", 1, 1, 8, 8).Node("Frobnicate", ["image"], ["scores"]).Output("scores", 1, 1, 1, 1).ToArray();
        Assert.Contains("uses the operator 'Frobnicate', which this ONNX Runtime does not know", Written(onnx), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(40)]
    public void A_file_that_is_no_network_is_refused(int length)
    {
        byte[] junk = new byte[length];
        new Random(3).NextBytes(junk);
        Assert.Contains("not an ONNX file", Written(junk), StringComparison.Ordinal);
    }

    [Fact]
    public void A_network_above_the_size_limit_is_refused_before_it_is_read()
    {
        string folder = TestModels.BrightSpots(temp["m"]);
        Assert.Contains("the limit is 10", Assert.Throws<ModelPackageException>(() => ModelPackage.Open(folder, new PackageLimits { MaxModelBytes = 10 })).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cuda", "not part of this installation's ONNX Runtime")]
    [InlineData("tensorrt,cuda", "not part of this installation's ONNX Runtime")]
    [InlineData("openvino:device_type=GPU", "Intel.ML.OnnxRuntime.OpenVino")]
    [InlineData("quantum", "no execution provider that Perenne knows")]
    public void A_provider_that_is_not_there_is_refused_and_not_replaced_in_silence(string provider, string expected)
    {
        ModelPackage package = ModelPackage.Open(TestModels.BrightSpots(temp["m"]));
        Assert.Contains(expected, Assert.Throws<ModelPackageException>(() => new ModelSession(package, new SessionSettings { Provider = provider })).Message, StringComparison.Ordinal);
    }

    private string Written(byte[] onnx) => Refusal(TestModels.Write(temp["w"], ManifestOf(), onnx));

    private static ModelManifest ManifestOf() => new()
    {
        Task = ModelTask.Detect,
        Classes = [new("a")],
        Input = new ModelInput { Width = 8, Height = 8 },
        Head = new ModelHead { Family = HeadFamily.Perenne },
    };

    private static string Refusal(string folder) => Assert.Throws<ModelPackageException>(() => ModelPackage.Open(folder)).Message;
}
