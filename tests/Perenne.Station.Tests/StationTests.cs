using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Parquet.Serialization;
using Perenne.Contracts;
using Perenne.Contracts.Observations;
using Perenne.Contracts.Stations;
using Perenne.Imaging;
using Perenne.Station.Outputs;
using Perenne.Station.Spool;
using Perenne.TestSupport;

namespace Perenne.Station.Tests;

public sealed class StationTests : IAsyncLifetime
{
    private readonly TempFolder temp = new();
    private FakeHub hub = null!;

    public async ValueTask InitializeAsync()
    {
        hub = await FakeHub.StartAsync();
        hub.Enrol(temp["s"]);
    }

    public async ValueTask DisposeAsync()
    {
        await hub.DisposeAsync();
        temp.Dispose();
    }

    [Fact]
    public async Task A_code_becomes_an_identity_and_a_used_code_is_refused_with_the_hubs_words()
    {
        Assert.Null(await StationHost.EnrolAsync(hub.Address, temp["new"], "GOOD-CODE", TestContext.Current.CancellationToken));
        Assert.Equal("token-1", new Hub.StationIdentity(temp["new"]).Read()!.Token);
        Assert.Contains("was used or has expired", await StationHost.EnrolAsync(hub.Address, temp["other"], "BAD", TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Frames_are_judged_by_the_deployed_model_and_arrive_at_the_hub_once()
    {
        PlannedModel model = hub.Sign(TestModels.BrightSpots(temp["m1"]), 1);
        hub.Deploy(model);
        await using TestStation station = await TestStation.StartAsync(temp["s"], hub);
        await station.FollowAsync();
        VerdictMessage bad = await station.SendAsync(SpotPicture.Of(true), part: "P-1"), good = await station.SendAsync(SpotPicture.Of(false), part: "P-2");
        Assert.Equal((Verdict.NotOk, Verdict.Ok), (bad.Verdict, good.Verdict));
        Assert.Equal("spot", Assert.Single(bad.Boxes).Class);
        Assert.True(await station.DeliverAsync());
        Assert.True(await station.DeliverAsync());
        List<SegmentRow> rows = await RowsAsync();
        Assert.Equal([("P-1", "notOk", 1L), ("P-2", "ok", 2L)], rows.Select(r => (r.Part!, r.Verdict, r.Sequence)));
        Assert.All(rows, r => Assert.Equal((model.ModelVersionId.ToString(), model.DeploymentId.ToString(), hub.Project.ToString()), (r.ModelVersionId, r.DeploymentId, r.ProjectId)));
        Assert.Equal(model.ModelVersionId, Assert.Single(hub.Heartbeats.Last().Models).ModelVersionId);
        Assert.Empty(hub.Violations);
    }

    [Fact]
    public async Task Without_a_model_or_with_an_unfit_frame_the_answer_is_that_it_cannot_be_judged_never_OK()
    {
        hub.Deploy(null);
        await using TestStation station = await TestStation.StartAsync(temp["s"], hub);
        await station.FollowAsync();
        Assert.Equal((Verdict.CannotJudge, "no-model"), Reason(await station.SendAsync(SpotPicture.Of(false))));
        hub.Deploy(hub.Sign(TestModels.BrightSpots(temp["m1"]), 1));
        await station.FollowAsync();
        using var flat = Pictures.Gray(64, 64, 128);
        Assert.Equal((Verdict.CannotJudge, "low-information"), Reason(await station.SendAsync(SpotPicture.Bmp(flat))));
        using var black = Pictures.WithSpot(64, 64, 8, 8, 30, value: 50);
        Assert.Equal((Verdict.CannotJudge, "dark"), Reason(await station.SendAsync(SpotPicture.Bmp(black))));
        Assert.Equal((Verdict.CannotJudge, "unreadable"), Reason(await station.SendAsync("not a picture"u8.ToArray())));
        Assert.Equal(Verdict.Ok, (await station.SendAsync(SpotPicture.Of(false))).Verdict);
    }

    [Fact]
    public async Task A_blurred_frame_is_found_against_what_the_camera_normally_shows()
    {
        hub.Deploy(hub.Sign(TestModels.BrightSpots(temp["m1"]), 1));
        await using TestStation station = await TestStation.StartAsync(temp["s"], hub);
        await station.FollowAsync();
        for (int i = 0; i < 60; i++)
            Assert.Equal(Verdict.Ok, (await station.SendAsync(SpotPicture.Of(false, i))).Verdict);
        using var soft = Pictures.Gray(64, 64);
        for (int y = 0; y < 64; y++)
            for (int x = 0; x < 64; x++)
                soft.Row(y)[x] = (byte)(76 + 25 * Math.Sin(x / 9.0) + 25 * Math.Cos(y / 7.0));
        Assert.Equal((Verdict.CannotJudge, "blurred"), Reason(await station.SendAsync(SpotPicture.Bmp(soft))));
    }

    [Fact]
    public async Task A_covered_view_cannot_be_judged_until_people_say_that_it_is_as_it_should_be()
    {
        hub.Deploy(hub.Sign(TestModels.BrightSpots(temp["m1"]), 1));
        await using (TestStation station = await TestStation.StartAsync(temp["s"], hub))
        {
            await station.FollowAsync();
            await TeachAsync(station, product: 1, from: 0);
            Assert.Equal((Verdict.CannotJudge, "obstructed"), Reason(await station.SendAsync(SpotPicture.Board(1, 100, covered: true))));
            Assert.Equal(Verdict.Ok, (await station.SendAsync(SpotPicture.Board(1, 101))).Verdict);
            // Another product is not known either: that is said at the station, and learnt beside the first.
            VerdictMessage other = await station.SendAsync(SpotPicture.Board(2, 102));
            Assert.Equal((Verdict.CannotJudge, "obstructed"), Reason(other));
            Assert.Equal(HttpStatusCode.NoContent, await LearnAsync(station, other.Id));
            await TeachAsync(station, product: 2, from: 200);
            Assert.Equal((Verdict.Ok, Verdict.Ok), ((await station.SendAsync(SpotPicture.Board(1, 300))).Verdict, (await station.SendAsync(SpotPicture.Board(2, 301))).Verdict));
            Assert.Equal(HttpStatusCode.BadRequest, await LearnAsync(station, (await station.SendAsync(SpotPicture.Board(2, 302))).Id));
            Assert.Equal(HttpStatusCode.NotFound, await LearnAsync(station, new Guid("0194d3c0-7a1e-7c3b-9f10-2b6f0c4d5eff")));
        }

        await using TestStation again = await TestStation.StartAsync(temp["s"], hub);
        await again.FollowAsync();
        Assert.Equal((Verdict.CannotJudge, "obstructed"), Reason(await again.SendAsync(SpotPicture.Board(2, 400, covered: true))));
        // A change that was recorded at the hub as the new normal: all is learnt anew, once.
        hub.Change(new PlannedChange(DateTimeOffset.UnixEpoch.AddYears(60), "top"));
        await again.FollowAsync();
        Assert.Equal(Verdict.Ok, (await again.SendAsync(SpotPicture.Board(3, 401))).Verdict);
        await TeachAsync(again, product: 3, from: 500);
        Assert.Equal((Verdict.CannotJudge, "obstructed"), Reason(await again.SendAsync(SpotPicture.Board(1, 600))));
    }

    /// <summary>As many frames as the station learns a view from, and until it has learnt it (half a second of work beside the frames).</summary>
    private static async Task TeachAsync(TestStation station, int product, int from)
    {
        for (int i = 0; i < 30; i++)
            Assert.Equal(Verdict.Ok, (await station.SendAsync(SpotPicture.Board(product, from + i))).Verdict);
        for (int i = 0; i < 200 && Reason(await station.SendAsync(SpotPicture.Board(product, from + 50 + i, covered: true))) != (Verdict.CannotJudge, "obstructed"); i++)
            await Task.Delay(50, TestContext.Current.CancellationToken);
    }

    private static async Task<HttpStatusCode> LearnAsync(TestStation station, Guid observation)
    {
        using StringContent lesson = new($"{{\"observation\":\"{observation}\"}}", Encoding.UTF8, "application/json");
        return (await station.Http.PostAsync("/screen/learn", lesson, TestContext.Current.CancellationToken)).StatusCode;
    }

    [Fact]
    public async Task A_plan_with_a_foreign_signature_a_damaged_file_or_a_broken_model_is_not_followed_and_the_old_model_goes_on()
    {
        using ECDsa stranger = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        hub.Deploy(hub.Sign(TestModels.BrightSpots(temp["m1"]), 1));
        await using TestStation station = await TestStation.StartAsync(temp["s"], hub);
        await station.FollowAsync();
        await StaysAsync(hub.Sign(TestModels.BrightSpots(temp["m2"], gain: 0), 2, by: stranger), "not signed by the hub");
        PlannedModel damaged = hub.Sign(TestModels.BrightSpots(temp["m3"], gain: 0), 3);
        File.AppendAllText(Path.Combine(temp["m3"], "model.onnx"), "x");
        await StaysAsync(damaged, "damaged or replaced");
        await StaysAsync(hub.Sign(TestModels.BrightSpots(temp["m4"], change: m => m with { Classes = [new("a"), new("b")] }), 4), "gives 'scores' the shape");

        async Task StaysAsync(PlannedModel next, string expected)
        {
            hub.Deploy(next);
            // Either this heartbeat says it or the station's own, whichever goes first; that one may still be on its way.
            bool IsSaid() => hub.Heartbeats.Any(h => h.Trouble?.Contains(expected, StringComparison.Ordinal) == true);
            await station.FollowAsync();
            for (int i = 0; i < 100 && !IsSaid(); i++)
                await Task.Delay(50, TestContext.Current.CancellationToken);
            Assert.True(IsSaid(), expected);
            Assert.Equal("pcb 1", (await station.SendAsync(SpotPicture.Of(true))).Model);
        }
    }

    [Fact]
    public async Task Trouble_that_a_heartbeat_could_not_say_is_said_by_one_that_arrives()
    {
        const string Dark = "The lamp of 'front' is dark.";
        await using TestStation station = await TestStation.StartAsync(temp["s"], hub);
        await station.FollowAsync();
        hub.Fault = -1;
        station.Get<StationStatus>().Trouble(Dark);
        await station.FollowAsync();
        // The station's own heartbeat may hold it for a moment, until that one has failed too.
        await UntilAsync(() => station.Get<StationStatus>().CurrentTrouble == Dark);
        Assert.DoesNotContain(hub.Heartbeats, heartbeat => heartbeat.Trouble == Dark);
        hub.Fault = null;
        await station.FollowAsync();
        await UntilAsync(() => hub.Heartbeats.Any(heartbeat => heartbeat.Trouble == Dark));
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        for (int i = 0; i < 200 && !holds(); i++)
            await Task.Delay(50, TestContext.Current.CancellationToken);
        Assert.True(holds());
    }

    [Fact]
    public async Task A_station_that_starts_without_the_hub_judges_with_the_last_plan()
    {
        hub.Deploy(hub.Sign(TestModels.BrightSpots(temp["m1"]), 1, new Dictionary<string, double> { ["spot"] = 0.9 }));
        await using (TestStation first = await TestStation.StartAsync(temp["s"], hub))
            await first.FollowAsync();
        hub.Fault = -1;
        await using TestStation station = await TestStation.StartAsync(temp["s"], hub);
        await station.FollowAsync();
        Assert.Equal(("pcb 1", Verdict.NotOk), ((await station.SendAsync(SpotPicture.Of(true))).Model, (await station.SendAsync(SpotPicture.Of(true))).Verdict));
        Assert.False(await station.DeliverAsync());
        hub.Fault = null;
        Assert.True(await station.DeliverAsync());
        Assert.Equal(2, (await RowsAsync()).Count);
    }

    [Fact]
    public async Task A_first_model_watches_as_a_shadow_where_nothing_decides_yet()
    {
        PlannedModel first = hub.Sign(TestModels.BrightSpots(temp["m1"]), 1);
        hub.Deploy(null, shadows: [first]);
        await using TestStation station = await TestStation.StartAsync(temp["s"], hub);
        await station.FollowAsync();
        Assert.Equal(Verdict.CannotJudge, (await station.SendAsync(SpotPicture.Of(true, 1))).Verdict);
        await station.DeliverAsync();
        List<SegmentRow> rows = await RowsAsync();
        Assert.Equal(("cannotJudge", "no-model"), Assert.Single(rows, r => r.Role != "shadow") is var said ? (said.Verdict, said.Reason) : default);
        Assert.Equal(("notOk", first.ModelVersionId), Assert.Single(rows, r => r.Role == "shadow") is var seen ? (seen.Verdict, Guid.Parse(seen.ModelVersionId!)) : default);
    }

    [Fact]
    public async Task The_canary_decides_its_share_and_a_shadow_watches_every_frame()
    {
        PlannedModel active = hub.Sign(TestModels.BrightSpots(temp["m1"]), 1), canary = hub.Sign(TestModels.BrightSpots(temp["m2"], reach: 5), 2), shadow = hub.Sign(TestModels.BrightSpots(temp["m3"], gain: 0), 3);
        hub.Deploy(active, canary, 0.3, [shadow]);
        await using TestStation station = await TestStation.StartAsync(temp["s"], hub);
        await station.FollowAsync();
        for (int i = 0; i < 100; i++)
            Assert.Equal(Verdict.NotOk, (await station.SendAsync(SpotPicture.Of(true, i))).Verdict);
        await station.DeliverAsync();
        List<SegmentRow> rows = await RowsAsync();
        Assert.Equal(200, rows.Count);
        Assert.InRange(rows.Count(r => r.Role == "canary"), 12, 50);
        Assert.All(rows.GroupBy(r => r.FrameId), frame =>
        {
            Assert.Equal("ok", Assert.Single(frame, r => r.Role == "shadow").Verdict);
            Assert.Equal("notOk", Assert.Single(frame, r => r.Role != "shadow").Verdict);
        });
        Assert.All(rows, r => Assert.Equal(r.Role switch { "active" => active.ModelVersionId, "canary" => canary.ModelVersionId, _ => shadow.ModelVersionId }, Guid.Parse(r.ModelVersionId!)));
    }

    [Fact]
    public async Task The_operators_word_reaches_the_hub_with_its_picture_also_after_hours_without_line()
    {
        hub.Deploy(hub.Sign(TestModels.BrightSpots(temp["m1"]), 1));
        await using TestStation station = await TestStation.StartAsync(temp["s"], hub);
        await station.FollowAsync();
        byte[] picture = SpotPicture.Of(false);
        VerdictMessage frame = await station.SendAsync(picture);
        hub.Fault = 503;
        using StringContent press = new($"{{\"observation\":\"{frame.Id}\",\"kind\":\"missedDefect\",\"box\":[1,2,3,4]}}", Encoding.UTF8, "application/json");
        Assert.Equal(HttpStatusCode.NoContent, (await station.Http.PostAsync("/screen/feedback", press)).StatusCode);
        Assert.False(await station.DeliverAsync());
        hub.Fault = null;
        Assert.True(await station.DeliverAsync());
        OperatorFeedback said = Assert.Single(hub.Feedback.Values);
        Assert.Equal((frame.Id, FeedbackKind.MissedDefect, hub.Project), (said.ObservationId, said.Kind, said.ProjectId));
        Assert.Equal([1, 2, 3, 4], said.Box!);
        Assert.Equal("feedback", hub.Images[said.ImageSha256!].Reason);
        Assert.Equal(picture, hub.Images[said.ImageSha256!].Body);
    }

    [Fact]
    public async Task Sampling_takes_its_shares_says_why_and_keeps_to_the_hourly_limit()
    {
        SamplingRules rules = new() { AuditShare = 0.2, BandShare = 1, BandWidth = 0.6, MaxPerHour = 40 };
        hub.Deploy(hub.Sign(TestModels.BrightSpots(temp["m1"]), 1), sampling: rules);
        await using TestStation station = await TestStation.StartAsync(temp["s"], hub);
        await station.FollowAsync();
        for (int i = 0; i < 100; i++)
            await station.SendAsync(SpotPicture.Of(i % 2 == 0, i));
        await station.DeliverAsync();
        List<SegmentRow> rows = await RowsAsync();
        Assert.Equal(40, rows.Count(r => r.SampleReason is not null));
        Assert.Equal(rows.Where(r => r.ImageSha256 is not null).Select(r => r.ImageSha256).Order(), hub.Images.Keys.Order());
        Assert.Superset(new HashSet<string> { "audit", "band" }, hub.Images.Values.Select(i => i.Reason).ToHashSet());
    }

    [Fact]
    public async Task A_watched_folder_is_judged_in_order_with_the_part_from_the_name_and_emptied()
    {
        hub.Deploy(hub.Sign(TestModels.BrightSpots(temp["m1"]), 1));
        Directory.CreateDirectory(temp["in"]);
        await using TestStation station = await TestStation.StartAsync(temp["s"], hub, "--Station:Cameras:0:Name=line", "--Station:Cameras:0:Kind=folder", $"--Station:Cameras:0:Path={temp["in"]}", "--Station:Cameras:0:EveryMilliseconds=20", "--Station:Cameras:0:PartPattern=^(?<part>[A-Z]+[0-9]+)_");
        await station.FollowAsync();
        for (int i = 0; i < 6; i++)
            File.WriteAllBytes(Path.Combine(temp["in"], $"B{i}_x.bmp"), SpotPicture.Of(i == 3));
        while (Directory.GetFiles(temp["in"]).Length > 0)
            await Task.Delay(20, TestContext.Current.CancellationToken);
        await station.DeliverAsync();
        Assert.Equal(["B0", "B1", "B2", "B3", "B4", "B5"], (await RowsAsync()).Select(r => r.Part!).Order(StringComparer.Ordinal));
        Assert.Equal("notOk", (await RowsAsync()).Single(r => r.Part == "B3").Verdict);
        Assert.Equal(6, Directory.GetFiles(Path.Combine(temp["in"], "done")).Length);
    }

    [Fact]
    public async Task A_camera_process_that_ends_is_started_again()
    {
        hub.Deploy(hub.Sign(TestModels.BrightSpots(temp["m1"]), 1));
        string jpeg = Path.Combine(SharedData.Require("data/deeppcb"), "train.txt");
        string folder = Path.GetDirectoryName(jpeg)!;
        string picture = Path.Combine(folder, Directory.GetFiles(folder, "*.jpg", SearchOption.AllDirectories).Order(StringComparer.Ordinal).First());
        await using TestStation station = await TestStation.StartAsync(temp["s"], hub, "--Station:Cameras:0:Name=rtsp", "--Station:Cameras:0:Kind=command", $"--Station:Cameras:0:Command=cat {picture} {picture}");
        StationStatus status = station.Get<StationStatus>();
        while (status.Cameras.SingleOrDefault(c => c.Name == "rtsp")?.Frames is not >= 5)
            await Task.Delay(50, TestContext.Current.CancellationToken);
        Assert.Equal(640, status.Last()!.Observation.Width);
    }

    [Fact]
    public async Task Another_sites_page_cannot_press_the_buttons_and_programs_show_the_token()
    {
        await using TestStation station = await TestStation.StartAsync(temp["s"], null, "--Station:Token=secret", $"--Station:Model={TestModels.BrightSpots(temp["m"])}");
        using HttpRequestMessage press = new(HttpMethod.Post, "/screen/shift");
        press.Headers.Add("Sec-Fetch-Site", "cross-site");
        Assert.Equal(HttpStatusCode.Forbidden, (await station.Http.SendAsync(press)).StatusCode);
        using ByteArrayContent picture = new(SpotPicture.Of(true));
        Assert.Equal(HttpStatusCode.Unauthorized, (await station.Http.PostAsync("/frames/top", picture)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await station.Http.GetAsync("/")).StatusCode);
        station.Http.DefaultRequestHeaders.Authorization = new("Bearer", "secret");
        Assert.Equal(Verdict.NotOk, (await station.SendAsync(SpotPicture.Of(true))).Verdict);
    }

    [Fact]
    public async Task A_camera_whose_pictures_are_normally_white_is_judged_as_soon_as_it_is_known()
    {
        await using TestStation station = await TestStation.StartAsync(temp["s"], null, $"--Station:Model={TestModels.BrightSpots(temp["m"])}");
        Random random = new(3);
        byte[] White()
        {
            // A bright sheet with a few dark holes: 95 % of the pixels are above the limit of a camera that nobody knows yet.
            using PixelBuffer pixels = Pictures.Gray(64, 64);
            for (int y = 0; y < 64; y++)
                for (int x = 0; x < 64; x++)
                    pixels.Row(y)[x] = (byte)(x / 8 == y / 8 && x % 8 < 2 && y % 8 < 4 ? 90 + random.Next(8) : 250 + random.Next(6));
            return SpotPicture.Bmp(pixels);
        }

        Assert.Equal((Verdict.CannotJudge, "light"), Reason(await station.SendAsync(White())));
        for (int i = 0; i < 30; i++)
            await station.SendAsync(White());
        Assert.Equal(Verdict.NotOk, (await station.SendAsync(White())).Verdict);
        using PixelBuffer flat = Pictures.Gray(64, 64);
        Assert.Equal(Verdict.CannotJudge, (await station.SendAsync(SpotPicture.Bmp(flat))).Verdict);
    }

    [Fact]
    public async Task A_picture_sent_as_curl_sends_it_is_a_picture_and_no_empty_form()
    {
        await using TestStation station = await TestStation.StartAsync(temp["s"], null, $"--Station:Model={TestModels.BrightSpots(temp["m"])}");
        foreach (string address in new[] { "/frames/top", "/predict/bright-spots" })
        {
            using ByteArrayContent picture = new(SpotPicture.Of(true)) { Headers = { ContentType = new("application/x-www-form-urlencoded") } };
            using HttpResponseMessage answer = await station.Http.PostAsync(address, picture);
            string text = await answer.Content.ReadAsStringAsync();
            Assert.True(answer.IsSuccessStatusCode, $"{address}: {text}");
            Assert.Contains("notOk", text, StringComparison.Ordinal);
        }
    }

    private static (Verdict, string?) Reason(VerdictMessage m) => (m.Verdict, m.Reason);

    private async Task<List<SegmentRow>> RowsAsync()
    {
        List<SegmentRow> rows = [];
        foreach (byte[] segment in hub.Segments.OrderBy(s => s.Key).Select(s => s.Value))
            rows.AddRange((await ParquetSerializer.DeserializeAsync<SegmentRow>(new MemoryStream(segment))).Data);
        return rows;
    }
}
