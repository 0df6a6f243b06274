using Perenne.Cli.Commands;

namespace Perenne.Cli.Learn;

/// <summary>Finds the trainer, a program of its own: its native libraries have 475 MB and the command line needs none of them.</summary>
internal static class TrainerLocator
{
    private const string Name = "perenne-trainer";

    /// <summary>The setting <c>PERENNE_TRAINER</c>, then beside this program, then the build output of the repository this program was built in.</summary>
    /// <exception cref="CommandException">There is none.</exception>
    public static string Find()
    {
        string file = OperatingSystem.IsWindows() ? Name + ".exe" : Name;
        if (Environment.GetEnvironmentVariable("PERENNE_TRAINER") is { Length: > 0 } set)
            return File.Exists(set) ? set : throw new CommandException($"PERENNE_TRAINER is {set}, but there is no such file. Set it to the {Name} program.");
        return Places(file).FirstOrDefault(File.Exists)
            ?? throw new CommandException($"The trainer was not found. Build it (dotnet build src/Perenne.Training -c Release) or set PERENNE_TRAINER to the {Name} program.");
    }

    private static IEnumerable<string> Places(string file)
    {
        yield return Path.Combine(AppContext.BaseDirectory, file);
        yield return Path.Combine(AppContext.BaseDirectory, "trainer", file);
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Perenne.slnx")))
                foreach (string configuration in (string[])["Release", "Debug"])
                    yield return Path.Combine(folder.FullName, "src", "Perenne.Training", "bin", configuration, "net10.0", file);
    }
}
