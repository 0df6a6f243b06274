using System.Numerics;

namespace Perenne.Vision.Drift;

/// <summary>What one production image says about whether production is still what it was.</summary>
public sealed record ObservedSignals
{
    /// <summary>Perceptual hash of 64 bits; null where it is not known, and then the image is never taken for a near duplicate.</summary>
    public ulong? PerceptualHash { get; init; }

    /// <summary>Pooled features of the model; empty where it gives none. All of a window are equally long or empty.</summary>
    public ReadOnlyMemory<float> Features { get; init; }

    /// <summary>Measures of the picture by name, for example <c>sharpness</c>; finite.</summary>
    public IReadOnlyDictionary<string, double> Scalars { get; init; } = new Dictionary<string, double>();

    /// <summary>Facts of the pipeline by name (size, format, exposure): equal as text or changed.</summary>
    public IReadOnlyDictionary<string, string> Facts { get; init; } = new Dictionary<string, string>();

    /// <summary>The class of each detection.</summary>
    public IReadOnlyList<string> Classes { get; init; } = [];

    /// <summary>The score of each detection, in [0,1].</summary>
    public IReadOnlyList<double> Scores { get; init; } = [];
}

/// <summary>Frames that follow one another closely show the same part: they are one observation, not many, and counting them as many makes every test too sure.</summary>
public static class NearDuplicateNeighbours
{
    /// <summary>Bits in which two frames of the same part differ at most.</summary>
    public const int DefaultRadius = 3;

    /// <summary>The observations without those that look like one of the last few kept.</summary>
    /// <param name="observations">In the order in which they were taken.</param>
    /// <param name="radius">Largest Hamming distance of near duplicates, 0 … 64.</param>
    /// <param name="lookBack">How many kept neighbours are compared with, &gt;= 1.</param>
    public static List<ObservedSignals> Without(IEnumerable<ObservedSignals> observations, int radius = DefaultRadius, int lookBack = 4)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(radius);
        ArgumentOutOfRangeException.ThrowIfLessThan(lookBack, 1);
        List<ObservedSignals> kept = [];
        foreach (ObservedSignals o in observations)
            if (o.PerceptualHash is not { } hash || !kept.Skip(kept.Count - lookBack).Any(k => k.PerceptualHash is { } other && BitOperations.PopCount(hash ^ other) <= radius))
                kept.Add(o);
        return kept;
    }
}
