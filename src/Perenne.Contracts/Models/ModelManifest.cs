using System.Text.Json;

namespace Perenne.Contracts.Models;

/// <summary>
/// <c>model.json</c>: what a program must know to run the <c>model.onnx</c> beside it. The two files together are
/// a model package. Written by every trainer, read by hub, station and CLI. Described in docs/model-package.md.
/// </summary>
public sealed record ModelManifest
{
    /// <summary>The version of this document that this code writes.</summary>
    public const string CurrentFormat = "perenne-model/1";

    /// <summary>Always <see cref="CurrentFormat"/>.</summary>
    public string Format { get; init; } = CurrentFormat;

    /// <summary>A name for people, such as <c>pcb-top</c>.</summary>
    public string Name { get; init; } = "";

    /// <summary>What the model answers.</summary>
    public required ModelTask Task { get; init; }

    /// <summary>Label classes in the order of the network's outputs. Empty for <see cref="ModelTask.Regress"/>.</summary>
    public IReadOnlyList<ModelClass> Classes { get; init; } = [];

    /// <summary>How an image becomes the input tensor.</summary>
    public required ModelInput Input { get; init; }

    /// <summary>How the output tensors become shapes, tags or values.</summary>
    public required ModelHead Head { get; init; }

    /// <summary>Suppression of overlapping detections. Null: the family needs none (DETR-like) or the task has no boxes.</summary>
    public NmsSettings? Nms { get; init; }

    /// <summary>Score in [0, 1] from which a detection (or a tag) counts, where its class names none. Compared with the calibrated score where <see cref="Calibration"/> is given.</summary>
    public double Threshold { get; init; } = 0.4;

    /// <summary>Maps raw scores to probabilities. Null: not calibrated.</summary>
    public ScoreCalibration? Calibration { get; init; }

    /// <summary>Values of a regression that are good. Null: every value is.</summary>
    public ValueLimits? Limits { get; init; }

    /// <summary>The pooled backbone features used by drift monitoring. Null: the model has none.</summary>
    public FeatureOutput? Features { get; init; }

    /// <summary>Figures of the trainer's own evaluation on the frozen test split, for example <c>mAP@.33</c>, in [0, 1].</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; init; } = new Dictionary<string, double>();

    /// <summary>Where the model comes from.</summary>
    public ModelLineage Lineage { get; init; } = new();

    /// <summary>SHA-256 (64 lower-case hex digits) of <c>model.onnx</c>.</summary>
    public string Sha256 { get; init; } = "";
}

/// <summary>What a model answers about one image.</summary>
public enum ModelTask
{
    /// <summary>Boxes with class and score.</summary>
    Detect,

    /// <summary>One tag per image with a score per class.</summary>
    Classify,

    /// <summary>One number per image.</summary>
    Regress,

    /// <summary>A class per pixel (semantic segmentation).</summary>
    Segment,
}

/// <summary>One output class.</summary>
/// <param name="Name">Name as people know it.</param>
/// <param name="LabelClassId">Id of the hub's label class. Null outside the hub.</param>
/// <param name="Threshold">Score in [0, 1] from which a detection of this class counts. Null: the model's.</param>
/// <param name="IsGood">True: the class says that the part is good (a tag such as <c>ok</c>), so it never makes a part NOT OK.</param>
public sealed record ModelClass(string Name, Guid? LabelClassId = null, double? Threshold = null, bool IsGood = false);

/// <summary>Tolerance of a regression, in the unit of its value, both ends good.</summary>
/// <param name="Min">Smallest good value. Null: no lower limit.</param>
/// <param name="Max">Largest good value. Null: no upper limit.</param>
public sealed record ValueLimits(double? Min = null, double? Max = null);

/// <summary>The input tensor, float32 NCHW: value = (pixel·<see cref="Scale"/> − mean) / std, per channel.</summary>
public sealed record ModelInput
{
    /// <summary>Name of the ONNX input.</summary>
    public string Name { get; init; } = "image";

    /// <summary>Width in pixels that the network was measured at; any multiple of 32 when <see cref="Dynamic"/>.</summary>
    public required int Width { get; init; }

    /// <summary>Height in pixels.</summary>
    public required int Height { get; init; }

    /// <summary>Order of the image's channels. The reference channel, where there is one, comes after them.</summary>
    public ChannelOrder Channels { get; init; } = ChannelOrder.Gray;

    /// <summary>True when one more channel, grey, holds the aligned defect-free image of the same part.</summary>
    public bool Reference { get; init; }

    /// <summary>How an image of another size is brought to the input.</summary>
    public ResizeMode Resize { get; init; } = ResizeMode.Letterbox;

    /// <summary>Pixels by which neighbouring tiles overlap, for <see cref="ResizeMode.Tile"/>.</summary>
    public int TileOverlap { get; init; } = 96;

    /// <summary>Factor on the 8-bit pixel value; 1/255 brings it to [0, 1], 1 keeps [0, 255].</summary>
    public double Scale { get; init; } = 1 / 255d;

    /// <summary>One value per channel, or one for all.</summary>
    public IReadOnlyList<double> Mean { get; init; } = [0];

    /// <summary>One value per channel, or one for all; never 0.</summary>
    public IReadOnlyList<double> Std { get; init; } = [1];

    /// <summary>Grey value 0 to 255 of the border that letterboxing adds.</summary>
    public int PadValue { get; init; } = 114;

    /// <summary>True when the network takes any height and width that are multiples of 32.</summary>
    public bool Dynamic { get; init; }
}

/// <summary>Order of an image's channels in the input tensor.</summary>
public enum ChannelOrder
{
    /// <summary>One channel.</summary>
    Gray,

    /// <summary>Red, green, blue.</summary>
    Rgb,

    /// <summary>Blue, green, red.</summary>
    Bgr,
}

/// <summary>How an image of another size is brought to the input.</summary>
public enum ResizeMode
{
    /// <summary>Scaled to fit, the rest filled; aspect kept; centred.</summary>
    Letterbox,

    /// <summary>Scaled to fit, filled at the right and the bottom only (YOLOX).</summary>
    LetterboxTopLeft,

    /// <summary>Stretched; aspect lost.</summary>
    Stretch,

    /// <summary>Native scale, padded to the next multiple of 32. Needs a dynamic input.</summary>
    Native,

    /// <summary>Native scale, cut into overlapping tiles of the input size; detections are merged.</summary>
    Tile,
}

/// <summary>How outputs become results.</summary>
public sealed record ModelHead
{
    /// <summary>Family of the head.</summary>
    public required HeadFamily Family { get; init; }

    /// <summary>Names of the ONNX outputs by role: <c>scores</c>, <c>boxes</c>, <c>output</c>, <c>masks</c>, <c>value</c>. A missing role: the output of that name, else the order in the file. Several levels: roles <c>scores.8</c>, <c>boxes.8</c>, <c>scores.16</c>, … with the stride.</summary>
    public IReadOnlyDictionary<string, string> Outputs { get; init; } = new Dictionary<string, string>();

    /// <summary>Strides in pixels of the levels, in output order.</summary>
    public IReadOnlyList<int> Strides { get; init; } = [];

    /// <summary>True when scores are logits that still need a sigmoid (or softmax for tags).</summary>
    public bool Logits { get; init; }

    /// <summary>Linear map of a regression output to its unit: value = raw·<see cref="ValueScale"/> + <see cref="ValueOffset"/>.</summary>
    public double ValueScale { get; init; } = 1;

    /// <summary>See <see cref="ValueScale"/>.</summary>
    public double ValueOffset { get; init; }

    /// <summary>Smallest region of a segmentation that counts, in pixels of the image.</summary>
    public int MinRegionPixels { get; init; } = 16;
}

/// <summary>Head families that Perenne decodes.</summary>
public enum HeadFamily
{
    /// <summary>Our detector: <c>scores</c> [N, classes, H/s, W/s] and <c>boxes</c> [N, 4, H/s, W/s], distances in pixels left, top, right, bottom of the cell centre.</summary>
    Perenne,

    /// <summary>YOLOX: [N, cells, 5 + classes], centre and log size in units of the stride.</summary>
    Yolox,

    /// <summary>YOLOv5 export: [N, cells, 5 + classes], centre and size in pixels, objectness times class.</summary>
    Yolov5,

    /// <summary>YOLOv8 and 11 export: [N, 4 + classes, cells], centre and size in pixels.</summary>
    Yolov8,

    /// <summary>DETR-like: logits [N, queries, classes (+1)] and boxes [N, queries, 4], centre and size normalised.</summary>
    Detr,

    /// <summary>One score per class.</summary>
    Classification,

    /// <summary>One value.</summary>
    Regression,

    /// <summary>Class scores per pixel [N, 1 + classes, H/s, W/s], class 0 = background.</summary>
    Segmentation,
}

/// <summary>Greedy suppression of overlapping detections.</summary>
/// <param name="Iou">Overlap above which the weaker goes, in (0, 1].</param>
/// <param name="PerClass">True: only detections of the same class suppress each other.</param>
/// <param name="MaxDetections">Most detections of one image.</param>
public sealed record NmsSettings(double Iou = 0.5, bool PerClass = true, int MaxDetections = 300);

/// <summary>Platt scaling p = σ(<paramref name="A"/>·logit(score) + <paramref name="B"/>), fitted on the validation split.</summary>
public sealed record ScoreCalibration(double A, double B);

/// <summary>The pooled feature output.</summary>
/// <param name="Output">Name of the ONNX output, [N, <paramref name="Length"/>].</param>
/// <param name="Length">Numbers per image.</param>
public sealed record FeatureOutput(string Output, int Length);

/// <summary>Where a model comes from; everything that is unknown stays null.</summary>
public sealed record ModelLineage
{
    /// <summary>Content hash of the dataset version.</summary>
    public string? DatasetVersion { get; init; }

    /// <summary>Id of the training run.</summary>
    public string? TrainingRun { get; init; }

    /// <summary>SHA-256 of the model the training started from.</summary>
    public string? WarmStart { get; init; }

    /// <summary>SHA-256 of the float32 network that this int8 one was made from. Null: it is none.</summary>
    public string? QuantizedFrom { get; init; }

    /// <summary>Share in [0, 1] of the verdicts on test images that the int8 model shares with the float32 one. Null: not measured.</summary>
    public double? VerdictsAlike { get; init; }

    /// <summary>Least <see cref="VerdictsAlike"/> with which an int8 model is deployed.</summary>
    public const double MinVerdictsAlike = 0.99;

    /// <summary>Version of the trainer's code.</summary>
    public string? Trainer { get; init; }

    /// <summary>Seed of the run.</summary>
    public long? Seed { get; init; }

    /// <summary>Optimiser steps done.</summary>
    public int? Steps { get; init; }

    /// <summary>Processor the model was trained on; reproducible on the same type.</summary>
    public string? Processor { get; init; }

    /// <summary>The trainer's hyper-parameters, as it understood them.</summary>
    public JsonElement? Parameters { get; init; }
}
