namespace Perenne.Imaging;

public enum QualityLevel { Usable, Flagged, Rejected }

/// <param name="Code">Stable word for filters: dark, light, blurred, noisy, not-like-production, …</param>
/// <param name="Sentence">The reason in words, with what to do.</param>
/// <param name="Measure">The measure's name, or the fact's.</param>
/// <param name="Figure">The value and what was expected, for people.</param>
/// <param name="Threshold">The limit that was crossed, in robust standard deviations or the measure's unit; null for exact facts.</param>
public sealed record QualityReason(string Code, QualityLevel Level, string Sentence, string Measure, string Figure, double? Threshold);

/// <summary>The worst level of all reasons; usable when there is none.</summary>
public sealed record QualityVerdict(IReadOnlyList<QualityReason> Reasons)
{
    public QualityLevel Level => Reasons.Count == 0 ? QualityLevel.Usable : Reasons.Max(r => r.Level);
}
