using System.Globalization;
using Perenne.Contracts.Models;
using Perenne.Hub.Shared.Pages;

namespace Perenne.Hub.Train.Pages;

internal static class TaskWords
{
    private static readonly string[] Errors = ["mae", "rmse", "mse", "error", "loss"];

    public static string Of(Text T, ModelTask task) => task switch
    {
        ModelTask.Detect => T["Boxes around defects"],
        ModelTask.Classify => T["One class per image"],
        ModelTask.Regress => T["One value per image"],
        _ => T["Masks of defects"],
    };

    /// <summary>A trainer's figure by its name: a share as per cent, an error in its own unit.</summary>
    public static string Figure(string name, double value) => IsShare(name, value) ? value.ToString("P1", CultureInfo.CurrentCulture) : value.ToString("0.####", CultureInfo.CurrentCulture);

    /// <summary>Whether a figure lies between 0 and 1 by what it is.</summary>
    public static bool IsShare(string name, double value) => value is >= -1 and <= 1 && !Errors.Any(e => name.EndsWith(e, StringComparison.OrdinalIgnoreCase));

    public static string Duration(double seconds) => seconds < 90 ? $"{Math.Max(0, seconds):0} s" : seconds < 5400 ? $"{seconds / 60:0} min" : $"{seconds / 3600:0.0} h";
}
