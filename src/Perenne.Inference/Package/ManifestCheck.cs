using Perenne.Contracts.Models;

namespace Perenne.Inference;

/// <summary>What can be wrong with a description by itself. One sentence for the first thing found.</summary>
internal static class ManifestCheck
{
    public static void Check(ModelManifest m, PackageLimits limits)
    {
        Refuse(m.Format != ModelManifest.CurrentFormat, $"has the format '{m.Format}'; this version reads '{ModelManifest.CurrentFormat}'");
        Refuse(!FamilyFits(m.Task, m.Head.Family), $"names the head family '{m.Head.Family}', which does not answer the task '{m.Task}'");
        Refuse(m.Task != ModelTask.Regress && m.Classes.Count == 0, "names no classes");
        Refuse(m.Classes.Any(c => string.IsNullOrWhiteSpace(c.Name)), "has a class without a name");
        if (m.Classes.GroupBy(c => c.Name, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
            Refuse(true, $"names the class '{twice.Key}' twice");
        Refuse(!IsShare(m.Threshold), $"has the threshold {m.Threshold}; it must be between 0 and 1");
        if (m.Classes.FirstOrDefault(c => c.Threshold is { } t && !IsShare(t)) is { } wrong)
            Refuse(true, $"gives the class '{wrong.Name}' the threshold {wrong.Threshold}; it must be between 0 and 1");
        if (m.Nms is { } nms)
            Refuse(nms.Iou is not (> 0 and <= 1) || nms.MaxDetections < 1, "has nms settings out of range: iou must be in (0, 1], maxDetections at least 1");
        if (m.Calibration is { } c)
            Refuse(!double.IsFinite(c.A) || !double.IsFinite(c.B) || c.A <= 0, "has a calibration without a positive slope a: it would turn the order of the scores around");
        Refuse(m.Features is { Length: < 1 }, "has a feature output of no length");
        Refuse(m.Head.Strides.Any(s => s is < 1 or > 256), "has a stride outside 1 to 256");
        Refuse(m.Limits is { Min: { } min, Max: { } max } && min > max, "has limits whose min is above their max");
        Input(m.Input, limits);
    }

    /// <summary>Channels of the input tensor, the reference included.</summary>
    public static int ChannelsOf(ModelInput input) => (input.Channels == ChannelOrder.Gray ? 1 : 3) + (input.Reference ? 1 : 0);

    private static void Input(ModelInput i, PackageLimits limits)
    {
        Refuse(i.Width < 1 || i.Height < 1 || i.Width > limits.MaxSide || i.Height > limits.MaxSide, $"has an input of {i.Width} × {i.Height}; each side must be between 1 and {limits.MaxSide}");
        Refuse(i.Resize == ResizeMode.Native && !i.Dynamic, "asks for the resize mode 'native' with a fixed input; set dynamic, or use letterbox or tile");
        Refuse(i.Resize == ResizeMode.Tile && (i.TileOverlap < 0 || i.TileOverlap > Math.Min(i.Width, i.Height) / 2), $"has a tile overlap of {i.TileOverlap}; it must be between 0 and half the smaller side");
        int channels = ChannelsOf(i);
        Refuse(i.Mean.Count != 1 && i.Mean.Count != channels, $"gives {i.Mean.Count} means for {channels} channels");
        Refuse(i.Std.Count != 1 && i.Std.Count != channels, $"gives {i.Std.Count} standard deviations for {channels} channels");
        Refuse(i.Mean.Concat(i.Std).Append(i.Scale).Any(v => !double.IsFinite(v)) || i.Std.Any(s => s == 0), "has a normalisation that is not finite, or a standard deviation of 0");
        Refuse(i.PadValue is < 0 or > 255, $"has the pad value {i.PadValue}; it must be a grey value from 0 to 255");
    }

    private static bool FamilyFits(ModelTask task, HeadFamily family) => task switch
    {
        ModelTask.Classify => family == HeadFamily.Classification,
        ModelTask.Regress => family == HeadFamily.Regression,
        ModelTask.Segment => family == HeadFamily.Segmentation,
        _ => family is HeadFamily.Perenne or HeadFamily.Yolox or HeadFamily.Yolov5 or HeadFamily.Yolov8 or HeadFamily.Detr,
    };

    private static bool IsShare(double v) => v is >= 0 and <= 1;

    private static void Refuse(bool wrong, string what)
    {
        if (wrong)
            throw new ModelPackageException($"{ModelPackage.ManifestFile} {what}. See docs/model-package.md.");
    }
}
