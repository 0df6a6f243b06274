using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Perenne.Contracts.Annotation;
using Perenne.Contracts.Collect;
using Perenne.Contracts.Observations;
using Perenne.Contracts.Stations;
using Perenne.Hub.Agree;
using Perenne.Hub.Annotate;
using Perenne.Hub.Automate;
using Perenne.Hub.Fleet;
using Perenne.Hub.Monitor;
using Perenne.Hub.Share.Webhooks;
using Perenne.Hub.Shared;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Rights;
using Perenne.Hub.Tests.Collect;
using Verdict = Perenne.Contracts.Observations.Verdict;

namespace Perenne.Hub.Tests.Monitor;

public abstract class WatchTests(HubFixture hub) : HubTests(hub)
{
    [Fact]
    public async Task A_drift_alert_opens_an_audit_of_the_drifted_period_shows_on_the_fleet_board_and_tells_webhooks()
    {
        TestOrganization lyon = await Hub.Organization("lyon");
        TestProject pcb = await Hub.Project("pcb", lyon);
        Line line = await Line.AsAsync(Hub, lyon, pcb, "enabled: true\n");
        TestPerson chief = await Hub.Person("chief", Role.Administrator, lyon);
        await Hub.Person("anna", Role.Annotator, lyon);
        await Hub.As(chief).Post($"/api/v1/organizations/{lyon.Slug}/webhooks", new { name = "MES", url = "https://mes.example/", events = new[] { WebhookEvents.AlertOpened, WebhookEvents.AlertResolved } }).Done();
        await line.ProduceAsync(300);
        DateTimeOffset failed = line.Now;
        await line.ProduceAsync(200, light: 0.8);
        foreach (int i in Enumerable.Range(0, 4))
            await line.Station.PutImage(Pictures.Jpeg(100 + i), "audit", camera: "top").Done();
        FleetCell before = await QualityAsync(line);
        DriftChecked round = await line.CheckAsync();
        AlertRow alert = Assert.Single(await line.AlertsAsync());
        foreach (int _ in Enumerable.Range(0, 4))
            await Hub.Inside(async services => { await services.GetRequiredService<LoopTurn>().HandleAsync(pcb.Id, CancellationToken.None); return 0; });

        List<FlowRun> runs = await Hub.Inside(db => db.Set<FlowRun>().AsNoTracking().Where(r => r.ProjectId == pcb.Id && r.Kind == FlowKind.Audit).ToListAsync());
        FlowRun run = Assert.Single(runs);
        Campaign? campaign = await Hub.Inside(db => db.Set<Campaign>().AsNoTracking().SingleOrDefaultAsync(c => c.Id == run.Outputs.Campaign));
        List<WebhookDelivery> told = await Hub.Inside(db => db.Set<WebhookDelivery>().AsNoTracking().Where(d => d.OrganizationId == lyon.Id).ToListAsync());

        Assert.Equal(1, round.Alarms);
        Assert.True(run.State == FlowState.Succeeded, string.Join(" ", run.Log.Select(n => n.Words)));
        Assert.Equal(alert.Id, run.Inputs.Subject);
        Assert.Equal((CampaignState.Running, alert.Since, "top"), (campaign!.State, campaign.Filter!.From, campaign.Filter.Camera));
        Assert.InRange((alert.Since - failed).Duration(), TimeSpan.Zero, TimeSpan.FromMilliseconds(1));
        Assert.DoesNotContain("drifted", before.Words, StringComparison.Ordinal);
        Assert.Contains("drifted", (await QualityAsync(line)).Words, StringComparison.Ordinal);
        WebhookDelivery opened = Assert.Single(told);
        Assert.Equal(WebhookEvents.AlertOpened, opened.Event);
        Assert.Contains($"\"alertId\":\"{alert.Id}\"", opened.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_muted_alert_asks_for_nothing_until_its_day_has_come()
    {
        TestOrganization lyon = await Hub.Organization("lyon");
        TestProject pcb = await Hub.Project("pcb", lyon);
        Line line = await Line.AsAsync(Hub, lyon, pcb, "enabled: true\n");
        await Hub.Person("anna", Role.Annotator, lyon);
        await line.ProduceAsync(300);
        await line.ProduceAsync(200, light: 0.8);
        await line.Station.PutImage(Pictures.Jpeg(300), "audit", camera: "top").Done();
        await line.CheckAsync();
        AlertRow alert = Assert.Single(await line.AlertsAsync());
        await line.Manager.Put($"{line.Api}/alerts/{alert.Id}", new ChangeAlertRequest(AlertState.Muted, Hub.Time.GetUtcNow().AddDays(1))).Done();
        async Task<int> AuditsAsync()
        {
            await Hub.Inside(async services => { await services.GetRequiredService<LoopTurn>().HandleAsync(pcb.Id, CancellationToken.None); return 0; });
            return await Hub.Inside(db => db.Set<FlowRun>().CountAsync(r => r.ProjectId == pcb.Id && r.Kind == FlowKind.Audit));
        }
        (int Audits, string Board) muted = (await AuditsAsync(), (await QualityAsync(line)).Words);
        Hub.Time.Skip(TimeSpan.FromDays(2));
        (int Audits, string Board) loud = (await AuditsAsync(), (await QualityAsync(line)).Words);

        Assert.Equal(0, muted.Audits);
        Assert.DoesNotContain("drifted", muted.Board, StringComparison.Ordinal);
        Assert.Equal(1, loud.Audits);
        Assert.Contains("drifted", loud.Board, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_alert_is_over_when_a_model_that_was_trained_since_decides_there_or_somebody_calls_it_the_new_normal()
    {
        Line line = await Line.AsAsync(Hub, "lyon");
        await line.ProduceAsync(300);
        await line.ProduceAsync(200, light: 0.8);
        await line.CheckAsync();
        AlertRow dark = Assert.Single(await line.AlertsAsync());
        // An older model does not know the new light: the alert stands.
        line.Model = Guid.Parse("0194d3c0-0000-7000-8000-0000000000b3");
        await line.ProduceAsync(30, light: 0.8);
        await line.CheckAsync();
        Assert.Equal(dark.Id, Assert.Single(await line.AlertsAsync()).Id);
        await line.Manager.Post($"/api/v1/organizations/{line.Organization.Slug}{line.Api["/api/v1".Length..]}/line-changes", new { what = "Another lamp", isNewNormal = true }).Done();
        await line.ProduceAsync(30, light: 0.8);
        await line.CheckAsync();

        Assert.Empty(await line.AlertsAsync());
        Assert.Equal(OutdatedAlerts.NewNormal, Assert.Single(await line.AlertsAsync(resolved: true)).ResolvedBecause);
    }

    [Fact]
    public async Task Objections_that_become_more_are_an_alert_and_another_model_ends_it()
    {
        Line line = await Line.AsAsync(Hub, "lyon");
        await line.ProduceAsync(660);
        await line.CheckAsync();
        PerformanceRow beginning = Assert.Single(await line.PerformanceAsync());
        await line.ProduceAsync(120);
        Observation[] rejected = [.. line.Newest.Where(o => o.Verdict == Verdict.NotOk)];
        foreach (Observation seen in rejected)
            await line.Station.Client.Post("/station/v1/feedback", new OperatorFeedback { Id = seen.FrameId, ObservationId = seen.Id, ModelVersionId = line.Model, Kind = FeedbackKind.FalseAlarm, At = seen.CapturedAt, Camera = "top" }).Done();
        DriftChecked noticed = await line.CheckAsync(), again = await line.CheckAsync();
        AlertRow alert = Assert.Single(await line.AlertsAsync());
        PerformanceRow after = Assert.Single(await line.PerformanceAsync());
        List<PerformanceRow> history = await line.Manager.Get<List<PerformanceRow>>($"{line.Api}/performance?organizationId={line.Organization.Id}");
        string page = await line.Manager.GetStringAsync($"/projects/{line.Project.Slug}/monitor");
        line.Model = Guid.Parse("0194d3c0-0000-7000-8000-0000000000b7");
        await line.ProduceAsync(60);
        await line.CheckAsync();

        Assert.Equal((0, false), (beginning.FalseAlarms.Hits, beginning.FalseAlarms.IsAlarm));
        Assert.InRange(beginning.FalseAlarms.Bound!.Value, 0.002, 0.03);
        Assert.Equal((1, 0), (noticed.Alarms, again.Alarms));
        Assert.Equal((AlertKinds.Feedback, AlertKinds.FalseAlarms), (alert.Kind, alert.Cause));
        Assert.Equal((rejected.Length, true), (after.FalseAlarms.Hits, after.FalseAlarms.IsAlarm));
        Assert.InRange(after.FalseAlarms.Evidence, 1e6, double.MaxValue);
        Assert.Equal(2, history.Count);
        Assert.Contains("Operators report more false alarms", page, StringComparison.Ordinal);
        Assert.Contains("surely above the beginning", page, StringComparison.Ordinal);
        Assert.Equal(RaiseAlerts.Recovered, Assert.Single(await line.AlertsAsync(resolved: true), a => a.Id == alert.Id).ResolvedBecause);
    }

    [Fact]
    public async Task Audited_samples_measure_the_verdicts_that_were_given_and_other_samples_do_not()
    {
        Line line = await Line.AsAsync(Hub, "lyon");
        Guid[] images = await Task.WhenAll(Enumerable.Range(0, 5).Select(async i => (await line.Station.PutImage(Pictures.Jpeg(200 + i), "audit").Read<FileVerdict>()).ImageId!.Value));
        string[] hashes = [.. Enumerable.Range(0, 5).Select(i => Convert.ToHexStringLower(SHA256.HashData(Pictures.Jpeg(200 + i))))];
        // Said: bad, bad, good, good; true: bad, good, bad, good. The fifth was sampled for its score.
        await line.ProduceAsync(5, change: (o, i) => o with { Verdict = i < 2 || i == 4 ? Verdict.NotOk : Verdict.Ok, ImageSha256 = hashes[i], SampleReason = i == 4 ? "band" : "audit" });
        await Hub.Inside(async services =>
        {
            HubDbContext db = services.GetRequiredService<HubDbContext>();
            IdSource ids = services.GetRequiredService<IdSource>();
            foreach ((Guid image, int i) in images.Select((image, i) => (image, i)))
                db.Add(new GroundTruth { Id = ids.Next(), OrganizationId = line.Organization.Id, ProjectId = line.Project.Id, ImageId = image, Source = TruthSource.Accepted, From = [], At = Hub.Time.GetUtcNow(), IsCurrent = true,
                    Document = AnnotationDocument.Empty with { Verdict = i is 0 or 2 or 4 ? ImageVerdict.Defects : ImageVerdict.NoDefect } });
            return await db.SaveChangesAsync();
        });
        await line.CheckAsync();
        PerformanceRow row = Assert.Single(await line.PerformanceAsync());

        Assert.Equal(new AuditTable(1, 1, 1, 1), row.Table);
        Assert.Equal((4, 2), (row.Audits.Trials, row.Audits.Hits));
        Assert.Equal((0.5, 0.5), (row.Table.Precision!.Value, row.Table.Recall!.Value));
    }

    [Fact]
    public async Task A_camera_that_is_silent_while_others_go_on_is_an_alert_until_it_speaks_again()
    {
        Line line = await Line.AsAsync(Hub, "lyon");
        await line.ProduceAsync(300, camera: "side");
        DateTimeOffset last = line.Newest[^1].CapturedAt;
        await line.ProduceAsync(30);
        DriftChecked soon = await line.CheckAsync();
        Hub.Time.Skip(TimeSpan.FromHours(30));
        line.Rest();
        await line.ProduceAsync(30);
        DriftChecked later = await line.CheckAsync();
        AlertRow alert = Assert.Single(await line.AlertsAsync());
        await line.ProduceAsync(10, camera: "side");
        await line.CheckAsync();

        Assert.Equal((0, 1), (soon.Alarms, later.Alarms));
        Assert.Equal((AlertKinds.Silent, "side"), (alert.Kind, alert.Camera));
        Assert.InRange((alert.Since - last).Duration(), TimeSpan.Zero, TimeSpan.FromMilliseconds(1));
        Assert.Empty(await line.AlertsAsync());
    }

    [Fact]
    public async Task A_camera_that_sends_one_picture_again_and_again_is_an_alert_until_it_sends_another()
    {
        static Observation Frozen(Observation o, int i) => o with { PerceptualHash = 42, Sharpness = 100, Noise = 3, Entropy = 6 };
        Line line = await Line.AsAsync(Hub, "lyon");
        await line.ProduceAsync(40, change: (o, i) => o with { PerceptualHash = 42 });
        await line.ProduceAsync(29, change: Frozen);
        DriftChecked soon = await line.CheckAsync();
        DateTimeOffset first = line.Newest[0].CapturedAt;
        await line.ProduceAsync(1, change: Frozen);
        DriftChecked later = await line.CheckAsync();
        AlertRow alert = Assert.Single(await line.AlertsAsync());
        await line.ProduceAsync(1, change: (o, i) => o with { PerceptualHash = 42 });
        await line.CheckAsync();

        Assert.Equal((0, 1), (soon.Alarms, later.Alarms));
        Assert.Equal((AlertKinds.Silent, AlertKinds.SamePicture, "top"), (alert.Kind, alert.Cause, alert.Camera));
        Assert.InRange((alert.Since - first).Duration(), TimeSpan.Zero, TimeSpan.FromMilliseconds(1));
        Assert.Empty(await line.AlertsAsync());
    }

    [Fact]
    public async Task A_replay_of_last_year_is_judged_in_its_own_time()
    {
        Line line = await Line.AsAsync(Hub, "lyon");
        DateTimeOffset lastYear = Hub.Time.GetUtcNow().AddYears(-1);
        Observation Then(Observation o, int i) => o with { CapturedAt = lastYear.AddMinutes(i), JudgedAt = lastYear.AddMinutes(i) };
        await line.ProduceAsync(300, change: Then);
        lastYear = lastYear.AddMinutes(300);
        await line.ProduceAsync(200, light: 0.8, change: Then);
        await line.CheckAsync();
        AlertRow alert = Assert.Single(await line.AlertsAsync());

        Assert.InRange((alert.Since - lastYear).Duration(), TimeSpan.Zero, TimeSpan.FromMilliseconds(1));
    }

    private static async Task<FleetCell> QualityAsync(Line line) =>
        (await line.Manager.Get<List<FleetRow>>("/api/v1/fleet")).Single(r => r.ProjectId == line.Project.Id).Cells.Single(c => c.Question == FleetQuestion.ImageQuality);
}

public sealed class WatchTestsOnSqlite(SqliteHub hub) : WatchTests(hub), IClassFixture<SqliteHub>;

public sealed class WatchTestsOnPostgres(PostgresHub hub) : WatchTests(hub), IClassFixture<PostgresHub>;

public sealed class AlertMailTests(MailHub hub) : HubTests(hub), IClassFixture<MailHub>
{
    [Fact]
    public async Task An_alert_is_mailed_to_those_who_may_handle_it_with_a_link_to_its_report()
    {
        TestOrganization lyon = await Hub.Organization("lyon");
        TestProject pcb = await Hub.Project("pcb", lyon);
        TestPerson annotator = await Hub.Person("anna", Role.Annotator, lyon);
        Line line = await Line.AsAsync(Hub, lyon, pcb);
        await line.ProduceAsync(300);
        await line.ProduceAsync(200, light: 0.8);
        await line.CheckAsync();
        AlertRow alert = Assert.Single(await line.AlertsAsync());
        // Manager, data scientist and the administrator who enrolled the station.
        for (int i = 0; i < 200 && hub.Server.Mails.Count < 3; i++)
            await Task.Delay(50);

        Assert.Equal(3, hub.Server.Mails.Count);
        Assert.DoesNotContain(hub.Server.Mails, m => m.To == annotator.Email);
        Assert.All(hub.Server.Mails, m => Assert.Contains("lyon, top: The light changed", m.Subject, StringComparison.Ordinal));
        Assert.All(hub.Server.Mails, m => Assert.Contains($"https://perenne.example/projects/{pcb.Slug}/monitor/reports/{alert.ReportId}", m.Text, StringComparison.Ordinal));
    }
}
