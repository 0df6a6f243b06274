using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using MQTTnet;
using MQTTnet.Server;
using Parquet.Serialization;
using Perenne.Contracts;
using Perenne.Contracts.Observations;
using Perenne.Station.Outputs;
using Perenne.Station.Sources;
using Perenne.Station.Spool;
using Perenne.TestSupport;

namespace Perenne.Station.Tests;

public sealed class OutputTests : IDisposable
{
    private readonly TempFolder temp = new();
    private string Model => TestModels.BrightSpots(temp["m"]);

    public void Dispose() => temp.Dispose();

    [Fact]
    public async Task Verdicts_go_out_by_MQTT_and_part_ids_and_triggers_come_in()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The camera is a shell script.");
        int port = FreePort();
        using MqttServer broker = new MqttServerFactory().CreateMqttServer(new MqttServerOptionsBuilder().WithDefaultEndpoint().WithDefaultEndpointBoundIPAddress(IPAddress.Loopback).WithDefaultEndpointPort(port).Build());
        Channel<VerdictMessage> verdicts = Channel.CreateUnbounded<VerdictMessage>();
        TaskCompletionSource subscribed = new();
        broker.InterceptingPublishAsync += e =>
        {
            if (e.ApplicationMessage.Topic == "plant/verdict/top")
                verdicts.Writer.TryWrite(JsonSerializer.Deserialize<VerdictMessage>(e.ApplicationMessage.ConvertPayloadToString(), ContractJson.Options)!);
            return Task.CompletedTask;
        };
        broker.ClientSubscribedTopicAsync += _ => { subscribed.TrySetResult(); return Task.CompletedTask; };
        await broker.StartAsync();
        // A stream without end; without triggers it would fill the channel.
        string stream = Path.Combine(temp.Path, "board.jpg");
        string board = Directory.GetFiles(Path.Combine(SharedData.Require("data/deeppcb"), "group00041"), "*.jpg").Order(StringComparer.Ordinal).First();
        File.Copy(board, stream);
        await using TestStation station = await TestStation.StartAsync(temp["s"], null, $"--Station:Model={Model}", $"--Station:Mqtt:Port={port}", "--Station:Mqtt:Host=127.0.0.1", "--Station:Mqtt:Topic=plant/verdict",
            "--Station:Cameras:0:Name=top", "--Station:Cameras:0:Kind=command", $"--Station:Cameras:0:Command=while sleep 0.05; do cat '{stream}'; done", "--Station:Cameras:0:Trigger=true", "--Station:Cameras:0:PartTopic=line/part", "--Station:Cameras:0:TriggerTopic=line/part");
        await subscribed.Task;
        foreach (string part in new[] { "P-1", "P-2" })
        {
            await broker.InjectApplicationMessage(new InjectedMqttApplicationMessage(new MqttApplicationMessageBuilder().WithTopic("line/part").WithPayload(part).Build()) { SenderClientId = "line" });
            VerdictMessage verdict = await verdicts.Reader.ReadAsync(TestContext.Current.CancellationToken);
            Assert.Equal(("top", part, 640), (verdict.Camera, verdict.Part, verdict.Width));
        }
        Assert.Equal(HttpStatusCode.NoContent, (await station.Http.PostAsync("/cameras/top/trigger", null)).StatusCode);
        Assert.Equal("P-2", (await verdicts.Reader.ReadAsync(TestContext.Current.CancellationToken)).Part);
        Assert.Equal(HttpStatusCode.NotFound, (await station.Http.PostAsync("/cameras/side/trigger", null)).StatusCode);
        Assert.Equal(3, station.Get<ObservationSpool>().LastSequence);
    }

    [Fact]
    public async Task A_webhook_that_fails_once_still_gets_every_verdict()
    {
        Channel<VerdictMessage> got = Channel.CreateUnbounded<VerdictMessage>();
        int calls = 0;
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using WebApplication plc = builder.Build();
        plc.MapPost("/verdict", async (HttpContext http) =>
        {
            if (Interlocked.Increment(ref calls) == 1)
                return Results.StatusCode(500);
            got.Writer.TryWrite((await JsonSerializer.DeserializeAsync<VerdictMessage>(http.Request.Body, ContractJson.Options))!);
            return Results.Ok();
        });
        await plc.StartAsync(TestContext.Current.CancellationToken);
        await using TestStation station = await TestStation.StartAsync(temp["s"], null, $"--Station:Model={Model}", $"--Station:Webhook={plc.Urls.First()}/verdict");
        VerdictMessage first = await station.SendAsync(SpotPicture.Of(true), part: "A"), second = await station.SendAsync(SpotPicture.Of(false), part: "B");
        foreach (VerdictMessage sent in new[] { first, second })
        {
            VerdictMessage arrived = await got.Reader.ReadAsync(TestContext.Current.CancellationToken);
            Assert.Equal((sent.Id, sent.Verdict, sent.Part), (arrived.Id, arrived.Verdict, arrived.Part));
        }
    }

    [Fact]
    public async Task Verdicts_are_written_as_CSV_a_spreadsheet_may_open_and_observations_as_Parquet()
    {
        string csv = temp["csv"], parquet = temp["parquet"];
        await using TestStation station = await TestStation.StartAsync(temp["s"], null, $"--Station:Model={Model}", $"--Station:Csv={csv}", $"--Station:Spool:CopyTo={parquet}");
        await station.SendAsync(SpotPicture.Of(true), part: "=1+1");
        await station.SendAsync(SpotPicture.Of(false), part: "B");
        await station.Get<ObservationSpool>().CloseSegmentAsync(now: true);
        string[] lines = [];
        while (lines.Length < 3)
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
            lines = Directory.Exists(csv) && Directory.GetFiles(csv) is [var day] ? await File.ReadAllLinesAsync(day, TestContext.Current.CancellationToken) : [];
        }
        Assert.StartsWith("sequence,judged_at,camera,part,verdict", lines[0], StringComparison.Ordinal);
        Assert.Contains("\"'=1+1\",NotOk", lines[1], StringComparison.Ordinal);
        Assert.Contains("\"B\",Ok", lines[2], StringComparison.Ordinal);
        await using FileStream copy = File.OpenRead(Path.Combine(parquet, "segment-000000000001.parquet"));
        Assert.Equal([("=1+1", "notOk"), ("B", "ok")], (await ParquetSerializer.DeserializeAsync<SegmentRow>(copy, cancellationToken: TestContext.Current.CancellationToken)).Data.Select(r => (r.Part!, r.Verdict)));
    }

    [Fact]
    public void A_camera_is_opened_by_ffmpeg_over_TCP_at_its_rate() => Assert.Equal(
        ["-nostdin", "-loglevel", "error", "-rtsp_transport", "tcp", "-i", "rtsp://10.0.0.7/1", "-an", "-vf", "fps=0.5", "-f", "image2pipe", "-c:v", "mjpeg", "-q:v", "2", "-"],
        CommandSource.FfmpegArguments(new CameraOptions { Kind = "camera", Url = "rtsp://10.0.0.7/1", FramesPerSecond = 0.5 }));

    [Theory]
    [InlineData("--Station:Cameras:0:Kind=webcam", "Use push, folder, camera, command or replay")]
    [InlineData("--Station:Cameras:0:Kind=camera", "needs what ffmpeg opens")]
    [InlineData("--Station:Cameras:0:PartPattern=^[A-Z]+", "without the group 'part'")]
    [InlineData("--Station:Hub=plant-hub", "is not complete")]
    [InlineData("--Station:Spool:SegmentRows=many", "value of the wrong kind")]
    public async Task Settings_that_make_no_sense_are_refused_with_a_sentence(string setting, string expected)
    {
        StationSettingsException refused = await Assert.ThrowsAsync<StationSettingsException>(() => StationHost.BuildAsync([$"--Station:Folder={temp["s"]}", setting]));
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Uploads_keep_to_the_plans_bytes_per_second()
    {
        Hub.Throttle throttle = new(TimeProvider.System) { BytesPerSecond = 64 << 10 };
        long start = TimeProvider.System.GetTimestamp();
        await using Stream limited = throttle.Limit(new MemoryStream(new byte[64 << 10]));
        await limited.CopyToAsync(Stream.Null, TestContext.Current.CancellationToken);
        // The last of four pieces may leave after three quarters of a second.
        Assert.True(TimeProvider.System.GetElapsedTime(start) >= TimeSpan.FromSeconds(0.7));
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
