using System.Collections.Immutable;

namespace Perenne.Vision.Drift;

/// <summary>One measure of one camera compared between two windows.</summary>
/// <param name="Camera">The camera.</param>
/// <param name="Measure">What was compared, for example sharpness.</param>
/// <param name="PValue">Of the test, in [0,1].</param>
/// <param name="Effect">The size of the difference, &gt;= 0, on a scale that <see cref="FleetDriftRule.MinimumEffect"/> fits (for example the KS distance).</param>
public sealed record DriftMeasurement(string Camera, string Measure, double PValue, double Effect);

/// <summary>A measurement that is flagged in this window; an alert also needs the <see cref="PersistenceRule"/>.</summary>
/// <param name="Measurement">What was flagged.</param>
/// <param name="CameraPValue">The p value of its camera, adjusted over the fleet.</param>
/// <param name="MeasurePValue">Its own p value, adjusted within the camera (Holm).</param>
public sealed record DriftFlag(DriftMeasurement Measurement, double CameraPValue, double MeasurePValue);

/// <summary>Which of many comparisons count: Holm within a camera, Benjamini-Hochberg across the fleet, and a least size of the difference.</summary>
/// <param name="Level">The share of false flags that is accepted, inside (0,1).</param>
/// <param name="MinimumEffect">Differences below this are real perhaps, but do not matter; &gt;= 0.</param>
public sealed record FleetDriftRule(double Level = 0.05, double MinimumEffect = 0.1)
{
    /// <summary>The measurements to flag, in the order of input.</summary>
    /// <remarks>
    /// A camera's p value is its smallest Holm-adjusted one; cameras are selected by Benjamini-Hochberg. Within a selected camera Holm runs at
    /// level × selected/cameras, so that selecting cameras first does not undo the guarantee (Benjamini and Bogomolov, J. R. Stat. Soc. B 76, 2014).
    /// With no drift anywhere, the chance of any flag at all is at most the level.
    /// </remarks>
    /// <param name="measurements">All comparisons of one window over the fleet.</param>
    /// <exception cref="ArgumentException">A p value is outside [0,1].</exception>
    public ImmutableArray<DriftFlag> Apply(IReadOnlyList<DriftMeasurement> measurements)
    {
        int[][] cameras = [.. Enumerable.Range(0, measurements.Count).GroupBy(i => measurements[i].Camera).Select(g => g.ToArray())];
        double[] own = new double[measurements.Count];
        foreach (int[] camera in cameras)
        {
            double[] adjusted = MultipleTesting.Holm([.. camera.Select(i => measurements[i].PValue)]);
            for (int k = 0; k < camera.Length; k++)
                own[camera[k]] = adjusted[k];
        }
        double[] fleet = MultipleTesting.BenjaminiHochberg([.. cameras.Select(camera => camera.Min(i => own[i]))]);
        double within = Level * fleet.Count(p => p <= Level) / Math.Max(1, cameras.Length);
        return
        [
            .. from k in Enumerable.Range(0, cameras.Length)
               where fleet[k] <= Level
               from i in cameras[k]
               where own[i] <= within && measurements[i].Effect >= MinimumEffect
               orderby i
               select new DriftFlag(measurements[i], fleet[k], own[i]),
        ];
    }
}
