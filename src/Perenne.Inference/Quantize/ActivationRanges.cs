namespace Perenne.Inference.Quantize;

/// <summary>
/// What the values of a network reach on real pictures. Rare extremes cost precision for all other numbers, so the range can be cut
/// to a share of them (Migacz 2017; Wu et al. 2020, section 4: percentile calibration).
/// </summary>
internal sealed class ActivationRanges
{
    /// <summary>Share of the numbers of a picture that lies within the range; 1: all.</summary>
    public static readonly double[] Shares = [1, 0.9999, 0.999];

    private const int MostNumbers = 1 << 16;
    private readonly Dictionary<string, (float Low, float High)[]> ranges = [];

    /// <summary>Adds a picture's numbers.</summary>
    public void Add(string value, ReadOnlySpan<float> numbers)
    {
        int step = Math.Max(1, numbers.Length / MostNumbers);
        float[] sample = new float[(numbers.Length + step - 1) / step];
        float low = 0, high = 0;
        for (int i = 0; i < numbers.Length; i++)
        {
            (low, high) = (Math.Min(low, numbers[i]), Math.Max(high, numbers[i]));
            if (i % step == 0)
                sample[i / step] = numbers[i];
        }
        Array.Sort(sample);
        if (!ranges.TryGetValue(value, out (float Low, float High)[]? known))
            ranges[value] = known = new (float, float)[Shares.Length];
        for (int s = 0; s < Shares.Length; s++)
        {
            int cut = (int)((1 - Shares[s]) * sample.Length);
            (float from, float to) = Shares[s] == 1 ? (low, high) : (Math.Min(0, sample[cut]), Math.Max(0, sample[^(cut + 1)]));
            known[s] = (Math.Min(known[s].Low, from), Math.Max(known[s].High, to));
        }
    }

    /// <summary>Scale and zero point of eight bits over the range, which always holds 0: real = (q − zero) · scale.</summary>
    /// <param name="value">Name of the value.</param>
    /// <param name="share">Index into <see cref="Shares"/>.</param>
    public (float Scale, byte Zero) Of(string value, int share)
    {
        (float low, float high) = ranges[value][share];
        float scale = (high - low) / 255;
        return scale > 0 && float.IsFinite(scale) ? (scale, (byte)Math.Clamp(MathF.Round(-low / scale), 0, 255)) : (1, 0);
    }
}
