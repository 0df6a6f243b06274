namespace Perenne.Inference;

/// <summary>A float32 tensor as it goes in or comes out, without any preparation or decoding.</summary>
/// <param name="Name">Name in the network.</param>
/// <param name="Shape">Lengths, batch first.</param>
/// <param name="Data">Numbers, last dimension fastest.</param>
public sealed record RawTensor(string Name, IReadOnlyList<long> Shape, float[] Data);

/// <summary>What the network declares about an input or output.</summary>
/// <param name="Name">Name.</param>
/// <param name="Shape">Lengths; −1 = any.</param>
public sealed record TensorDeclaration(string Name, IReadOnlyList<long> Shape);
