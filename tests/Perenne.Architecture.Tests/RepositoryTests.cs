using System.Xml.Linq;
using Perenne.TestSupport;

namespace Perenne.Architecture.Tests;

public class RepositoryTests
{
    // DESIGN: Vision <- Formats, Imaging <- Inference <- Serving, Hub, Station; the command line and the station speak to the hub by HTTP only.
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Perenne.Vision"] = [],
        ["Perenne.Contracts"] = [],
        ["Perenne.Formats"] = ["Perenne.Vision"],
        ["Perenne.Imaging"] = ["Perenne.Vision"],
        ["Perenne.Training"] = ["Perenne.Contracts", "Perenne.Vision", "Perenne.Imaging"],
        ["Perenne.Inference"] = ["Perenne.Contracts", "Perenne.Vision", "Perenne.Imaging"],
        ["Perenne.Serving"] = ["Perenne.Contracts", "Perenne.Imaging", "Perenne.Inference"],
        ["Perenne.Station"] = ["Perenne.Contracts", "Perenne.Imaging", "Perenne.Inference", "Perenne.Serving"],
        ["Perenne.Hub"] = ["Perenne.Vision", "Perenne.Formats", "Perenne.Contracts", "Perenne.Imaging", "Perenne.Inference", "Perenne.Serving"],
        ["Perenne.Cli"] = ["Perenne.Vision", "Perenne.Formats", "Perenne.Contracts", "Perenne.Imaging", "Perenne.Inference", "Perenne.Station"],
    };

    [Fact]
    public void Projects_depend_in_one_direction_only()
    {
        foreach (string project in Directory.GetFiles(Path.Combine(SharedData.RepositoryRoot, "src"), "*.csproj", SearchOption.AllDirectories))
        {
            string name = Path.GetFileNameWithoutExtension(project);
            string[] references = [.. XDocument.Load(project).Descendants("ProjectReference").Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value))];
            Assert.True(Allowed.TryGetValue(name, out string[]? allowed), $"{name} is not in the table of allowed references.");
            Assert.Empty(references.Except(allowed!));
        }
    }

    [Fact]
    public void No_source_file_is_longer_than_400_lines()
    {
        string[] roots = ["src", "web/annotator/src", "web/hub/src", "web/charts/src", "tests", "bench"];
        var tooLong = roots.Select(root => Path.Combine(SharedData.RepositoryRoot, root)).Where(Directory.Exists)
            .SelectMany(root => Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories))
            .Where(file => Path.GetExtension(file) is ".cs" or ".ts" or ".razor")
            .Where(file => !Skipped(file) && !file.Contains("/Migrations/", StringComparison.Ordinal))
            .Select(file => (file, lines: File.ReadLines(file).Count())).Where(f => f.lines > 400);
        Assert.Empty(tooLong);
    }

    [Fact]
    public void Nothing_in_the_repository_names_a_package_registry_or_a_machine_path()
    {
        string[] banned = ["registry.npmjs" + ".org", "api.nuget" + ".org", "/work/" + "main", "/work/" + "wt"];
        string[] kinds = [".cs", ".ts", ".mjs", ".razor", ".md", ".json", ".props", ".targets", ".csproj", ".css", ".yml", ".npmrc", ""];
        var found = Directory.EnumerateFiles(SharedData.RepositoryRoot, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint })
            .Where(file => kinds.Contains(Path.GetExtension(file)) && !Skipped(file))
            .Where(file => File.ReadAllText(file) is var text && banned.Any(word => text.Contains(word, StringComparison.Ordinal)));
        Assert.Empty(found);
    }

    private static bool Skipped(string file) =>
        new[] { "/.git/", "/bin/", "/obj/", "/node_modules/", "/wwwroot/assets/", "/dist/", "/BenchmarkDotNet.Artifacts/", "/artifacts/" }.Any(part => file.Contains(part, StringComparison.Ordinal))
        || Path.GetFileName(file) == ".git";
}
