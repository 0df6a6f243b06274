using Perenne.TestSupport;

namespace Perenne.Architecture.Tests.Deploy;

/// <summary>The compose file as a whole: what it refers to is declared, and nothing has a secret by default.</summary>
public class ComposeTests
{
    private static string Folder => Path.Combine(SharedData.RepositoryRoot, "deploy", "compose");

    private static Dictionary<string, object?> Compose => ChartValues.Read(File.ReadAllText(Path.Combine(Folder, "compose.yaml")));

    private static Dictionary<string, object?> Services => Map(Compose["services"]);

    [Fact]
    public void Services_volumes_networks_and_files_that_it_refers_to_are_declared()
    {
        foreach ((string name, object? value) in Services)
        {
            Dictionary<string, object?> service = Map(value);
            Assert.All(Names(service, "depends_on"), other => Assert.True(Services.ContainsKey(other), $"{name} depends on {other}."));
            Assert.All(Names(service, "networks"), network => Assert.True(Map(Compose["networks"]).ContainsKey(network), $"{name} is in {network}."));
            foreach (string volume in List(service, "volumes").Cast<string>())
            {
                string source = volume.Split(':')[0];
                Assert.True(source[0] == '/' || (source[0] == '.' ? File.Exists(Path.Combine(Folder, source)) : Map(Compose["volumes"]).ContainsKey(source)), $"{name} mounts {source}.");
            }
        }
    }

    [Fact]
    public void Every_variable_it_asks_for_stands_in_the_example_and_secrets_have_no_default()
    {
        string text = File.ReadAllText(Path.Combine(Folder, "compose.yaml"));
        string[] example = File.ReadAllLines(Path.Combine(Folder, "example.env"));
        foreach (string name in System.Text.RegularExpressions.Regex.Matches(text, @"\$\{(PERENNE_[A-Z_]+)").Select(m => m.Groups[1].Value).Distinct())
            Assert.True(example.Any(line => line.StartsWith(name + "=", StringComparison.Ordinal)), $"example.env does not name {name}.");
        Assert.All(example.Where(line => line.Contains("PASSWORD", StringComparison.Ordinal) || line.Contains("SECRET", StringComparison.Ordinal)), line => Assert.EndsWith("=", line, StringComparison.Ordinal));
    }

    [Fact]
    public void The_proxy_asks_the_hubs_where_they_listen_and_they_believe_it_alone()
    {
        string proxy = File.ReadAllText(Path.Combine(Folder, "nginx.conf"));
        Assert.Contains("server hub:8080 resolve", proxy, StringComparison.Ordinal);
        Assert.Contains("EXPOSE 8080", File.ReadAllText(Path.Combine(Folder, "..", "Containerfile")), StringComparison.Ordinal);
        string believed = (string)Map(Map(Services["hub"])["environment"])["PERENNE_HUB__HOSTING__PROXIES__0"]!;
        Dictionary<string, object?> outside = Map(Map(Compose["networks"])["outside"]);
        Assert.Equal(believed, Map(((List<object?>)Map(outside["ipam"])["config"]!)[0])["subnet"]);
        Assert.Equal(["outside"], Names(Map(Services["proxy"]), "networks"));
        Assert.False(Map(Services["hub"]).ContainsKey("ports"), "Nobody else may reach a hub's port.");
    }

    private static Dictionary<string, object?> Map(object? value) => (Dictionary<string, object?>)value!;

    private static List<object?> List(Dictionary<string, object?> of, string key) => of.TryGetValue(key, out object? value) && value is List<object?> list ? list : [];

    private static IEnumerable<string> Names(Dictionary<string, object?> of, string key) => of.TryGetValue(key, out object? value) ? value switch
    {
        List<object?> list => list.Cast<string>(),
        Dictionary<string, object?> map => map.Keys,
        _ => [],
    } : [];
}
