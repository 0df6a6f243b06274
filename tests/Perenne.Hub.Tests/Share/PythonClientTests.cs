using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared.Rights;
using Perenne.TestSupport;

namespace Perenne.Hub.Tests.Share;

/// <summary>The suite of clients/python against a running hub. Each of its tests counts as one here in what it reports.</summary>
public sealed partial class PythonClientTests(SqliteHub hub) : HubTests(hub), IClassFixture<SqliteHub>
{
    [Fact]
    public async Task The_Python_client_passes_its_own_suite_against_this_hub()
    {
        if (!File.Exists("/usr/bin/python3"))
            Assert.Skip("There is no /usr/bin/python3 on this machine.");
        TestOrganization organization = await Hub.Organization("lyon");
        TestProject project = await Hub.Project("pcb", organization);
        TestPerson person = await Hub.Person("ada", Role.Administrator, organization);
        await LabelAsync(person, project);
        string folder = Path.Combine(SharedData.RepositoryRoot, "clients", "python");
        ProcessStartInfo start = new("/usr/bin/python3", ["-B", "-m", "unittest", "discover", "-s", "tests"]) { WorkingDirectory = folder, RedirectStandardError = true };
        (start.Environment["PERENNE_HUB"], start.Environment["PERENNE_TOKEN"]) = (Hub.Address.ToString(), person.Token);
        (start.Environment["PERENNE_PROJECT"], start.Environment["PERENNE_ORGANIZATION"], start.Environment["PYTHONPATH"]) = (project.Slug, organization.Slug, folder);
        using Process process = Process.Start(start)!;
        string said = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, said);
        Assert.DoesNotContain("skipped", said, StringComparison.Ordinal);
        Assert.InRange(int.Parse(Ran().Match(said).Groups[1].Value, CultureInfo.InvariantCulture), 18, 1000);
    }

    private Task LabelAsync(TestPerson person, TestProject project) => Hub.As(person).Put($"/api/v1/projects/{project.Slug}/schema", new
    {
        basedOn = 0, classes = new[] { new LabelClass(Guid.Empty, "open", "#e03131", null, "", [], []), new LabelClass(Guid.Empty, "short", "#1971c2", null, "", [], []) },
    }).Done();

    [GeneratedRegex(@"Ran (\d+) tests")]
    private static partial Regex Ran();
}
