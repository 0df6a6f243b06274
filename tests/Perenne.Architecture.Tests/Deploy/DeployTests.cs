using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Perenne.TestSupport;

namespace Perenne.Architecture.Tests.Deploy;

/// <summary>What the files of <c>deploy/</c> name exists: settings, programs, folders, ports, addresses. Nothing here starts a container.</summary>
public partial class DeployTests
{
    private static string Folder => Path.Combine(SharedData.RepositoryRoot, "deploy");

    private static IEnumerable<(string File, string Text)> Files => Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories).Select(file => (Path.GetRelativePath(Folder, file), File.ReadAllText(file)));

    private static string Text(string file) => File.ReadAllText(Path.Combine(Folder, file));

    [GeneratedRegex("PERENNE_(?<path>HUB__[A-Z0-9_]+?)(?:__\\d+|__\\{\\{ \\$number \\}\\})?(?=[^A-Z0-9_]|$)")]
    private static partial Regex HubVariable();

    [Fact]
    public void Every_setting_of_a_hub_that_they_name_is_one()
    {
        HashSet<string> known = [.. Settings("HUB", "Perenne.Hub.Shared.HubOptions"), .. Settings("HUB__HOSTING", "Perenne.Hub.Shared.Hosting.HostingOptions")];
        var named = Files.SelectMany(file => HubVariable().Matches(file.Text).Select(match => (file.File, Name: match.Groups["path"].Value))).ToList();
        Assert.True(named.Count > 20, "The pattern finds nothing any more.");
        var unknown = named.Where(use => !known.Contains(use.Name)).ToList();
        Assert.Empty(unknown);
    }

    [Fact]
    public void The_container_file_copies_and_builds_what_is_there()
    {
        string file = Text("Containerfile");
        string[] copied = [.. Regex.Matches(file, @"^COPY (?!--from)(?<what>.+) \S+$", RegexOptions.Multiline).SelectMany(m => m.Groups["what"].Value.Split(' '))];
        Assert.NotEmpty(copied);
        Assert.All(copied, path => Assert.NotEmpty(path.Contains('*', StringComparison.Ordinal)
            ? Directory.GetFiles(SharedData.RepositoryRoot, path) : Directory.EnumerateFileSystemEntries(SharedData.RepositoryRoot, path)));
        // Published programs are what the images start.
        string[] published = [.. Regex.Matches(file, @"dotnet publish (\S+)").Select(m => m.Groups[1].Value).Select(AssemblyName)];
        Assert.Equal(["Perenne.Hub", "perenne", "perenne-trainer"], published);
        string[] started = [.. Regex.Matches(file, @"/app/([\w.-]+)""\]").Select(m => m.Groups[1].Value.Replace(".dll", "", StringComparison.Ordinal))];
        Assert.Equal(["Perenne.Hub", "perenne", "perenne-trainer"], started);
    }

    [Fact]
    public void Targets_that_other_files_build_are_stages_of_the_container_file()
    {
        string[] stages = [.. Regex.Matches(Text("Containerfile"), @" AS (\S+)").Select(m => m.Groups[1].Value)];
        foreach ((string file, string text) in Files)
            Assert.All(Regex.Matches(text, @"(?:--target |target: )([a-z-]+)").Where(m => m.Groups[1].Value.Length > 0), m => Assert.True(stages.Contains(m.Groups[1].Value), $"{file}: there is no stage {m.Groups[1].Value}."));
    }

    [Fact]
    public void Units_start_programs_by_the_names_they_have_and_settings_lie_where_the_guide_says()
    {
        foreach (string unit in Directory.GetFiles(Path.Combine(Folder, "systemd"), "*.service"))
        {
            string text = File.ReadAllText(unit);
            string program = Regex.Match(text, @"ExecStart=/usr/bin/dotnet /opt/perenne/\w+/(\S+)\.dll").Groups[1].Value;
            Assert.Contains(program, (string[])["Perenne.Hub", "perenne"]);
            string state = Regex.Match(text, @"StateDirectory=(\S+)").Groups[1].Value;
            Assert.Contains($"/var/lib/{state}", Regex.Match(text, "ExecStart=.*|Environment=PERENNE.*").Value + text, StringComparison.Ordinal);
            string guide = File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, "docs", "deploying.md"));
            Assert.Contains(Path.GetFileName(unit), guide, StringComparison.Ordinal);
            Assert.All(Regex.Matches(text, @"Documentation=file:/opt/perenne/(\S+)"), m => Assert.True(File.Exists(Path.Combine(SharedData.RepositoryRoot, m.Groups[1].Value))));
        }
    }

    [Fact]
    public void Addresses_that_are_asked_for_health_are_served()
    {
        string sources = File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, "src/Perenne.Hub/Shared/Hosting/Health.cs")) + File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, "src/Perenne.Station/StationHost.cs"));
        foreach ((string file, string text) in Files)
            Assert.All(Regex.Matches(text, @"(?:GET |path: )(/health[a-z/]*)"), m => Assert.True(sources.Contains($"\"{m.Groups[1].Value}\"", StringComparison.Ordinal), $"{file}: {m.Groups[1].Value}"));
    }

    internal static string AssemblyName(string folder)
    {
        string project = Directory.GetFiles(Path.Combine(SharedData.RepositoryRoot, folder), "*.csproj").Single();
        return XDocument.Load(project).Descendants("AssemblyName").FirstOrDefault()?.Value ?? Path.GetFileNameWithoutExtension(project);
    }

    /// <summary>HUB__DATABASE__PROVIDER … of an options class and those inside it.</summary>
    internal static IEnumerable<string> Settings(string prefix, string type) => Settings(prefix, typeof(HubHost).Assembly.GetType(type, throwOnError: true)!);

    private static IEnumerable<string> Settings(string prefix, Type type)
    {
        foreach (PropertyInfo property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite))
        {
            string name = $"{prefix}__{property.Name.ToUpperInvariant()}";
            Type of = property.PropertyType.IsArray ? property.PropertyType.GetElementType()! : property.PropertyType;
            if (of.Assembly == typeof(HubHost).Assembly && of.IsClass)
                foreach (string inner in Settings(name, of))
                    yield return inner;
            else
                yield return name;
        }
    }
}
