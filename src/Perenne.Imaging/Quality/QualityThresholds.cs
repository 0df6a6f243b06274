namespace Perenne.Imaging;

/// <summary>Limits of one project, editable. Absolute ones hold until a camera's profile is learnt; deviations are robust standard deviations.</summary>
public sealed record QualityThresholds
{
    public static QualityThresholds Default { get; } = new();

    /// <summary>Cold start: dark when 99 % of pixels are below this brightness.</summary>
    public double ColdDarkP99 { get; init; } = .32;

    /// <summary>Cold start: light when 95 % of pixels are above this brightness.</summary>
    public double ColdLightP5 { get; init; } = .95;

    /// <summary>Less entropy (bits) than this says next to nothing: flagged at cold start.</summary>
    public double MinEntropy { get; init; } = .5;

    /// <summary>Less contrast than this is a lens cap or a dead sensor: always rejected.</summary>
    public double MinContrast { get; init; } = .008;

    /// <summary>Accepted pictures a profile needs before it is used.</summary>
    public int ProfileImages { get; init; } = 30;

    public double FlagDeviation { get; init; } = 6;
    public double RejectDeviation { get; init; } = 18;

    /// <summary>A fact seen in fewer than this share of the camera's pictures is not its own.</summary>
    public double FactShare { get; init; } = .02;

    /// <summary>Share of the details normally found again (<see cref="ViewProfile.MedianVisible"/>) that must be found; below, the view is obstructed.</summary>
    public double MinVisible { get; init; } = .5;

    /// <summary>Corner shift as a share of the diagonal above which the camera has moved.</summary>
    public double MaxShift { get; init; } = .01;

    /// <summary>Shortest side in pixels.</summary>
    public int MinSide { get; init; } = 32;
}
