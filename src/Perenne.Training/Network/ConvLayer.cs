namespace Perenne.Training.Network;

/// <summary>One convolution of the network, with batch normalisation or with a bias.</summary>
/// <param name="Name">Unique within the network; parameters are found by it.</param>
/// <param name="In">Input channels.</param>
/// <param name="Out">Output channels.</param>
/// <param name="Kernel">1 or 3; padded so that the size is kept at stride 1.</param>
/// <param name="Stride">1 or 2.</param>
/// <param name="Norm">Batch normalisation follows; without it there is a bias.</param>
/// <param name="Relu">A rectifier follows.</param>
/// <param name="Bias">First value of the bias.</param>
/// <param name="Gain">Factor on the first weights; outputs that must start flat take a small one.</param>
internal sealed record ConvLayer(string Name, int In, int Out, int Kernel, int Stride = 1, bool Norm = true, bool Relu = true, float Bias = 0, float Gain = 1)
{
    public int Padding => Kernel / 2;

    public int WeightCount => Out * Kernel * Kernel * In;
}
