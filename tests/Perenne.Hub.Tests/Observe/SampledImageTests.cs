using System.Net;
using Microsoft.EntityFrameworkCore;
using Perenne.Contracts.Collect;
using Perenne.Contracts.Observations;
using Perenne.Contracts.Stations;
using Perenne.Hub.Collect;
using Perenne.Hub.Observe;
using Perenne.Hub.Shared.Rights;
using Perenne.Hub.Tests.Collect;
using Verdict = Perenne.Contracts.Observations.Verdict;

namespace Perenne.Hub.Tests.Observe;

public abstract class SampledImageTests(HubFixture hub) : HubTests(hub)
{
    [Fact]
    public async Task A_sampled_frame_becomes_an_image_that_says_why_it_was_taken()
    {
        TestOrganization lyon = await Hub.Organization("lyon");
        TestProject pcb = await Hub.Project("pcb", lyon);
        SimulatedStation station = await SimulatedStation.EnrolAsync(Hub, lyon, pcb);
        byte[] file = Pictures.Jpeg(1);
        Observation seen = station.Observe(Verdict.NotOk);

        FileVerdict first = await station.PutImage(file, "audit", seen.Id).Read<FileVerdict>(), again = await station.PutImage(file, "audit", seen.Id).Read<FileVerdict>();
        Image image = await Hub.Inside(db => db.Set<Image>().Include(i => i.MetadataRows).SingleAsync(i => i.Id == first.ImageId));

        Assert.Equal((FileOutcome.Stored, FileOutcome.Duplicate), (first.Outcome, again.Outcome));
        Assert.Equal(("line-1", "Kamera öben", 1), (image.Station, image.Camera, image.Arrivals));
        Assert.Equal([("observation", seen.Id.ToString()), ("sampled", "audit")], image.MetadataRows.OrderBy(m => m.Key).Select(m => (m.Key, m.Value)));
        Assert.Contains("damaged on the way", await station.PutImage(file, "audit", address: new string('a', 64)).Refused(HttpStatusCode.PreconditionFailed), StringComparison.Ordinal);
        Assert.Contains("Say why", await station.PutImage(file, "fun").Refused(HttpStatusCode.BadRequest), StringComparison.Ordinal);
        await station.PutImage("not a picture"u8.ToArray(), "audit").Refused(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task Feedback_is_taken_once_and_shows_its_frame()
    {
        TestOrganization lyon = await Hub.Organization("lyon");
        TestProject pcb = await Hub.Project("pcb", lyon);
        SimulatedStation station = await SimulatedStation.EnrolAsync(Hub, lyon, pcb);
        byte[] file = Pictures.Jpeg(2);
        Observation seen = station.Observe(Verdict.NotOk);
        FileVerdict image = await station.PutImage(file, "feedback", seen.Id).Read<FileVerdict>();
        OperatorFeedback said = new() { Id = seen.FrameId, ObservationId = seen.Id, Kind = FeedbackKind.FalseAlarm, At = Hub.Time.GetUtcNow(), Box = [1, 2, 30, 40], ImageSha256 = image.Hash, Camera = "top" };

        FeedbackTaken[] taken = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => station.Client.Post("/station/v1/feedback", said).Read<FeedbackTaken>()));
        string refused = await station.Client.Post("/station/v1/feedback", said with { Id = seen.Id, Box = [1, 2, 0, 4] }).Refused(HttpStatusCode.BadRequest);
        FeedbackPage page = await Hub.As(await Hub.Person("mia", Role.Manager, lyon)).Get<FeedbackPage>($"/api/v1/projects/{pcb.Slug}/feedback");

        Assert.Equal(1, taken.Count(t => !t.Known));
        Assert.Contains("width and height", refused, StringComparison.Ordinal);
        FeedbackRow row = Assert.Single(page.Rows);
        Assert.Equal((FeedbackKind.FalseAlarm, "line-1", image.ImageId, 30d), (row.Kind, row.Station, row.Image, row.Box![2]));
    }
}

public sealed class SampledImageTestsOnSqlite(SqliteHub hub) : SampledImageTests(hub), IClassFixture<SqliteHub>;

public sealed class SampledImageTestsOnPostgres(PostgresHub hub) : SampledImageTests(hub), IClassFixture<PostgresHub>;

public class ObservationColumnsTests
{
    [Fact]
    public void Every_property_of_an_observation_has_its_column_and_no_column_is_without_one() =>
        Assert.Equal(ParquetSegment.PropertyColumns.Order(), ObservationColumns.All.Select(c => c.Name).Order());
}
