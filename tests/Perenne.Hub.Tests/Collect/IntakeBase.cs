using System.Net.Http.Headers;
using System.Net.Http.Json;
using Perenne.Contracts.Collect;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Tests.Collect;

/// <summary>A plant with a data scientist, and a way to send files as a program does.</summary>
public abstract class IntakeBase(HubFixture hub) : HubTests(hub)
{
    private protected static readonly System.Text.Json.JsonSerializerOptions HubJson = new(System.Text.Json.JsonSerializerDefaults.Web)
    {
        Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter() },
    };

    private protected async Task<(HttpClient, string, TestProject)> Plant()
    {
        TestOrganization organization = await Hub.Organization("lyon");
        TestProject project = await Hub.Project("pcb", organization);
        TestPerson person = await Hub.Person("ada", Role.DataScientist, organization);
        return (Hub.As(person), $"/api/v1/organizations/{organization.Slug}/projects/{project.Slug}", project);
    }

    private protected static async Task<IntakeAnswer> Send(HttpClient client, string address, byte[] file, string name, string query = "", string type = "application/octet-stream")
    {
        using ByteArrayContent content = new(file) { Headers = { ContentType = new MediaTypeHeaderValue(type) } };
        using HttpResponseMessage response = await client.PostAsync($"{address}/images?fileName={Uri.EscapeDataString(name)}{query}", content);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return (await response.Content.ReadFromJsonAsync<IntakeAnswer>(HubJson))!;
    }
}
