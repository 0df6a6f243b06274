using Microsoft.Extensions.Options;
using Perenne.Hub.Shared;

namespace Perenne.Hub.Train;

/// <summary>Finds Perenne's own trainer, a program of its own because of its size and because a native crash must not take the hub down.</summary>
internal sealed class BuiltInTrainer(IOptions<HubOptions> options)
{
    public const string Name = "Perenne";

    private const string Program = "perenne-trainer", Folder = "Perenne.Training";

    /// <summary>Null where it is not installed on this machine.</summary>
    public string? Command => options.Value.Train.Command is { Length: > 0 } set ? set : Candidates().FirstOrDefault(File.Exists) is { } file ? $"\"{file}\"" : null;

    private static IEnumerable<string> Candidates()
    {
        string here = AppContext.BaseDirectory;
        yield return Path.Combine(here, "trainer", Program);
        yield return Path.Combine(here, Program);
        // In a source tree: the nearest folder above that holds src/Perenne.Training, the same configuration first.
        string configuration = here.Contains($"{Path.DirectorySeparatorChar}Release{Path.DirectorySeparatorChar}", StringComparison.Ordinal) ? "Release" : "Debug";
        for (DirectoryInfo? folder = new(here); folder is not null; folder = folder.Parent)
            foreach (string one in new[] { configuration, "Release", "Debug" })
                yield return Path.Combine(folder.FullName, "src", Folder, "bin", one, "net10.0", Program);
    }
}
