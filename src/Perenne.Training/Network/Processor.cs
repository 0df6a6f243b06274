using System.Runtime.Intrinsics.X86;

namespace Perenne.Training.Network;

/// <summary>What the machine's processor is and can.</summary>
internal static class Processor
{
    /// <summary>Name as the system gives it; models are reproducible on the same one.</summary>
    public static string Name { get; } = ReadName();

    /// <summary>Native bfloat16 dot products (avx512_bf16 or amx_bf16); without them float32 is the faster choice.</summary>
    public static bool HasBfloat16 { get; } = ReadFlags().Overlaps(["avx512_bf16", "amx_bf16"]);

    private static string ReadName() => Lines("model name").FirstOrDefault() is { } name
        ? name + (Avx512F.IsSupported ? " (AVX-512)" : Avx2.IsSupported ? " (AVX2)" : "") : System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture.ToString();

    private static HashSet<string> ReadFlags() => [.. (Lines("flags").FirstOrDefault() ?? "").Split(' ')];

    private static IEnumerable<string> Lines(string key) => !File.Exists("/proc/cpuinfo") ? []
        : File.ReadLines("/proc/cpuinfo").Where(l => l.StartsWith(key, StringComparison.Ordinal)).Select(l => l[(l.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim());
}
