using Perenne.Vision.Geometry;

namespace Perenne.Vision.Agreement;

/// <summary>How shapes of several annotators are compared.</summary>
/// <param name="IouThreshold">From this overlap on two shapes may mean the same defect, in (0,1].</param>
/// <param name="Resamples">Bootstrap resamples over images; 0 = no intervals.</param>
/// <param name="Level">Coverage of the intervals, inside (0,1).</param>
/// <param name="Seed">Same seed, same intervals.</param>
/// <param name="Overlap">The overlap of two shapes in [0,1], symmetric; null = <see cref="ShapeIou"/>, which compares shapes of every kind.</param>
public sealed record AgreementOptions(
    double IouThreshold = 0.5, int Resamples = 1000, double Level = 0.95, ulong Seed = 1, Func<Shape, Shape, double>? Overlap = null);
