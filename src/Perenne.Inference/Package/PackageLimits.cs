namespace Perenne.Inference;

/// <summary>Bounds a package must keep before any native code reads it.</summary>
public sealed record PackageLimits
{
    /// <summary>The limits used where none are given.</summary>
    public static PackageLimits Default { get; } = new();

    /// <summary>Largest <c>model.onnx</c> in bytes; 2 GiB is the end of the format itself.</summary>
    public long MaxModelBytes { get; init; } = 1L << 30;

    /// <summary>Largest <c>model.json</c> in bytes.</summary>
    public int MaxManifestBytes { get; init; } = 1 << 20;

    /// <summary>Longest side of the input in pixels.</summary>
    public int MaxSide { get; init; } = 8192;
}
