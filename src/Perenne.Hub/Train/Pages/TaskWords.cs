using Perenne.Contracts.Models;
using Perenne.Hub.Shared.Pages;

namespace Perenne.Hub.Train.Pages;

internal static class TaskWords
{
    public static string Of(Text T, ModelTask task) => task switch
    {
        ModelTask.Detect => T["Boxes around defects"],
        ModelTask.Classify => T["One class per image"],
        ModelTask.Regress => T["One value per image"],
        _ => T["Masks of defects"],
    };

    public static string Duration(double seconds) => seconds < 90 ? $"{Math.Max(0, seconds):0} s" : seconds < 5400 ? $"{seconds / 60:0} min" : $"{seconds / 3600:0.0} h";
}
