using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Perenne.Contracts.Models;

namespace Perenne.Inference;

/// <summary>Names and shapes that the network declares, against the description.</summary>
internal static class OnnxSignature
{
    public static void Check(InferenceSession session, ModelManifest manifest)
    {
        ModelInput input = manifest.Input;
        if (!session.InputMetadata.TryGetValue(input.Name, out NodeMetadata? tensor))
            throw Wrong($"has no input '{input.Name}'; its inputs are {List(session.InputMetadata.Keys)}. Correct input.name");
        if (session.InputMetadata.Count > 1)
            throw Wrong($"has {session.InputMetadata.Count} inputs ({List(session.InputMetadata.Keys)}); one is expected. Export it with the image as its only input");
        if (!tensor.IsTensor || tensor.ElementDataType != TensorElementType.Float)
            throw Wrong($"takes {tensor.ElementDataType} at '{input.Name}'; float32 is expected. Export it with float32 inputs");
        int[] d = tensor.Dimensions;
        if (d.Length != 4)
            throw Wrong($"has an input of {d.Length} dimensions; four are expected: batch, channels, height, width");
        int channels = ManifestCheck.ChannelsOf(input);
        if (d[1] > 0 && d[1] != channels)
            throw Wrong($"takes {d[1]} channels, but the description makes {channels} (order {input.Channels}{(input.Reference ? ", with reference" : "")}). Correct input.channels or input.reference");
        bool fixedSize = d[2] > 0 || d[3] > 0;
        if (input.Dynamic && fixedSize)
            throw Wrong($"takes {Side(d[3])} × {Side(d[2])} pixels only, but the description says dynamic. Set dynamic to false or export with dynamic axes");
        if ((d[2] > 0 && d[2] != input.Height) || (d[3] > 0 && d[3] != input.Width))
            throw Wrong($"takes {Side(d[3])} × {Side(d[2])} pixels, but the description says {input.Width} × {input.Height}. Correct input.width and input.height");
        Outputs(session, manifest);
    }

    /// <summary>Images per run that the network is exported for; 0 = any.</summary>
    public static int BatchOf(InferenceSession session, ModelInput input) => Math.Max(0, session.InputMetadata[input.Name].Dimensions[0]);

    private static void Outputs(InferenceSession session, ModelManifest manifest)
    {
        IEnumerable<string> named = manifest.Head.Outputs.Values.Concat(manifest.Features is { } f ? [f.Output] : []);
        if (named.FirstOrDefault(n => !session.OutputMetadata.ContainsKey(n)) is { } missing)
            throw Wrong($"has no output '{missing}'; its outputs are {List(session.OutputMetadata.Keys)}. Correct head.outputs");
    }

    internal static ModelPackageException Wrong(string what) => new($"{ModelPackage.ModelFile} {what}.");

    internal static string List(IEnumerable<string> names) => string.Join(", ", names.Select(n => $"'{n}'"));

    private static string Side(int n) => n > 0 ? n.ToString(System.Globalization.CultureInfo.InvariantCulture) : "any";
}
