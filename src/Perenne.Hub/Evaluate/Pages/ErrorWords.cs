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
    }.Where(part => !string.IsNullOrEmpty(part)));

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
