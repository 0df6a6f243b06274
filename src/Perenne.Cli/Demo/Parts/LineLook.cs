namespace Perenne.Cli.Demo.Parts;

/// <summary>How one plant's line sees its parts: light, metal, sensor. Plants differ, as they do.</summary>
/// <param name="Gain">Factor on the brightness; 1 = as designed.</param>
/// <param name="LightDegrees">Where the light comes from, degrees clockwise from the left.</param>
/// <param name="PlateTone">Grey value of the bare metal.</param>
/// <param name="Brush">Strength of the brushed texture, 0 to 1.</param>
/// <param name="Noise">Standard deviation of the sensor's noise in grey levels.</param>
/// <param name="Blur">Standard deviation of the lens's blur in pixels.</param>
/// <param name="Vignette">Darkening of the corners, 0 to 1.</param>
internal sealed record LineLook(double Gain, double LightDegrees, int PlateTone, double Brush, double Noise, double Blur, double Vignette)
{
    public static LineLook Of(int plant) => (plant % 3) switch
    {
        0 => new(1.00, 35, 168, 0.55, 2.6, 0.45, 0.16),
        1 => new(0.95, 75, 152, 0.80, 3.4, 0.60, 0.22),
        _ => new(1.06, 140, 182, 0.35, 2.1, 0.40, 0.10),
    };

    /// <summary>A lamp ages and is knocked: darker, from elsewhere, a little out of focus.</summary>
    /// <param name="strength">0 = as before, 1 = clearly wrong.</param>
    public LineLook Drifted(double strength) => this with
    {
        Gain = Gain * (1 - (0.42 * strength)),
        LightDegrees = LightDegrees + (70 * strength),
        Blur = Blur + (0.9 * strength),
        Noise = Noise * (1 + (0.8 * strength)),
        Vignette = Vignette + (0.25 * strength),
    };
}
