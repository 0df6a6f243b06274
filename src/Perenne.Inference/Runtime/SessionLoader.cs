using System.Text.RegularExpressions;
using Microsoft.ML.OnnxRuntime;

namespace Perenne.Inference;

/// <summary>Loads a network; what the runtime says of a bad file becomes a sentence.</summary>
internal static partial class SessionLoader
{
    public static InferenceSession Load(ModelPackage package, SessionSettings settings)
    {
        byte[] model = package.ReadModel();
        using SessionOptions options = ProviderSetup.Options(settings);
        try
        {
            return new InferenceSession(model, options);
        }
        catch (OnnxRuntimeException e)
        {
            throw new ModelPackageException(Sentence(e.Message), e);
        }
    }

    private static string Sentence(string message)
    {
        if (UnknownOperator().Match(message) is { Success: true } op)
            return $"{ModelPackage.ModelFile} uses the operator '{op.Groups["name"].Value}', which this ONNX Runtime does not know. Export it with standard operators (opset 21 or lower).";
        if (NotImplemented().Match(message) is { Success: true } kernel)
            return $"{ModelPackage.ModelFile} uses the operator '{kernel.Groups[1].Value}' in a form that the chosen execution provider cannot run. Export it with float32 tensors or choose another provider.";
        if (message.Contains("external", StringComparison.OrdinalIgnoreCase))
            return $"{ModelPackage.ModelFile} keeps its weights in other files. Export it as one file (below 2 GB).";
        if (message.Contains("protobuf", StringComparison.OrdinalIgnoreCase) || message.Contains("No graph", StringComparison.OrdinalIgnoreCase))
            return $"{ModelPackage.ModelFile} is not an ONNX file, or it is cut off. Export it again.";
        return $"{ModelPackage.ModelFile} cannot be loaded: {Code().Replace(message, "").Trim()}";
    }

    [GeneratedRegex(@"No Op registered for (?<name>\S+)|(?<name>\S+?)\(-?\d+\) is not a registered function/op")]
    private static partial Regex UnknownOperator();

    [GeneratedRegex(@"Could not find an implementation for (\w+)\(")]
    private static partial Regex NotImplemented();

    [GeneratedRegex(@"^\[ErrorCode:\w+\]\s*")]
    private static partial Regex Code();
}
