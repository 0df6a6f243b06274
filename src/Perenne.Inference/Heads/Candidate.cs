namespace Perenne.Inference;

/// <summary>A box before suppression: corners in pixels of the tensor, raw score.</summary>
internal readonly record struct Candidate(int Class, float Score, float X1, float Y1, float X2, float Y2);

/// <summary>One output of a run; batch first.</summary>
internal readonly record struct OutputTensor(string Name, long[] Shape, ReadOnlyMemory<float> Data)
{
    /// <summary>The numbers of one item of the batch.</summary>
    public ReadOnlySpan<float> Item(int index)
    {
        int length = Data.Length / (int)Shape[0];
        return Data.Span.Slice(index * length, length);
    }

    /// <summary>Refuses another number of dimensions; −1 in <paramref name="expected"/> stands for any length.</summary>
    public void Expect(string what, params ReadOnlySpan<long> expected)
    {
        bool fits = Shape.Length == expected.Length;
        for (int i = 1; fits && i < expected.Length; i++)
            fits = expected[i] < 0 || expected[i] == Shape[i];
        if (fits)
            return;
        string wanted = string.Join(", ", expected[1..].ToArray().Select(d => d < 0 ? "any" : d.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        throw OnnxSignature.Wrong($"gives '{Name}' the shape [{string.Join(", ", Shape)}]; {what} needs [batch, {wanted}]. Correct the head family, the classes or the strides in {ModelPackage.ManifestFile}");
    }
}
