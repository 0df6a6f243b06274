using Perenne.Cli.Hub;

namespace Perenne.Cli.Demo;

/// <summary>Where the other programs of Perenne lie: installed beside this one, or in the repository that built it.</summary>
internal static class Programs
{
    private static readonly string[] Builds = ["Release", "Debug"];

    public static string Hub => Find("PERENNE_HUB_PROGRAM", "Perenne.Hub", "Perenne.Hub.dll");

    /// <summary>The command that runs this program again.</summary>
    public static string[] Self => Environment.ProcessPath is { } path && !Path.GetFileNameWithoutExtension(path).Equals("dotnet", StringComparison.OrdinalIgnoreCase)
        ? [path] : ["dotnet", Path.Combine(AppContext.BaseDirectory, "perenne.dll")];

    private static string Find(string variable, string project, string file)
    {
        if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } given)
            return File.Exists(given) ? given : throw new HubFailure($"{variable} names '{given}', which does not exist.", 0);
        string beside = Path.Combine(AppContext.BaseDirectory, file);
        if (File.Exists(beside))
            return beside;
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string source = Path.Combine(folder.FullName, "src", project, "bin");
            if (!Directory.Exists(source))
                continue;
            string[] built = [.. Builds.Select(c => Path.Combine(source, c, "net10.0", file)).Where(File.Exists)];
            return built.Length > 0 ? built[0] : throw new HubFailure($"{project} is not built. Run ./run once, or 'dotnet build src/{project} -c Release'.", 0);
        }

        throw new HubFailure($"{file} was not found beside this program. Set {variable} to where it lies.", 0);
    }
}
