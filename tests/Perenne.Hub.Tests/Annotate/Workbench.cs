using System.Collections.Immutable;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Perenne.Contracts.Annotation;
using Perenne.Hub.Annotate;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Tests.Annotate;

/// <summary>A running campaign with its people, for tests that read as sentences.</summary>
internal sealed class Workbench
{
    private readonly HubFixture hub;
    private readonly string address;

    private Workbench(HubFixture hub, TestOrganization organization, TestProject project, Guid campaign, IReadOnlyList<TestPerson> people)
    {
        (this.hub, Organization, Project, Campaign, People) = (hub, organization, project, campaign, people);
        address = $"/api/v1/projects/{project.Slug}";
    }

    public TestOrganization Organization { get; }

    public TestProject Project { get; }

    public Guid Campaign { get; }

    public IReadOnlyList<TestPerson> People { get; }

    public static async Task<Workbench> StartAsync(HubFixture hub, int images, int people, CampaignRules? rules = null)
    {
        TestOrganization organization = await hub.Organization("lyon");
        TestProject project = await hub.Project("pcb", organization);
        TestPerson manager = await hub.Person("max", Role.Manager, organization);
        HttpResponseMessage made = await hub.As(manager).PostAsJsonAsync(
            $"/api/v1/organizations/{organization.Slug}/projects/{project.Slug}/campaigns",
            new CampaignDraft("November", images, Rules: rules ?? new(ReviewShare: 0)));
        Assert.True(made.IsSuccessStatusCode, await made.Content.ReadAsStringAsync());
        Guid campaign = (await made.Content.ReadFromJsonAsync<CampaignCreated>())!.Id;
        List<TestPerson> team = [];
        for (int i = 0; i < people; i++)
            team.Add(await hub.Person($"anna{i}", Role.Annotator, organization));
        await hub.Inside(async services =>
        {
            var db = services.GetRequiredService<Perenne.Hub.Shared.Data.HubDbContext>();
            var now = hub.Time.GetUtcNow();
            foreach (TestPerson person in team)
                db.Add(new CampaignMember { CampaignId = campaign, PersonId = person.Id, OrganizationId = organization.Id, AddedAt = now });
            await db.SaveChangesAsync();
            await db.Set<Campaign>().Where(c => c.Id == campaign).ExecuteUpdateAsync(set => set.SetProperty(c => c.State, CampaignState.Running));
            List<Perenne.Hub.Collect.Image> rows = [.. Enumerable.Range(0, images).Select(i => Collect.Images.New(organization, project, i))];
            db.AddRange(rows);
            await db.SaveChangesAsync();
            return await services.GetRequiredService<AddTasks>().HandleAsync(campaign, [.. rows.Select((row, i) => new TaskImage(row.Id, now.AddSeconds(i)))], default);
        });
        return new(hub, organization, project, campaign, team);
    }

    public Task<HttpResponseMessage> PullAsync(TestPerson person) => hub.As(person).PostAsync($"{address}/campaigns/{Campaign}/next", null);

    public async Task<Lease> LeaseAsync(TestPerson person) => await ReadAsync<Lease>(await PullAsync(person));

    public Task<HttpResponseMessage> SaveAsync(TestPerson person, Lease lease, int baseRevision, params Operation[] operations) =>
        hub.As(person).PostAsJsonAsync($"{address}/tasks/{lease.AssignmentId}/operations",
            new TaskEndpoints.SaveBody(lease.Fence, baseRevision, [.. operations]), AnnotationJson.Options);

    public Task<HttpResponseMessage> SubmitAsync(TestPerson person, Lease lease, int baseRevision, string? id = null) =>
        hub.As(person).PostAsJsonAsync($"{address}/tasks/{lease.AssignmentId}/submit", new TaskEndpoints.SubmitBody(id ?? $"s-{lease.AssignmentId:N}", lease.Fence, baseRevision, 1000));

    public Task<HttpResponseMessage> SkipAsync(TestPerson person, Lease lease, SkipReason reason, string? text = null) =>
        hub.As(person).PostAsJsonAsync($"{address}/tasks/{lease.AssignmentId}/skip", new { Id = $"k-{lease.AssignmentId:N}", lease.Fence, BaseRevision = 0, ActiveMilliseconds = 10, Reason = reason.ToString(), Text = text });

    public HttpClient As(TestPerson person) => hub.As(person);

    public string Address => address;

    public async Task<TestPerson> ReviewerAsync(string name = "rita") => await hub.Person(name, Role.Reviewer, Organization);

    /// <summary>Pulls, draws one box, submits.</summary>
    public async Task<Lease> FinishOneAsync(TestPerson person)
    {
        Lease lease = await LeaseAsync(person);
        await ReadAsync<Saved>(await SaveAsync(person, lease, 0, Draw("box1")));
        await ReadAsync<Saved>(await SubmitAsync(person, lease, 1));
        return lease;
    }

    /// <summary>Answers everything this person can get; <paramref name="answer"/> says what, by task.</summary>
    public async Task<int> AnswerAllAsync(TestPerson person, Func<Guid, Operation[]> answer, Func<Task>? after = null, int baseRevision = 0)
    {
        for (int done = 0; ; done++)
        {
            HttpResponseMessage pulled = await PullAsync(person);
            if (pulled.StatusCode == System.Net.HttpStatusCode.NotFound)
                return done;
            Lease lease = await ReadAsync<Lease>(pulled);
            Guid task = await LookAsync(db => db.Set<Assignment>().Where(a => a.Id == lease.AssignmentId).Select(a => a.TaskId).SingleAsync());
            Saved saved = await ReadAsync<Saved>(await SaveAsync(person, lease, baseRevision, answer(task)));
            await ReadAsync<Saved>(await SubmitAsync(person, lease, saved.Revision, $"s-{lease.AssignmentId:N}-{lease.Fence}"));
            if (after is not null)
                await after();
        }
    }

    public static Operation NoDefect(string id = "none") => new("op-" + id, DateTimeOffset.UnixEpoch, 500, [new SetVerdict(ImageVerdict.NoDefect)]);

    public Task<T> LookAsync<T>(Func<Perenne.Hub.Shared.Data.HubDbContext, Task<T>> look) => hub.Inside(look);

    public static Operation Draw(string id, double x = 10, string label = "open") =>
        new("op-" + id, DateTimeOffset.UnixEpoch, 500, [new PutShape(new DocumentBox(id, label, [x, 10, 20, 20]))]);

    public static async Task<T> ReadAsync<T>(HttpResponseMessage response)
    {
        string body = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode} {body}");
        return JsonSerializer.Deserialize<T>(body, JsonSerializerOptions.Web)!;
    }

    public static async Task<string> RefusalAsync(HttpResponseMessage response)
    {
        Assert.False(response.IsSuccessStatusCode);
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString()!;
    }
}
