namespace Perenne.Inference;

/// <summary>A frame cannot be given to this model (wrong or missing reference image, too large). <see cref="Exception.Message"/> is one sentence for people.</summary>
public sealed class FrameException(string message) : Exception(message);
