using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Perenne.Contracts.Observations;
using Perenne.Hub.Observe;
using Perenne.Hub.Shared.Rights;
using Verdict = Perenne.Contracts.Observations.Verdict;

namespace Perenne.Hub.Tests.Observe;

public abstract class SegmentTests(HubFixture hub) : HubTests(hub)
{
    [Fact]
    public async Task A_segment_is_taken_exactly_once_and_other_bytes_under_its_number_are_refused()
    {
        (_, TestProject pcb, SimulatedStation station) = await Plant("lyon");
        byte[] first = ParquetSegment.Write([station.Observe(Verdict.Ok), station.Observe(Verdict.NotOk)]), other = ParquetSegment.Write([station.Observe(Verdict.Ok)]);

        SegmentTaken[] taken = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => station.Put(1, first).Read<SegmentTaken>()));
        string conflict = await station.Put(1, other).Refused(HttpStatusCode.Conflict);

        Assert.All(taken, t => Assert.Equal((1L, 2), (t.Number, t.Rows)));
        Assert.Contains("cannot be used twice", conflict, StringComparison.Ordinal);
        Assert.Equal(1, await Hub.Inside(db => db.Set<Segment>().CountAsync(s => s.StationId == station.Id)));
        Assert.Equal(2, await Hub.Inside(db => db.Set<SegmentFigure>().Where(f => f.ProjectId == pcb.Id).SumAsync(f => f.Frames)));
    }

    [Fact]
    public async Task A_faulty_segment_is_refused_with_a_sentence_per_fault_and_nothing_is_kept()
    {
        (_, _, SimulatedStation station) = await Plant("lyon");
        Observation[] good = [station.Observe(Verdict.Ok), station.Observe(Verdict.NotOk), station.Observe(Verdict.Ok)];
        (string Select, string Sentence)[] faults =
        [
            ("* EXCLUDE (verdict)", "The column 'verdict' is missing"),
            ("* REPLACE (sequence::VARCHAR AS sequence)", "The column 'sequence' is of type VARCHAR"),
            ("* REPLACE ('boss' AS role)", "3 of 3 rows: 'role' is not one of"),
            ("* REPLACE (CASE WHEN sequence = 2 THEN 9 ELSE sequence END AS sequence)", "gaps"),
            ("* REPLACE (list_transform(scores, lambda s: 1.5::DOUBLE) AS scores)", "1 of 3 rows: a score lies outside 0 to 1."),
            ("* REPLACE ('x' AS id)", "'id' or 'frame_id' is not a UUID"),
            ("* REPLACE ([1.0, 2.0]::DOUBLE[] AS boxes)", "four numbers per score"),
        ];

        foreach ((string select, string sentence) in faults)
            Assert.Contains(sentence, await station.Put(1, ParquetSegment.Write(good, select)).Refused(HttpStatusCode.BadRequest), StringComparison.Ordinal);
        Assert.Contains("not a Parquet file", await station.Put(1, "hello"u8.ToArray()).Refused(HttpStatusCode.BadRequest), StringComparison.Ordinal);
        Assert.Contains("damaged on the way", await station.Put(1, ParquetSegment.Write(good), new string('0', 64)).Refused(HttpStatusCode.PreconditionFailed), StringComparison.Ordinal);

        Assert.Equal(0, await Hub.Inside(db => db.Set<Segment>().CountAsync(s => s.StationId == station.Id)));
        await station.Put(1, ParquetSegment.Write(good)).Done();
    }

    [Fact]
    public async Task Figures_count_what_decided_and_compare_it_with_what_watched()
    {
        (TestOrganization lyon, TestProject pcb, SimulatedStation station) = await Plant("lyon");
        Guid active = Guid.Parse("0194d3c0-0000-7000-8000-0000000000a1"), shadow = Guid.Parse("0194d3c0-0000-7000-8000-0000000000a2");
        List<Observation> seen = [];
        for (int i = 0; i < 20; i++)
        {
            Observation decided = station.Observe(i < 5 ? Verdict.NotOk : i == 19 ? Verdict.CannotJudge : Verdict.Ok, latency: i == 0 ? 400 : 20) with { DeploymentId = active };
            seen.Add(decided);
            seen.Add(station.Observe(i < 8 ? Verdict.NotOk : Verdict.Ok, frame: decided.FrameId) with { DeploymentId = shadow, Role = JudgementRole.Shadow });
        }

        await station.Put(seen).Done();
        HttpClient viewer = Hub.As(await Hub.Person("mia", Role.Manager, lyon));
        PlantFigures plant = Assert.Single((await viewer.Get<ProjectFigures>($"/api/v1/projects/{pcb.Slug}/observations/figures")).Plants);
        SegmentFigure watched = await Hub.Inside(db => db.Set<SegmentFigure>().Where(f => f.DeploymentId == shadow).SingleAsync());

        Assert.Equal((20, 5, 1), (plant.Frames, plant.NotOk, plant.CannotJudge));
        Assert.Equal(5 / 19d, plant.DefectRate!.Value, 9);
        Assert.InRange(plant.LatencyP50!.Value, 19, 21);
        Assert.InRange(plant.LatencyP99!.Value, 380, 420);
        Assert.Equal((20, 19, 3), (watched.Frames, watched.Compared, watched.Disagreed));
    }

    [Fact]
    public async Task Putting_days_together_changes_no_answer_and_loses_no_row()
    {
        (TestOrganization lyon, TestProject pcb, SimulatedStation station) = await Plant("lyon");
        SimulatedStation second = await SimulatedStation.EnrolAsync(Hub, lyon, pcb, "line-2");
        for (int i = 0; i < 3; i++)
        {
            await station.Put([station.Observe(Verdict.NotOk) with { Part = "P-1" }, station.Observe(Verdict.Ok)]).Done();
            await second.Put([second.Observe(Verdict.Ok)]).Done();
        }

        HttpClient viewer = Hub.As(await Hub.Person("mia", Role.Manager, lyon));
        string address = $"/api/v1/projects/{pcb.Slug}/observations";
        List<ObservationRow> before = await viewer.Get<List<ObservationRow>>(address), part = await viewer.Get<List<ObservationRow>>(address + "?part=P-1&verdict=notOk");
        Hub.Time.Skip(TimeSpan.FromDays(2));
        int made = await Hub.Inside(services => services.GetRequiredService<Compaction>().RunAsync(CancellationToken.None));
        int again = await Hub.Inside(services => services.GetRequiredService<Compaction>().RunAsync(CancellationToken.None));
        await second.Put([second.Observe(Verdict.Ok)]).Done();
        List<ObservationRow> after = await viewer.Get<List<ObservationRow>>(address);
        List<ListedFile> files = await viewer.Get<List<ListedFile>>($"/api/v1/organizations/{lyon.Slug}/observations/files");

        Assert.Equal(9, before.Count);
        Assert.All(part, row => Assert.Equal(("P-1", "notOk", station.Id), (row.Part, row.Verdict, row.StationId)));
        Assert.Equal(3, part.Count);
        Assert.True(made >= 1);
        Assert.Equal(0, again);
        Assert.Equal(before.Select(r => (r.Id, r.StationId, r.CapturedAt)), after.Skip(1).Select(r => (r.Id, r.StationId, r.CapturedAt)));
        Assert.Equal([(true, 9), (false, 1)], files.Select(f => (f.IsDay, f.Rows)));
        byte[] parquet = await viewer.GetByteArrayAsync($"/api/v1/organizations/{lyon.Slug}/observations/files/{files[0].Id}");
        Assert.Equal(files[0].Bytes, parquet.Length);
    }

    [Fact]
    public async Task Observations_of_another_organization_do_not_exist_for_its_neighbour()
    {
        TestOrganization lyon = await Hub.Organization("lyon"), porto = await Hub.Organization("porto");
        TestProject pcb = await Hub.Project("pcb", lyon, porto);
        SimulatedStation here = await SimulatedStation.EnrolAsync(Hub, lyon, pcb), there = await SimulatedStation.EnrolAsync(Hub, porto, pcb);
        await here.Put([here.Observe(Verdict.Ok)]).Done();
        await there.Put([there.Observe(Verdict.NotOk), there.Observe(Verdict.NotOk)]).Done();
        HttpClient viewer = Hub.As(await Hub.Person("mia", Role.Manager, lyon));

        List<ObservationRow> rows = await viewer.Get<List<ObservationRow>>($"/api/v1/projects/{pcb.Slug}/observations");
        ProjectFigures figures = await viewer.Get<ProjectFigures>($"/api/v1/projects/{pcb.Slug}/observations/figures");

        Assert.Equal([lyon.Id], rows.Select(r => r.OrganizationId));
        Assert.Equal([(lyon.Id, 1L)], figures.Plants.Select(p => (p.OrganizationId, p.Frames)));
        await viewer.GetAsync($"/api/v1/organizations/{porto.Slug}/observations/files").Refused(HttpStatusCode.NotFound);
    }

    private async Task<(TestOrganization, TestProject, SimulatedStation)> Plant(string name)
    {
        TestOrganization organization = await Hub.Organization(name);
        TestProject project = await Hub.Project("pcb", organization);
        return (organization, project, await SimulatedStation.EnrolAsync(Hub, organization, project));
    }
}

public sealed class SegmentTestsOnSqlite(SqliteHub hub) : SegmentTests(hub), IClassFixture<SqliteHub>;

public sealed class SegmentTestsOnPostgres(PostgresHub hub) : SegmentTests(hub), IClassFixture<PostgresHub>;
