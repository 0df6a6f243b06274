using System.Globalization;
using System.Text.Json;
using Perenne.Contracts;
using Perenne.Contracts.Models;
using Perenne.Hub.Shared.Pages;
using Perenne.Hub.Shared.Results;

namespace Perenne.Hub.Registry.Pages;

/// <summary>A model.json from a few answers, for exports of the usual tools.</summary>
internal static class GuidedManifest
{
    public static Result<string> Read(FormState form)
    {
        if (form["description"].Length > 0)
            return form["description"];
        Check check = new();
        int Side(string name)
        {
            bool fits = int.TryParse(form[name], CultureInfo.InvariantCulture, out int value) && value is >= 8 and <= 16384;
            check.That(fits, name, "The side of the input lies between 8 and 16,384 pixels.");
            return value;
        }

        bool isThreshold = double.TryParse(form["threshold"], CultureInfo.InvariantCulture, out double threshold) && threshold is >= 0 and <= 1;
        check.That(isThreshold, "threshold", "The threshold lies between 0 and 1.");
        HeadFamily family = Enum.TryParse(form["family"], out HeadFamily one) ? one : HeadFamily.Yolov8;
        string[] classes = form["classes"].Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        check.That(classes.Length > 0 || family == HeadFamily.Regression, "classes", "Name the classes in the order of the network's outputs, separated by commas.");
        ModelManifest manifest = new()
        {
            Name = form["name"],
            Task = family switch { HeadFamily.Classification => ModelTask.Classify, HeadFamily.Regression => ModelTask.Regress, HeadFamily.Segmentation => ModelTask.Segment, _ => ModelTask.Detect },
            Classes = family == HeadFamily.Regression ? [] : [.. classes.Select(c => new ModelClass(c))],
            Input = new()
            {
                Name = form["input"], Width = Side("width"), Height = Side("height"), Channels = Enum.TryParse(form["channels"], out ChannelOrder channels) ? channels : ChannelOrder.Rgb,
                Resize = Enum.TryParse(form["resize"], out ResizeMode resize) ? resize : ResizeMode.Letterbox, Scale = form["scale"] == "255" ? 1 : 1 / 255d,
            },
            Head = new() { Family = family },
            Nms = family is HeadFamily.Detr or HeadFamily.Classification or HeadFamily.Regression or HeadFamily.Segmentation ? null : new NmsSettings(),
            Threshold = threshold,
        };
        return check.Error is { } error ? error : JsonSerializer.Serialize(manifest, ContractJson.Indented);
    }
}
