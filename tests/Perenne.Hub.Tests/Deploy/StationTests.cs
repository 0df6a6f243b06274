using System.Net;
using Microsoft.EntityFrameworkCore;
using Perenne.Contracts.Stations;
using Perenne.Hub.Deploy;
using Perenne.Hub.Monitor;
using Perenne.Hub.Shared.Rights;
using Perenne.Hub.Tests.Observe;

namespace Perenne.Hub.Tests.Deploy;

public abstract class StationTests(HubFixture hub) : HubTests(hub)
{
    [Fact]
    public async Task A_code_enrols_one_station_once_however_it_is_typed()
    {
        TestOrganization lyon = await Hub.Organization("lyon");
        HttpClient administrator = Hub.As(await Hub.Person("ada", Role.Administrator, lyon));
        StationCode code = await administrator.Post($"/api/v1/organizations/{lyon.Slug}/stations", new { name = "line-1" }).Read<StationCode>();
        string typed = code.Code.Replace("-", " ", StringComparison.Ordinal).ToLowerInvariant();

        EnrolAnswer identity = await Hub.AsNobody().Post("/api/v1/stations/enrol", new EnrolRequest(typed, "1.0", "host-1")).Read<EnrolAnswer>();
        string again = await Hub.AsNobody().Post("/api/v1/stations/enrol", new EnrolRequest(code.Code, "1.0")).Refused(HttpStatusCode.Gone);
        string same = await administrator.Post($"/api/v1/organizations/{lyon.Slug}/stations", new { name = "line-1" }).Refused(HttpStatusCode.Conflict);

        Assert.Equal((code.Id, "line-1", lyon.Slug), (identity.StationId, identity.Name, identity.Organization));
        Assert.Contains("used or has expired", again, StringComparison.Ordinal);
        Assert.Contains("line-1", same, StringComparison.Ordinal);
        StationRow row = Assert.Single(await administrator.Get<List<StationRow>>($"/api/v1/organizations/{lyon.Slug}/stations"));
        Assert.Equal((StationState.Waiting, "host-1"), (row.State, row.Host));
    }

    [Fact]
    public async Task A_new_code_replaces_the_key_of_a_station_that_lost_it()
    {
        TestOrganization lyon = await Hub.Organization("lyon");
        TestProject pcb = await Hub.Project("pcb", lyon);
        SimulatedStation station = await SimulatedStation.EnrolAsync(Hub, lyon, pcb);
        HttpClient administrator = Hub.As(await Hub.Person("tim", Role.Administrator, lyon));

        StationCode code = await administrator.Post($"/api/v1/organizations/{lyon.Slug}/stations/{station.Id}/code", new { }).Read<StationCode>();
        await station.Client.GetAsync("/station/v1/plan").Done();
        EnrolAnswer renewed = await Hub.AsNobody().Post("/api/v1/stations/enrol", new EnrolRequest(code.Code, "1.1")).Read<EnrolAnswer>();

        await station.Client.GetAsync("/station/v1/plan").Refused(HttpStatusCode.Unauthorized);
        await Hub.WithToken(renewed.Token).GetAsync("/station/v1/plan").Done();
        Assert.Equal((station.Id, station.Identity.SigningKey), (renewed.StationId, renewed.SigningKey));
    }

    [Fact]
    public async Task While_a_drift_alert_stands_the_plan_asks_for_more_pictures()
    {
        TestOrganization lyon = await Hub.Organization("lyon"), porto = await Hub.Organization("porto");
        TestProject pcb = await Hub.Project("pcb", lyon, porto);
        SimulatedStation drifting = await SimulatedStation.EnrolAsync(Hub, lyon, pcb), calm = await SimulatedStation.EnrolAsync(Hub, porto, pcb);
        Alert alert = new()
        {
            Id = new Guid("0194d3c0-7a1e-7c3b-9f10-2b6f0c4d5e70"), OrganizationId = lyon.Id, ProjectId = pcb.Id, OpenKey = "drift/top", Kind = AlertKinds.Drift, Camera = "top", Cause = "Data",
            Since = Hub.Time.GetUtcNow(), OpenedAt = Hub.Time.GetUtcNow(), LastSeenAt = Hub.Time.GetUtcNow(),
        };

        StationPlan before = await drifting.Client.Get<StationPlan>("/station/v1/plan");
        await Hub.Inside(db => { db.Add(alert); return db.SaveChangesAsync(); });
        StationPlan during = await drifting.Client.Get<StationPlan>("/station/v1/plan"), elsewhere = await calm.Client.Get<StationPlan>("/station/v1/plan");
        await Hub.Inside(db => db.Set<Alert>().Where(a => a.Id == alert.Id).ExecuteUpdateAsync(set => set.SetProperty(a => a.OpenKey, (string?)null)));
        StationPlan after = await drifting.Client.Get<StationPlan>("/station/v1/plan");

        Assert.Equal([0, 0.05, 0, 0], new[] { before, during, elsewhere, after }.Select(p => Assert.Single(p.Projects).Sampling.DriftShare));
        Assert.NotEqual(before.Etag, during.Etag);
    }

    [Fact]
    public async Task A_heartbeat_shows_health_and_clock_and_names_the_newest_plan()
    {
        TestOrganization lyon = await Hub.Organization("lyon");
        TestProject pcb = await Hub.Project("pcb", lyon);
        SimulatedStation station = await SimulatedStation.EnrolAsync(Hub, lyon, pcb);
        HttpClient viewer = Hub.As(await Hub.Person("olga", Role.Operator, lyon));

        HeartbeatAnswer first = await station.Client.Post("/station/v1/heartbeat", station.Beat() with { SentAt = Hub.Time.GetUtcNow().AddSeconds(30), Trouble = "The lamp is off." }).Read<HeartbeatAnswer>();
        StationRow warned = await viewer.Get<StationRow>($"/api/v1/organizations/{lyon.Slug}/stations/{station.Id}");
        Hub.Time.Skip(TimeSpan.FromMinutes(6));
        StationRow silent = await viewer.Get<StationRow>($"/api/v1/organizations/{lyon.Slug}/stations/{station.Id}");

        Assert.Equal((await station.Client.Get<StationPlan>("/station/v1/plan")).Etag, first.PlanEtag);
        Assert.Equal(StationState.Warning, warned.State);
        Assert.Contains("The lamp is off.", warned.Problems);
        Assert.Contains(warned.Problems, p => p.StartsWith("Its clock is wrong by", StringComparison.Ordinal));
        Assert.InRange(warned.ClockSkewSeconds!.Value, 20, 31);
        Assert.Equal(StationState.Down, silent.State);
    }

    [Fact]
    public async Task The_plan_changes_its_tag_with_the_sampling_rules_and_only_then()
    {
        TestOrganization lyon = await Hub.Organization("lyon");
        TestProject pcb = await Hub.Project("pcb", lyon);
        SimulatedStation station = await SimulatedStation.EnrolAsync(Hub, lyon, pcb);
        HttpClient scientist = Hub.As(await Hub.Person("sam", Role.DataScientist, lyon));
        string policy = $"/api/v1/organizations/{lyon.Slug}/projects/{pcb.Slug}/deployment-policy";

        StationPlan before = await station.Client.Get<StationPlan>("/station/v1/plan");
        HttpStatusCode same = await AskWith(station.Client, before.Etag);
        await scientist.Put(policy, new PolicyRow(new() { AuditShare = 0.25, MaxPerHour = 7 }, new())).Done();
        HttpStatusCode changed = await AskWith(station.Client, before.Etag);
        ProjectPlan plan = Assert.Single((await station.Client.Get<StationPlan>("/station/v1/plan")).Projects);
        string refused = await scientist.Put(policy, new PolicyRow(new() { AuditShare = 2 }, new())).Refused(HttpStatusCode.BadRequest);

        Assert.Equal((HttpStatusCode.NotModified, HttpStatusCode.OK), (same, changed));
        Assert.Equal((pcb.Id, 0.25, 7), (plan.ProjectId, plan.Sampling.AuditShare, plan.Sampling.MaxPerHour));
        Assert.Contains("between 0 and 1", refused, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_of_the_line_that_is_the_new_normal_is_in_the_plan_of_that_plants_stations()
    {
        TestOrganization lyon = await Hub.Organization("lyon"), porto = await Hub.Organization("porto");
        TestProject pcb = await Hub.Project("pcb", lyon, porto);
        SimulatedStation changed = await SimulatedStation.EnrolAsync(Hub, lyon, pcb), other = await SimulatedStation.EnrolAsync(Hub, porto, pcb);
        HttpClient manager = Hub.As(await Hub.Person("mia", Role.Manager, lyon));
        DateTimeOffset now = DateTimeOffset.FromUnixTimeSeconds(Hub.Time.GetUtcNow().ToUnixTimeSeconds());
        foreach ((string what, string? camera, int minutes, bool normal) in new[] { ("Lamp moved", "top", 9, true), ("Lamp moved again", "top", 5, true), ("Lens cleaned", "top", 2, false), ("New product", null, 7, true) })
            await manager.Post($"/api/v1/organizations/{lyon.Slug}/projects/{pcb.Slug}/line-changes", new { what, camera, at = now.AddMinutes(-minutes), isNewNormal = normal }).Done();

        Assert.Equal([new PlannedChange(now.AddMinutes(-7)), new PlannedChange(now.AddMinutes(-5), "top")], (await changed.PlanAsync()).Changes);
        Assert.Empty((await other.PlanAsync()).Changes);
    }

    [Fact]
    public async Task A_revoked_station_is_refused_at_once_and_people_never_speak_as_stations()
    {
        TestOrganization lyon = await Hub.Organization("lyon"), porto = await Hub.Organization("porto");
        TestProject pcb = await Hub.Project("pcb", lyon);
        SimulatedStation station = await SimulatedStation.EnrolAsync(Hub, lyon, pcb);
        HttpClient administrator = Hub.As(await Hub.Person("tim", Role.Administrator, lyon)), stranger = Hub.As(await Hub.Person("rui", Role.Administrator, porto));

        await stranger.DeleteAsync($"/api/v1/organizations/{lyon.Slug}/stations/{station.Id}").Refused(HttpStatusCode.NotFound);
        await administrator.GetAsync("/station/v1/plan").Refused(HttpStatusCode.Forbidden);
        await administrator.DeleteAsync($"/api/v1/organizations/{lyon.Slug}/stations/{station.Id}").Done();

        await station.Client.GetAsync("/station/v1/plan").Refused(HttpStatusCode.Unauthorized);
        StationRow row = await administrator.Get<StationRow>($"/api/v1/organizations/{lyon.Slug}/stations/{station.Id}");
        Assert.Equal(StationState.Revoked, row.State);
    }

    private static async Task<HttpStatusCode> AskWith(HttpClient client, string etag)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "/station/v1/plan");
        request.Headers.IfNoneMatch.Add(new($"\"{etag}\""));
        using HttpResponseMessage response = await client.SendAsync(request);
        return response.StatusCode;
    }
}

public sealed class StationTestsOnSqlite(SqliteHub hub) : StationTests(hub), IClassFixture<SqliteHub>;

public sealed class StationTestsOnPostgres(PostgresHub hub) : StationTests(hub), IClassFixture<PostgresHub>;
