using Perenne.Vision.Geometry;

namespace Perenne.Vision.Agreement;

/// <summary>How shapes of several annotators are compared.</summary>
/// <param name="Overlap">The overlap of two shapes in [0,1], symmetric; 0 where the kinds cannot be compared.</param>
/// <param name="IouThreshold">From this overlap on two shapes may mean the same defect, in (0,1].</param>
/// <param name="Resamples">Bootstrap resamples over images; 0 = no intervals.</param>
/// <param name="Level">Coverage of the intervals, inside (0,1).</param>
/// <param name="Seed">Same seed, same intervals.</param>
public sealed record AgreementOptions(Func<Shape, Shape, double> Overlap, double IouThreshold = 0.5, int Resamples = 1000, double Level = 0.95, ulong Seed = 1);
