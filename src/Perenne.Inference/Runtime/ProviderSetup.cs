using Microsoft.ML.OnnxRuntime;

namespace Perenne.Inference;

/// <summary>Session options from <see cref="SessionSettings"/>; a provider that this runtime lacks is refused by name, never replaced by the CPU in silence.</summary>
internal static class ProviderSetup
{
    private static readonly Dictionary<string, (string Provider, string Advice)> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        ["cuda"] = ("CUDAExecutionProvider", "the package Microsoft.ML.OnnxRuntime.Gpu and an NVIDIA driver"),
        ["tensorrt"] = ("TensorrtExecutionProvider", "the package Microsoft.ML.OnnxRuntime.Gpu with TensorRT installed"),
        ["openvino"] = ("OpenVINOExecutionProvider", "the package Intel.ML.OnnxRuntime.OpenVino"),
    };

    public static SessionOptions Options(SessionSettings settings)
    {
        SessionOptions options = new()
        {
            IntraOpNumThreads = settings.Threads,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            GraphOptimizationLevel = settings.Optimize ? GraphOptimizationLevel.ORT_ENABLE_ALL : GraphOptimizationLevel.ORT_DISABLE_ALL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        try
        {
            options.AddSessionConfigEntry("session.intra_op.allow_spinning", settings.Spin ? "1" : "0");
            foreach (string provider in settings.Provider.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
                Add(options, provider);
            return options;
        }
        catch
        {
            options.Dispose();
            throw;
        }
    }

    private static void Add(SessionOptions options, string text)
    {
        string[] parts = text.Split(':', 2, StringSplitOptions.TrimEntries);
        if (parts[0].Equals("cpu", StringComparison.OrdinalIgnoreCase))
            return;
        if (!Known.TryGetValue(parts[0], out (string Provider, string Advice) known))
            throw new ModelPackageException($"'{parts[0]}' is no execution provider that Perenne knows. Use cpu, cuda, tensorrt or openvino.");
        string[] available = OrtEnv.Instance().GetAvailableProviders();
        if (!available.Contains(known.Provider))
            throw new ModelPackageException($"The execution provider '{parts[0]}' is not part of this installation's ONNX Runtime, which has {string.Join(", ", available)}. It needs {known.Advice}; or set the provider to cpu.");
        Dictionary<string, string> given = OptionsOf(parts);
        try
        {
            switch (parts[0].ToUpperInvariant())
            {
                case "CUDA":
                    using (OrtCUDAProviderOptions cuda = new())
                    {
                        cuda.UpdateOptions(given);
                        options.AppendExecutionProvider_CUDA(cuda);
                    }
                    break;
                case "TENSORRT":
                    using (OrtTensorRTProviderOptions tensorRt = new())
                    {
                        tensorRt.UpdateOptions(given);
                        options.AppendExecutionProvider_Tensorrt(tensorRt);
                    }
                    break;
                default:
                    options.AppendExecutionProvider("OpenVINO", given);
                    break;
            }
        }
        catch (OnnxRuntimeException e)
        {
            throw new ModelPackageException($"The execution provider '{text}' does not start: {e.Message} Correct its options or set the provider to cpu.", e);
        }
    }

    private static Dictionary<string, string> OptionsOf(string[] parts)
    {
        Dictionary<string, string> options = [];
        foreach (string pair in parts.Length < 2 ? [] : parts[1].Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            string[] sides = pair.Split('=', 2);
            if (sides.Length < 2)
                throw new ModelPackageException($"The provider option '{pair}' has no value. Write name=value, several separated by semicolons.");
            options[sides[0]] = sides[1];
        }
        return options;
    }
}
