using System.Collections;
using System.Reflection;
using Perenne.Hub.Shared;
using Perenne.Hub.Shared.Hosting;
using Perenne.Hub.Shared.Rights;
using Perenne.TestSupport;

namespace Perenne.Hub.Tests.Shared;

/// <summary>What the documentation repeats from the code is compared with it.</summary>
public sealed class DocumentationTests
{
    private static string Read(string name) => File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, "docs", name));

    [Fact]
    public void Every_setting_is_documented_with_its_environment_variable_and_no_other()
    {
        HashSet<string> expected = [.. Settings(typeof(HubOptions), HubOptions.Section), .. Settings(typeof(HostingOptions), HostingOptions.Section)];
        List<string[]> rows = [.. Read("configuration.md").Split('\n').Where(l => l.StartsWith("| `Hub:", StringComparison.Ordinal)).Select(l => l.Split('|', StringSplitOptions.TrimEntries))];

        Assert.Equal(expected.Order(), rows.Select(r => r[1].Trim('`')).Order());
        Assert.All(rows, row => Assert.StartsWith(
            "PERENNE_" + row[1].Trim('`').Replace(":", "__", StringComparison.Ordinal).ToUpperInvariant(), row[2].Trim('`'), StringComparison.Ordinal));
    }

    [Fact]
    public void The_table_of_rights_in_the_documentation_is_the_one_that_decides()
    {
        List<string[]> lines = [.. Read("security.md").Split('\n').SkipWhile(l => !l.StartsWith("| action |", StringComparison.Ordinal)).TakeWhile(l => l.StartsWith('|'))
            .Select(l => l.Trim().Trim('|').Split('|', StringSplitOptions.TrimEntries))];
        Role[] roles = [.. lines[0].Skip(1).Select(Enum.Parse<Role>)];

        Assert.Equal(Enum.GetValues<Role>(), roles);
        Assert.Equal(Enum.GetNames<HubAction>().Order(), lines.Skip(2).Select(l => l[0]).Order());
        Assert.All(lines.Skip(2), line => Assert.Equal(
            roles.Where(role => RightsTable.Allows(role, Enum.Parse<HubAction>(line[0]))), roles.Where((_, i) => line[i + 1] == "x")));
    }

    private static IEnumerable<string> Settings(Type type, string path) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite)
        .SelectMany(p => p.PropertyType.Assembly == typeof(HubOptions).Assembly && !p.PropertyType.IsEnum && !typeof(IEnumerable).IsAssignableFrom(p.PropertyType)
            ? Settings(p.PropertyType, $"{path}:{p.Name}") : [$"{path}:{p.Name}"]);
}
