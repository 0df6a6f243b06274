namespace Perenne.Training.Boxes;

/// <summary>The outputs of one level for a batch, cell after cell, and the gradients of the loss by them.</summary>
/// <param name="Stride">Pixels per cell.</param>
/// <param name="Height">Cells.</param>
/// <param name="Width">Cells.</param>
/// <param name="Logits">[image, y, x, class].</param>
/// <param name="Raw">[image, y, x, 4]: logarithms of the distances left, top, right, bottom in strides.</param>
internal sealed record Level(int Stride, int Height, int Width, float[] Logits, float[] Raw)
{
    public int Cells => Height * Width;

    /// <summary>Filled by <see cref="DetectionLoss"/>.</summary>
    public float[] LogitGradient { get; } = new float[Logits.Length];

    /// <summary>Filled by <see cref="DetectionLoss"/>.</summary>
    public float[] RawGradient { get; } = new float[Raw.Length];

    public float CenterX(int cell) => (cell % Width + 0.5f) * Stride;

    public float CenterY(int cell) => (cell / Width + 0.5f) * Stride;

    /// <summary>Distance in pixels; the clamp only keeps a diverging run finite.</summary>
    public float Distance(int index) => MathF.Exp(MathF.Min(Raw[index], 8)) * Stride;
}
