using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace Perenne.Training.Export;

/// <summary>
/// Runs a model in ONNX Runtime in a process of its own: its thread pool and TorchSharp's, alternating in one process, slow each other down.
/// Files in the folder: <c>input-K.bin</c> (four int32 sides, then float32 values); for each, <c>output-K-NAME.bin</c> of the same form (int32 number of sides first) is written.
/// </summary>
internal static class OnnxProcess
{
    public const string Switch = "--run-onnx";

    /// <summary>In the parent: runs the child and waits.</summary>
    /// <exception cref="TrainerException">ONNX Runtime refuses the model.</exception>
    public static void Start(string model, string folder)
    {
        ProcessStartInfo start = new(Environment.ProcessPath!) { RedirectStandardError = true };
        // Under "dotnet perenne-trainer.dll" and in a test host the process is not the trainer itself.
        string own = Path.Combine(AppContext.BaseDirectory, "perenne-trainer.dll");
        if (Path.GetFileNameWithoutExtension(start.FileName) != "perenne-trainer")
        {
            start.FileName = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host ? host : "dotnet";
            start.ArgumentList.Add(own);
        }
        foreach (string argument in (string[])[Switch, model, folder])
            start.ArgumentList.Add(argument);
        using Process child = Process.Start(start) ?? throw new TrainerException("The check of the exported model could not be started.");
        string errors = child.StandardError.ReadToEnd();
        child.WaitForExit();
        if (child.ExitCode != 0)
            throw new TrainerException($"ONNX Runtime refuses the exported model: {errors.Trim()}");
    }

    /// <summary>In the child.</summary>
    public static int Run(string model, string folder)
    {
        using SessionOptions options = new() { IntraOpNumThreads = 1 };
        using InferenceSession session = new(model, options);
        string[] names = [.. session.OutputMetadata.Keys];
        for (int k = 0; File.Exists(Path.Combine(folder, Name("input", k))); k++)
        {
            (long[] sides, float[] values) = Read(Path.Combine(folder, Name("input", k)));
            using OrtValue input = OrtValue.CreateTensorValueFromMemory(values, sides);
            using RunOptions run = new();
            using IDisposableReadOnlyCollection<OrtValue> outputs = session.Run(run, [session.InputMetadata.Keys.Single()], [input], names);
            for (int i = 0; i < names.Length; i++)
                Write(Path.Combine(folder, Name("output", k, names[i])), outputs[i].GetTensorTypeAndShape().Shape, outputs[i].GetTensorDataAsSpan<float>());
        }
        return 0;
    }

    public static string Name(string kind, int number, string? output = null) =>
        string.Create(CultureInfo.InvariantCulture, $"{kind}-{number}{(output is null ? "" : "-" + output)}.bin");

    public static void Write(string path, long[] sides, ReadOnlySpan<float> values)
    {
        using FileStream file = File.Create(path);
        file.Write(MemoryMarshal.AsBytes((ReadOnlySpan<long>)[sides.Length, .. sides]));
        file.Write(MemoryMarshal.AsBytes(values));
    }

    public static (long[] Sides, float[] Values) Read(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        int sides = (int)MemoryMarshal.Read<long>(bytes);
        return (MemoryMarshal.Cast<byte, long>(bytes.AsSpan(8, 8 * sides)).ToArray(), MemoryMarshal.Cast<byte, float>(bytes.AsSpan(8 + 8 * sides)).ToArray());
    }
}
