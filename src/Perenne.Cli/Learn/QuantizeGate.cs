using System.Globalization;
using Perenne.Contracts.Models;

namespace Perenne.Cli.Learn;

/// <summary>What was measured of an int8 model beside the float32 one it was made from, on the same images.</summary>
/// <param name="Figure">Name of the figure that is compared.</param>
/// <param name="Float">Of the float32 model.</param>
/// <param name="Small">Of the int8 model.</param>
/// <param name="LowerIsBetter">True for errors.</param>
/// <param name="Images">Images judged.</param>
/// <param name="Alike">Of them with the same verdict.</param>
/// <param name="SpeedUp">Median time of the float32 network by that of the int8 one, one thread, in turns.</param>
internal sealed record QuantizeFacts(string Figure, double Float, double Small, bool LowerIsBetter, int Images, int Alike, double SpeedUp);

/// <summary>Whether an int8 model may take a float32 model's place, as a pure function. Each condition that does not hold is a sentence.</summary>
internal static class QuantizeGate
{
    /// <summary>Loss of score that counts as noise: the hub's own tolerance between a model and its champion.</summary>
    public const double Tolerance = 0.005;

    /// <summary>Share of the verdicts that must stay as they were.</summary>
    public const double MinAlike = ModelLineage.MinVerdictsAlike;

    /// <summary>Growth of a regression's error that counts as noise, relative.</summary>
    private const double ErrorTolerance = 0.05;

    public static IReadOnlyList<string> Problems(QuantizeFacts facts, bool anySpeed)
    {
        List<string> problems = [];
        bool loses = facts.LowerIsBetter ? facts.Small > facts.Float * (1 + ErrorTolerance) : facts.Small < facts.Float - Tolerance;
        if (loses)
            problems.Add(string.Create(CultureInfo.InvariantCulture, $"{facts.Figure} falls from {facts.Float:0.0000} to {facts.Small:0.0000}; {(facts.LowerIsBetter ? "5 % more" : "0.005 less")} is allowed."));
        if (facts.Alike < MinAlike * facts.Images)
            problems.Add($"{facts.Images - facts.Alike} of {facts.Images} verdicts change; 1 % may.");
        if (!anySpeed && facts.SpeedUp <= 1)
            problems.Add(string.Create(CultureInfo.InvariantCulture, $"It is not faster on this machine ({facts.SpeedUp:0.00} ×), so nothing is gained. Processors with VNNI instructions gain most; --any-speed writes it for another machine."));
        return problems;
    }
}
