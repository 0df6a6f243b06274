using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Perenne.Contracts.Observations;
using Perenne.Hub.Monitor;
using Perenne.Hub.Shared.Rights;
using Perenne.Hub.Tests.Observe;
using Perenne.Vision.Drift;
using Verdict = Perenne.Contracts.Observations.Verdict;

namespace Perenne.Hub.Tests.Monitor;

public abstract class DriftTests(HubFixture hub) : HubTests(hub)
{
    [Fact]
    public async Task A_lamp_that_fails_is_one_alert_with_a_cause_a_beginning_and_a_report_and_ends_when_it_is_over()
    {
        Line line = await Line.AsAsync(Hub, "lyon");
        await line.ProduceAsync(300);
        DriftChecked learning = await line.CheckAsync();
        await line.ProduceAsync(100);
        DriftChecked quiet = await line.CheckAsync();
        DateTimeOffset lampFailed = line.Now;
        await line.ProduceAsync(200, light: 0.8);
        DriftChecked failed = await line.CheckAsync(), again = await line.CheckAsync();
        AlertRow alert = Assert.Single(await line.AlertsAsync());
        DriftReportDetail report = await line.Manager.Get<DriftReportDetail>($"{line.Api}/drift/reports/{alert.ReportId}");

        Assert.Equal((new DriftChecked(0, 0, 0), new(1, 0, 0), new(2, 2, 1), new(0, 0, 0)), (learning, quiet, failed, again));
        Assert.Equal((nameof(DriftCause.Lighting), AlertState.Open, "top"), (alert.Cause, alert.State, alert.Camera));
        Assert.InRange((alert.Since - lampFailed).Duration(), TimeSpan.Zero, TimeSpan.FromMilliseconds(1));
        Assert.Equal((200, 100, 3), (report.Report.ReferenceCount, report.Report.CurrentCount, report.Earlier.Count));
        Assert.Equal([false, true, true], report.Earlier.Select(r => r.Cause is not null));
        Assert.Equal([false, false, true], report.Earlier.Select(r => r.IsAlarm));
        Assert.Contains(report.Report.Signals, s => s is { Signal: "brightness-p50", IsFlagged: true, Effect: > 0.9 });
        Assert.InRange(report.Report.Level, 1e-6, AlarmBudget.LoosestLevel);

        await line.ProduceAsync(300);
        await line.CheckAsync();
        Assert.Empty(await line.AlertsAsync());
        AlertRow over = Assert.Single(await line.AlertsAsync(resolved: true));
        Assert.Equal((AlertState.Resolved, RaiseAlerts.Recovered), (over.State, over.ResolvedBecause));
    }

    [Fact]
    public async Task A_camera_that_moved_is_named_and_stations_that_know_no_view_go_on_being_watched()
    {
        static Func<Observation, int, Observation> At(double shift) => (o, i) => o with { ViewShift = shift + (0.0003 * (i % 11)), ViewVisible = 0.6 + (0.01 * (i % 7)) };
        Line line = await Line.AsAsync(Hub, "lyon");
        // Of an older version: its segments lack the columns.
        await line.ProduceAsync(300, columns: "* EXCLUDE (view_shift, view_visible)");
        await line.ProduceAsync(100, columns: "* EXCLUDE (view_shift, view_visible)");
        DriftChecked old = await line.CheckAsync();
        await line.ProduceAsync(300, camera: "side", change: At(0.002));
        await line.ProduceAsync(200, camera: "side", change: At(0.006));
        DriftChecked moved = await line.CheckAsync();
        AlertRow alert = Assert.Single(await line.AlertsAsync());
        DriftReportDetail report = await line.Manager.Get<DriftReportDetail>($"{line.Api}/drift/reports/{alert.ReportId}");

        Assert.Equal((1, 0, 1), (old.Rounds, old.Alarms, moved.Alarms));
        Assert.Equal(("side", nameof(DriftCause.View)), (alert.Camera, alert.Cause));
        Assert.Contains(report.Report.Signals, s => s is { Signal: "view-shift", IsFlagged: true });
    }

    /// <param name="every">Every so many pictures is still fit to be judged; 0 = none is.</param>
    [Theory]
    [InlineData(2)]
    [InlineData(0)]
    public async Task A_lamp_so_worn_that_pictures_are_not_fit_to_be_judged_is_noticed_as_soon_as_any_other(int every)
    {
        Line line = await Line.AsAsync(Hub, "lyon");
        await line.ProduceAsync(300);
        await line.CheckAsync();
        await line.ProduceAsync(200, light: 0.6, change: (o, i) => every > 0 && i % every == 0 ? o
            : o with { ModelVersionId = null, DeploymentId = null, Reason = "dark", Verdict = Verdict.CannotJudge, Classes = [], Scores = [], Boxes = [], Features = [] });
        DriftChecked dark = await line.CheckAsync();
        AlertRow alert = Assert.Single(await line.AlertsAsync());
        CameraState camera = Assert.Single(await line.CamerasAsync());
        DriftReportDetail report = await line.Manager.Get<DriftReportDetail>($"{line.Api}/drift/reports/{alert.ReportId}");

        Assert.Equal(new DriftChecked(2, 2, 1), dark);
        Assert.Equal(nameof(DriftCause.Lighting), alert.Cause);
        Assert.Equal(1, camera.Filled);
        Assert.Contains(report.Report.Signals, s => s is { Signal: DriftCauses.Quality, IsFlagged: true });
    }

    [Fact]
    public async Task Looking_twice_at_the_same_time_makes_each_report_once()
    {
        Line line = await Line.AsAsync(Hub, "lyon");
        await line.ProduceAsync(300);
        await line.CheckAsync();
        await line.ProduceAsync(200, light: 0.8);

        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Hub.Inside(services =>
            services.GetRequiredService<CheckDrift>().HandleAsync(line.Organization.Id, line.Project.Id, CancellationToken.None))));

        List<DateTimeOffset> windows = await Hub.Inside(db => db.Set<DriftReport>().Where(r => r.ProjectId == line.Project.Id).Select(r => r.CurrentFrom).ToListAsync());
        Assert.Equal(2, windows.Count);
        Assert.Equal(2, windows.Distinct().Count());
        Assert.Single(await line.AlertsAsync());
    }

    [Fact]
    public async Task What_somebody_calls_the_new_normal_begins_a_new_reference_and_another_model_does_too()
    {
        Line line = await Line.AsAsync(Hub, "lyon");
        await line.ProduceAsync(300);
        await line.CheckAsync();
        DateTimeOffset moved = line.Now.AddSeconds(-1);
        LineChangeRow change = await line.Manager.Post($"/api/v1/organizations/{line.Organization.Slug}{line.Api["/api/v1".Length..]}/line-changes", new { what = "Lamp moved", camera = "top", at = moved, isNewNormal = true }).Read<LineChangeRow>();
        await line.ProduceAsync(320, light: 0.8);
        DriftChecked after = await line.CheckAsync();
        CameraState settled = Assert.Single(await line.CamerasAsync());
        line.Model = Guid.Parse("0194d3c0-0000-7000-8000-0000000000b2");
        await line.ProduceAsync(30, light: 0.8);
        await line.CheckAsync();
        CameraState learning = Assert.Single(await line.CamerasAsync());

        Assert.Equal((true, "mia"), (change.IsNewNormal, change.RecordedBy));
        Assert.Equal(0, after.Flagged);
        Assert.Equal(1, settled.Filled);
        Assert.Equal(0.1, learning.Filled, 3);
        Assert.Empty(await line.AlertsAsync());
    }

    [Fact]
    public async Task An_alert_is_taken_muted_and_resolved_by_people_with_the_right_only()
    {
        Line line = await Line.AsAsync(Hub, "lyon");
        await line.ProduceAsync(300);
        await line.CheckAsync();
        await line.ProduceAsync(200, light: 0.8);
        await line.CheckAsync();
        AlertRow alert = Assert.Single(await line.AlertsAsync());
        string address = $"{line.Api}/alerts/{alert.Id}";
        HttpClient operatorOf = Hub.As(await Hub.Person("ola", Role.Operator, line.Organization));

        await operatorOf.Put(address, new ChangeAlertRequest(AlertState.Resolved)).Refused(HttpStatusCode.Forbidden);
        Assert.Contains("next 90 days", await line.Manager.Put(address, new ChangeAlertRequest(AlertState.Muted)).Refused(HttpStatusCode.BadRequest), StringComparison.Ordinal);
        await line.Manager.Put(address, new ChangeAlertRequest(AlertState.Acknowledged)).Done();
        AlertRow taken = Assert.Single(await line.AlertsAsync());
        await line.Manager.Put(address, new ChangeAlertRequest(AlertState.Muted, Hub.Time.GetUtcNow().AddDays(1))).Done();
        AlertRow muted = Assert.Single(await line.AlertsAsync());
        Hub.Time.Skip(TimeSpan.FromDays(2));
        AlertRow loud = Assert.Single(await line.AlertsAsync());
        await line.Manager.Put(address, new ChangeAlertRequest(AlertState.Resolved, Because: "lamp replaced")).Done();
        await line.Manager.Put(address, new ChangeAlertRequest(AlertState.Open)).Refused(HttpStatusCode.Conflict);
        AlertRow resolved = Assert.Single(await line.AlertsAsync(resolved: true));

        Assert.Equal((AlertState.Acknowledged, "mia"), (taken.State, taken.Owner));
        Assert.Equal((AlertState.Muted, AlertState.Open), (muted.State, loud.State));
        Assert.Equal((AlertState.Resolved, "lamp replaced"), (resolved.State, resolved.ResolvedBecause));
    }

    [Fact]
    public async Task A_neighbour_sees_no_alert_report_camera_or_line_change()
    {
        TestOrganization lyon = await Hub.Organization("lyon"), porto = await Hub.Organization("porto");
        TestProject pcb = await Hub.Project("pcb", lyon, porto);
        Line line = await Line.AsAsync(Hub, lyon, pcb);
        await line.ProduceAsync(300);
        await line.CheckAsync();
        await line.ProduceAsync(200, light: 0.8);
        await line.CheckAsync();
        AlertRow alert = Assert.Single(await line.AlertsAsync());
        await line.Manager.Post($"/api/v1/organizations/{lyon.Slug}{line.Api["/api/v1".Length..]}/line-changes", new { what = "Lamp moved" }).Done();
        HttpClient neighbour = Hub.As(await Hub.Person("noa", Role.Manager, porto));

        Assert.Empty(await neighbour.Get<List<AlertRow>>($"{line.Api}/alerts?resolved=true"));
        Assert.Empty(await neighbour.Get<List<CameraState>>($"{line.Api}/drift/cameras"));
        Assert.Empty(await neighbour.Get<List<LineChangeRow>>($"{line.Api}/line-changes"));
        await neighbour.GetAsync($"{line.Api}/drift/reports/{alert.ReportId}").Refused(HttpStatusCode.NotFound);
        await neighbour.Put($"{line.Api}/alerts/{alert.Id}", new ChangeAlertRequest(AlertState.Resolved)).Refused(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task The_pages_say_what_changed_since_when_and_how_sure()
    {
        Line line = await Line.AsAsync(Hub, "lyon");
        string empty = await line.Manager.GetStringAsync($"/projects/{line.Project.Slug}/monitor");
        await line.ProduceAsync(300);
        await line.CheckAsync();
        await line.ProduceAsync(200, light: 0.8);
        await line.CheckAsync();
        AlertRow alert = Assert.Single(await line.AlertsAsync());
        string page = await line.Manager.GetStringAsync($"/projects/{line.Project.Slug}/monitor"), report = await line.Manager.GetStringAsync($"/projects/{line.Project.Slug}/monitor/reports/{alert.ReportId}");

        Assert.Contains("Monitoring begins by itself", empty, StringComparison.Ordinal);
        Assert.Contains("The light changed", page, StringComparison.Ordinal);
        Assert.Contains($"/monitor/reports/{alert.ReportId}", page, StringComparison.Ordinal);
        Assert.Contains("Brightness, middle", report, StringComparison.Ordinal);
        Assert.Contains("perenne-chart", report, StringComparison.Ordinal);
        Assert.Contains("Look at the lamps", report, StringComparison.Ordinal);
        Assert.Contains("lasting", report, StringComparison.Ordinal);
    }
}

public sealed class DriftTestsOnSqlite(SqliteHub hub) : DriftTests(hub), IClassFixture<SqliteHub>;

public sealed class DriftTestsOnPostgres(PostgresHub hub) : DriftTests(hub), IClassFixture<PostgresHub>;
