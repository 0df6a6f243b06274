using System.Text.Json;
using System.Text.Json.Nodes;
using Perenne.Cli.Collect;
using Perenne.Cli.Hub;

namespace Perenne.Cli.Demo;

/// <summary>One of the demo's plants.</summary>
internal sealed record DemoPlant(int Number, string Name, string Slug, string Zone, Guid Id, IReadOnlyList<DemoPerson> People)
{
    public IEnumerable<DemoPerson> Annotators => People.Where(p => p.Role == "annotator");

    public DemoPerson Reviewer => People.First(p => p.Role == "reviewer");
}

/// <summary>Somebody with an account and a token.</summary>
internal sealed record DemoPerson(Guid Id, string Name, string Email, string Role, HubClient Hub, SimulatedPerson Hand);

/// <summary>Makes organizations, project, classes and people, the way an administrator would: through the API, with invitations.</summary>
internal sealed class DemoWorld(string address)
{
    /// <summary>Of all the demo's accounts; shown at the end, so that people can look around.</summary>
    public const string Password = "perenne-demo-2026";

    public const string AdminEmail = "ada@demo.example";

    private static readonly (string Name, string Zone, (string Name, string Role, Care Care)[] People)[] Plants =
    [
        ("Lyon", "Europe/Paris", [("Anna", "annotator", Care.Expert), ("Bilal", "annotator", Care.Good), ("Rita", "reviewer", Care.Expert), ("Max", "manager", Care.Good)]),
        ("Porto", "Europe/Lisbon", [("Carla", "annotator", Care.Good), ("Duarte", "annotator", Care.Hasty), ("Renata", "reviewer", Care.Expert)]),
        ("Gdansk", "Europe/Warsaw", [("Ewa", "annotator", Care.Expert), ("Filip", "annotator", Care.Good), ("Roman", "reviewer", Care.Expert)]),
    ];

    public HubClient Admin { get; private set; } = default!;

    public Guid AdminId { get; private set; }

    public string Project { get; private set; } = "";

    public List<DemoPlant> Sites { get; } = [];

    public async Task BuildAsync(string code, DemoSource source, Action<string> progress, CancellationToken cancel)
    {
        using HubClient session = HubClient.Connect(address, null);
        JsonObject made = await session.PostAsync<JsonObject>("api/v1/set-up", new { code, name = "Ada", email = AdminEmail, password = Password, organization = Plants[0].Name, timeZone = Plants[0].Zone }, cancel);
        AdminId = made["userId"]!.GetValue<Guid>();
        Admin = await TokenAsync(session, "admin", cancel);
        string owner = made["organizationSlug"]!.GetValue<string>();
        Project = (await Admin.PostAsync<JsonObject>($"api/v1/organizations/{owner}/projects", new { name = source.Project, description = "Made by 'perenne demo'." }, cancel))["slug"]!.GetValue<string>();
        await LabelSetup.EnsureAsync(Admin, Project, source.Classes, cancel);
        for (int i = 0; i < Plants.Length; i++)
        {
            (string name, string zone, (string, string, Care)[] people) = Plants[i];
            string slug = owner;
            if (i > 0)
            {
                slug = (await Admin.PostAsync<JsonObject>("api/v1/organizations", new { name, timeZone = zone }, cancel))["slug"]!.GetValue<string>();
                await Admin.PutAsync<JsonElement?>($"api/v1/projects/{Project}/organizations/{slug}", new { }, cancel);
            }

            Guid id = (await Admin.GetAsync<JsonObject>($"api/v1/organizations/{slug}", cancel))["id"]!.GetValue<Guid>();
            List<DemoPerson> staff = [];
            foreach ((string person, string role, Care care) in people)
            {
                staff.Add(await JoinAsync(slug, person, role, new SimulatedPerson(person, care, (i * 100) + staff.Count), cancel));
                progress($"{name}: {person}, {role}");
            }

            Sites.Add(new(i, name, slug, zone, id, staff));
        }
    }

    private async Task<DemoPerson> JoinAsync(string organization, string name, string role, SimulatedPerson hand, CancellationToken cancel)
    {
        string email = $"{name.ToLowerInvariant()}@demo.example";
        JsonObject invited = await Admin.PostAsync<JsonObject>($"api/v1/organizations/{organization}/invitations", new { email, role }, cancel);
        string code = invited["path"]!.GetValue<string>().Split('/')[^1];
        using HubClient session = HubClient.Connect(address, null);
        await session.PostAsync<JsonObject>("api/v1/invitations/accept", new { code, name, password = Password }, cancel);
        await session.PostAsync<object?>("api/v1/sign-in", new { email, password = Password }, cancel);
        Guid id = (await session.GetAsync<JsonObject>("api/v1/me", cancel))["id"]!.GetValue<Guid>();
        return new(id, name, email, role, await TokenAsync(session, "write", cancel), hand);
    }

    private async Task<HubClient> TokenAsync(HubClient session, string scope, CancellationToken cancel) => HubClient.Connect(address,
        (await session.PostAsync<JsonObject>("api/v1/me/tokens", new { name = "perenne demo", scopes = new[] { scope }, days = 30 }, cancel))["token"]!.GetValue<string>());
}
