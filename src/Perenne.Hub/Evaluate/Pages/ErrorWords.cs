using System.Globalization;
using Perenne.Hub.Shared.Pages;

namespace Perenne.Hub.Evaluate.Pages;

internal static class ErrorWords
{
    public static string Of(Text T, ErrorKind kind) => kind switch
    {
        ErrorKind.FalsePositive => T["False alarm"],
        ErrorKind.Miss => T["Missed"],
        ErrorKind.WrongClass => T["Wrong class"],
        ErrorKind.BadlyPlaced => T["Badly placed"],
        _ => T["Annotation doubtful"],
    };

    public static string Slice(Text T, EvaluationSlice slice) => string.Join(" · ", new[]
    {
        slice.Split switch { "train" => T["train"], "validation" => T["validation"], "test" => T["test"], _ => T["all splits"] }, slice.Organization, slice.Camera,
        slice.From is null && slice.Until is null ? null : $"{slice.From:d} – {slice.Until:d}", slice.Class, slice.Size is { } size ? SizeOf(T, size) : null,
        slice.Quality switch { Collect.ImageQuality.Usable => T["Usable"], Collect.ImageQuality.Flagged => T["Flagged"], Collect.ImageQuality.Rejected => T["Rejected"], _ => null },
        slice.NotSeenBy is { } models ? T["not trained on by {0}", models.Replace(",", ", ", StringComparison.Ordinal)] : null, slice.Newest is { } newest ? T["newest {0}", newest] : null,
    }.Where(part => !string.IsNullOrEmpty(part)));

    public static string SizeOf(Text T, string size)
    {
        (_, double from, double below) = EvaluationSlice.Sizes.First(s => s.Name == size);
        return double.IsFinite(below) ? T["defects of {0} to {1} pixels", from, below] : T["defects of {0} pixels and more", from];
    }

    public static string Kind(Text T, string kind) => kind switch
    {
        "organization" => T["By organization"],
        "camera" => T["By camera"],
        "brightness" => T["By brightness of the image"],
        "size" => T["By size of the defect"],
        _ => T["By position of the defect"],
    };

    public static string Perturbation(Text T, string kind) => kind switch
    {
        "brightness" => T["Brightness, grey values"],
        "blur" => T["Blur, pixels"],
        "noise" => T["Noise, grey values"],
        "jpeg" => T["JPEG quality"],
        "shift" => T["Shift, pixels"],
        _ => T["Scale"],
    };

    /// <summary>A share as per cent, an error in its own unit.</summary>
    public static string Figure(string name, double value) => name.Contains("error", StringComparison.Ordinal) ? value.ToString("0.###", CultureInfo.CurrentCulture) : value.ToString("P1", CultureInfo.CurrentCulture);

    public static string Name(Text T, string name) => name switch
    {
        "dark" => T["dark"],
        "dim" => T["dim"],
        "medium" => T["medium"],
        "bright" => T["bright"],
        "very bright" => T["very bright"],
        "centre" => T["centre"],
        "edge" => T["edge"],
        "corner" => T["corner"],
        "precision" => T["precision"],
        "recall" => T["recall"],
        "escape" => T["escapes"],
        "overkill" => T["overkill"],
        _ => name,
    };
}
