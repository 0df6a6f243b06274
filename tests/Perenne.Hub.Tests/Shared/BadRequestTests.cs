using System.Net;
using System.Text;
using System.Text.Json;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Tests.Shared;

/// <summary>What does not fit an endpoint is refused with a sentence that says where.</summary>
public sealed class BadRequestTests(SqliteHub hub) : HubTests(hub), IClassFixture<SqliteHub>
{
    [Fact]
    public async Task A_token_that_does_not_reach_is_told_the_scope_that_does()
    {
        TestOrganization organization = await Hub.Organization("org");
        TestPerson manager = await Hub.Person("ada", Role.Manager, organization);
        using StringContent json = new("""{"name":"PCB","slug":"pcb","description":""}""", Encoding.UTF8, "application/json");
        HttpResponseMessage answer = await Hub.WithToken(await Hub.Token(manager, TokenScope.Ingest)).PostAsync($"/api/v1/organizations/{organization.Id}/projects", json, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Contains("(ProjectEdit). Make one with the scope Write.", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/v1/me/tokens", """{"name":"x","scopes":["nonsense"]}""", "at $.scopes")]
    [InlineData("/api/v1/me/tokens", """{"name":5,"scopes":[]}""", "at $.name")]
    [InlineData("/api/v1/me/tokens", """{"name":""", "is not")]
    [InlineData("/api/v1/me/tokens", "", "body")]
    [InlineData("/api/v1/projects/{project}/images?size=abc", null, "abc")]
    public async Task A_request_that_does_not_fit_gets_a_sentence(string address, string? body, string expected)
    {
        TestOrganization organization = await Hub.Organization("org");
        TestProject project = await Hub.Project("pcb", organization);
        HttpClient person = Hub.As(await Hub.Person("ada", Role.Manager, organization));
        address = address.Replace("{project}", project.Id.ToString(), StringComparison.Ordinal);
        using StringContent json = new(body ?? "", Encoding.UTF8, "application/json");
        HttpResponseMessage answer = body is null ? await person.GetAsync(address, TestContext.Current.CancellationToken) : await person.PostAsync(address, json, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        using JsonDocument problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        string said = problem.RootElement.GetProperty("detail").GetString()!;
        Assert.Contains(expected, said, StringComparison.Ordinal);
        Assert.DoesNotContain("Perenne.", said, StringComparison.Ordinal);
    }
}
