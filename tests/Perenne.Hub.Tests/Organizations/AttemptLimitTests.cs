using System.Net;
using System.Text.Json;

namespace Perenne.Hub.Tests.Organizations;

public sealed class StrictHub : SqliteHub
{
    protected override IEnumerable<string> Settings => ["--Hub:SignInAttemptsPerMinute", "5"];
}

public sealed class AttemptLimitTests(StrictHub hub) : HubTests(hub), IClassFixture<StrictHub>
{
    [Fact]
    public async Task Guessing_passwords_and_codes_from_one_address_is_stopped_across_all_doors()
    {
        for (int i = 0; i < 5; i++)
            await Hub.AsNobody().Post("/api/v1/sign-in", new { email = $"somebody{i}@example.org", password = "a guess" }).Refused(HttpStatusCode.Unauthorized);

        await Hub.AsNobody().Post("/api/v1/sign-in", new { email = "another@example.org", password = "a guess" }).Refused(HttpStatusCode.TooManyRequests);
        await Hub.AsNobody().Post("/api/v1/invitations/accept", new { code = "a guess" }).Refused(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task The_api_describes_the_operations_on_people_and_projects_with_a_summary_and_the_right_they_need()
    {
        using JsonDocument document = JsonDocument.Parse(await Hub.AsNobody().GetStringAsync("/openapi/v1.json"));
        JsonElement paths = document.RootElement.GetProperty("paths");

        Assert.Equal("Needs the right SchemaEdit.", paths.GetProperty("/api/v1/projects/{project}/schema").GetProperty("put").GetProperty("description").GetString());
        Assert.All(paths.EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Where(o => o.Name is "get" or "post" or "put" or "delete").Select(o => (path.Name, o))), operation =>
            Assert.True(operation.o.Value.TryGetProperty("summary", out JsonElement summary) && summary.GetString()!.Length > 5, $"{operation.o.Name} {operation.Name} has no summary."));
    }
}
