using System.Globalization;
using Perenne.Contracts.Models;

namespace Perenne.Cli.Learn;

/// <summary>Figures for people.</summary>
internal static class EvaluationText
{
    public static void Print(TextWriter to, ModelManifest manifest)
    {
        to.WriteLine($"{manifest.Name}: {manifest.Task.ToString().ToLowerInvariant()}, {manifest.Lineage.Steps} steps, threshold {manifest.Threshold.ToString("F3", CultureInfo.InvariantCulture)}");
        foreach ((string name, double value) in manifest.Metrics)
            to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {name,-22} {value:F4}"));
    }

    public static void Print(TextWriter to, EvaluationFigures figures)
    {
        to.WriteLine($"{figures.Model}: {figures.Images} images of the {figures.Split} part");
        foreach ((string name, double value) in figures.Metrics)
            to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {name,-22} {value:F4}"));
        if (figures.Inspection is { } i)
            to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  at the thresholds: {i.Escaped} of {i.Defective} defective images escape, {i.Overkilled} of {i.Good} good images are rejected"));
        foreach ((string name, IReadOnlyDictionary<string, double> values) in figures.Classes)
            to.WriteLine($"  {name,-22} " + string.Join("  ", values.Select(v => string.Create(CultureInfo.InvariantCulture, $"{v.Key} {v.Value:F4}"))));
    }
}
