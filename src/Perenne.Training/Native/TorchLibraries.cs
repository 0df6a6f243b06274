using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using System.Security.Cryptography;

namespace Perenne.Training.Native;

/// <summary>Loads TorchSharp's native files before TorchSharp looks for them, patched where this machine's libstdc++ is too old.</summary>
internal static class TorchLibraries
{
    private const string Bridge = "libLibTorchSharp.so";
    private static readonly string[] Before = ["libc10.so", "libtorch_cpu.so", "libtorch.so"];
    private static readonly Lock Gate = new();
    private static nint bridge;

    /// <summary>Loads once; later calls do nothing. Elsewhere than on Linux TorchSharp's own way is left alone.</summary>
    /// <returns>The folder of the patched copy, or null where the file loads as it is.</returns>
    /// <exception cref="DllNotFoundException">A native file is missing or does not load for another reason.</exception>
    public static string? Load(string? cacheFolder = null)
    {
        lock (Gate)
        {
            if (bridge == 0)
                ThreadWaiting.Sleep();
            if (bridge != 0 || !OperatingSystem.IsLinux())
                return null;
            string? patched = null;
            string original = Find(Bridge);
            foreach (string name in Before)
                if (Path.Combine(Path.GetDirectoryName(Find(name))!, name) is var path && File.Exists(path))
                    NativeLibrary.Load(path);
            try
            {
                bridge = NativeLibrary.Load(original);
            }
            catch (DllNotFoundException e) when (e.Message.Contains(MarkerPatch.Version, StringComparison.Ordinal))
            {
                patched = Patch(original, cacheFolder ?? DefaultCache());
                bridge = NativeLibrary.Load(patched);
            }
            AssemblyLoadContext.Default.ResolvingUnmanagedDll += Resolve;
            return patched is null ? null : Path.GetDirectoryName(patched);
        }
    }

    // Only reached where the file beside the program did not load, so it never takes TorchSharp's own choice away.
    private static nint Resolve(Assembly assembly, string name) => name.Contains("LibTorchSharp", StringComparison.Ordinal) ? bridge : 0;

    /// <summary>Writes the patched copy beside its final name and renames it: several trainers may start at once.</summary>
    internal static string Patch(string original, string cacheFolder)
    {
        byte[] bytes = File.ReadAllBytes(original);
        string folder = Path.Combine(cacheFolder, "torch-" + Convert.ToHexStringLower(SHA256.HashData(bytes))[..16]);
        string target = Path.Combine(folder, Bridge);
        if (File.Exists(target))
            return target;
        Directory.CreateDirectory(folder);
        string draft = $"{target}.{Environment.ProcessId}";
        File.WriteAllBytes(draft, MarkerPatch.Apply(bytes));
        File.Move(draft, target, overwrite: true);
        return target;
    }

    internal static string Find(string name)
    {
        string folders = AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "";
        IEnumerable<string> places = [.. folders.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries),
            Path.Combine(AppContext.BaseDirectory, "runtimes", RuntimeInformation.RuntimeIdentifier, "native"),
            Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native"), AppContext.BaseDirectory];
        return places.Select(p => Path.Combine(p, name)).FirstOrDefault(File.Exists)
            ?? throw new DllNotFoundException($"{name} is missing beside the trainer. Build it again for this machine: dotnet build src/Perenne.Training.");
    }

    private static string DefaultCache() => Path.Combine(
        Environment.GetEnvironmentVariable("PERENNE_CACHE") is { Length: > 0 } set ? set
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create), "perenne", "cache"));
}
