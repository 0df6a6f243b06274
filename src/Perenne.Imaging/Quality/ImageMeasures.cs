namespace Perenne.Imaging;

/// <summary>Figures of one picture at native scale. Brightness and shares are 0..1; energies and noise are in 8-bit grey levels.</summary>
public sealed record ImageMeasures
{
    public required double BrightnessP1 { get; init; }
    public required double BrightnessP5 { get; init; }
    public required double BrightnessP50 { get; init; }
    public required double BrightnessP95 { get; init; }
    public required double BrightnessP99 { get; init; }
    public required double BrightnessMean { get; init; }

    /// <summary>Standard deviation of brightness, 0..0.5.</summary>
    public required double Contrast { get; init; }

    /// <summary>Shannon entropy of the 256 brightness levels, 0..8 bits.</summary>
    public required double Entropy { get; init; }

    /// <summary>Share of pixels at the very bottom (0) and top (255) of the range.</summary>
    public required double ClippedLow { get; init; }
    public required double ClippedHigh { get; init; }

    /// <summary>Variance of the 4-neighbour Laplacian: 90th percentile over 64×64 blocks, so that an empty background does not hide blur.</summary>
    public required double Laplacian { get; init; }

    /// <summary>Tenengrad (mean squared Sobel gradient): 90th percentile over blocks.</summary>
    public required double Tenengrad { get; init; }

    /// <summary>Laplacian energy per gradient energy in textured blocks, median: how steep edges are, whatever their contrast. 0 without texture.</summary>
    public required double EdgeSharpness { get; init; }

    /// <summary>The same at the 10th percentile of textured blocks: falls when only a part of the picture is out of focus.</summary>
    public required double EdgeSharpnessLow { get; init; }

    /// <summary>Share of blocks with texture, 0..1.</summary>
    public required double Textured { get; init; }

    /// <summary>Noise sigma in grey levels (Immerkær 1996 per block, 10th percentile over blocks).</summary>
    public required double Noise { get; init; }
}
