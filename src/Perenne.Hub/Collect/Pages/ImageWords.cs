using System.Globalization;
using System.Text.Json;
using Perenne.Hub.Collect.Gallery;
using Perenne.Hub.Shared.Pages;
using Perenne.Imaging;

namespace Perenne.Hub.Collect.Pages;

/// <summary>What the image page says in words where the API has names: its history, its format, the reasons and the figures of its quality.</summary>
internal static class ImageWords
{
    public static string History(Text T, GetImage.HistoryEntry entry) => entry.Kind switch
    {
        "arrived.api" => T["Arrived"],
        "arrived.upload" => T["Arrived in pieces"],
        "arrived.zip" => T["Arrived in a zip archive"],
        "arrived.folder" => T["Arrived by a watched folder"],
        "arrived.bucket" => T["Arrived by a watched bucket"],
        "quality.overruled" => T["Quality verdict overruled"],
        "quality.overruling-withdrawn" => T["Quality verdict back to what was measured"],
        "metadata.edited" => T["What is said of it was corrected"],
        _ => entry.Kind,
    };

    /// <summary>File names as they are; of a change only the reason, where one was given: before and after are for the API.</summary>
    public static string? Detail(GetImage.HistoryEntry entry)
    {
        if (entry.Kind.StartsWith("arrived.", StringComparison.Ordinal) || entry.Detail is not { } detail)
            return entry.Detail;
        using JsonDocument json = JsonDocument.Parse(detail);
        return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("reason", out JsonElement reason) ? reason.GetString() : null;
    }

    public static string Format(Text T, string format, int channels, int bits, long bytes)
    {
        string colour = channels < 3 ? T["grey"] : T["colour"];
        (double size, string unit) = bytes >= 1 << 20 ? (bytes / (double)(1 << 20), T["MB"]) : bytes >= 1 << 10 ? (bytes / (double)(1 << 10), T["kB"]) : (bytes, T["bytes"]);
        return string.Create(CultureInfo.CurrentCulture, $"{format.ToUpperInvariant()}, {colour}, {bits} bit, {size:0.#} {unit}");
    }

    public static string Reason(Text T, string code) => code switch
    {
        "dark" => T["Too dark"],
        "light" => T["Too light"],
        "blurred" => T["Blurred"],
        "partly-blurred" => T["Partly blurred"],
        "low-contrast" => T["Low contrast"],
        "noisy" => T["Noisy"],
        "overexposed" => T["Overexposed"],
        "low-information" => T["Hardly any content"],
        "too-small" => T["Too small"],
        "obstructed" => T["View covered"],
        "moved" => T["Camera moved"],
        "not-like-production" => T["Not like production"],
        _ => code,
    };

    public static IEnumerable<(string Name, string Value)> Measures(Text T, ImageMeasures m)
    {
        (string, double, string)[] all =
        [
            (T["Brightness, mean"], m.BrightnessMean, "P0"), (T["Brightness, darkest 1 %"], m.BrightnessP1, "P0"), (T["Brightness, middle"], m.BrightnessP50, "P0"),
            (T["Brightness, lightest 1 %"], m.BrightnessP99, "P0"), (T["Contrast"], m.Contrast, "0.000"), (T["Information, bits"], m.Entropy, "0.00"),
            (T["Pixels burnt out"], m.ClippedHigh, "P1"), (T["Pixels fully black"], m.ClippedLow, "P1"), (T["Fine detail"], m.Laplacian, "#,0"),
            (T["Gradient energy"], m.Tenengrad, "#,0"), (T["Edge sharpness"], m.EdgeSharpness, "0.000"), (T["Edge sharpness, softest part"], m.EdgeSharpnessLow, "0.000"),
            (T["Area with texture"], m.Textured, "P0"), (T["Noise, grey levels"], m.Noise, "0.00"),
        ];
        return all.Select(one => (one.Item1, one.Item2.ToString(one.Item3, CultureInfo.CurrentCulture)));
    }
}
