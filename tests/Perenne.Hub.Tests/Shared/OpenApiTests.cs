using System.Text.Json;
using Perenne.TestSupport;

namespace Perenne.Hub.Tests.Shared;

public sealed class OpenApiTests(SqliteHub hub) : HubTests(hub), IClassFixture<SqliteHub>
{
    [Fact]
    public async Task The_description_in_docs_is_the_one_the_hub_serves()
    {
        string file = Path.Combine(SharedData.RepositoryRoot, "docs", "openapi.json");
        string served = await Hub.AsNobody().GetStringAsync("/openapi/v1.json");
        if (Environment.GetEnvironmentVariable("PERENNE_UPDATE_OPENAPI") == "1")
            await File.WriteAllTextAsync(file, served.TrimEnd() + "\n");
        if (!File.Exists(file))
            Assert.Skip("docs/openapi.json was not written yet: run tools/openapi and commit it.");

        // Not Assert.Equal: 300 kB of difference help nobody.
        Assert.True((await File.ReadAllTextAsync(file)).TrimEnd() == served.TrimEnd(), "docs/openapi.json is out of date. Refresh it with tools/openapi and commit it.");
    }

    [Fact]
    public async Task Every_operation_says_in_a_sentence_what_it_does_and_has_a_name_of_its_own()
    {
        using JsonDocument document = JsonDocument.Parse(await Hub.AsNobody().GetStringAsync("/openapi/v1.json"));
        List<(string Where, JsonElement Operation)> operations = [.. document.RootElement.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(o => ($"{o.Name} {path.Name}", o.Value)))];

        Assert.True(operations.Count > 60, $"Only {operations.Count} operations.");
        Assert.Empty(operations.Where(o => !o.Operation.TryGetProperty("summary", out JsonElement summary) || summary.GetString()!.Length < 10).Select(o => o.Where));
        Assert.Empty(operations.Where(o => !o.Operation.TryGetProperty("operationId", out _)).Select(o => o.Where));
        Assert.Equal(operations.Count, operations.Select(o => o.Operation.GetProperty("operationId").GetString()).Distinct().Count());
    }

    [Fact]
    public async Task The_example_of_an_invitation_is_a_body_the_hub_accepts()
    {
        TestOrganization lyon = await Hub.Organization("lyon");
        TestPerson chief = await Hub.Person("chief", Perenne.Hub.Shared.Rights.Role.Administrator, @in: lyon);
        using JsonDocument document = JsonDocument.Parse(await Hub.AsNobody().GetStringAsync("/openapi/v1.json"));
        JsonElement example = document.RootElement.GetProperty("paths").GetProperty("/api/v1/organizations/{organization}/invitations").GetProperty("post")
            .GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("example");
        await Hub.As(chief).Post($"/api/v1/organizations/{lyon.Slug}/invitations", example).Done();
    }
}
