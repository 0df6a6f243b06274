using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Perenne.Contracts.Observations;
using Perenne.Hub.Deploy;
using Perenne.Station;
using Perenne.Station.Models;
using Perenne.Station.Spool;

namespace Perenne.Hub.Tests.Observe;

/// <summary>A station as it runs in a plant, in this process: its camera replays the boards of one group for ever.</summary>
internal sealed class LiveStation : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly string folder;
    private readonly HttpClient http;

    private LiveStation(WebApplication app, string folder) => (this.app, this.folder, http) = (app, folder, new HttpClient { BaseAddress = new Uri(app.Urls.First()) });

    public static async Task<LiveStation> StartAsync(HubFixture hub, HttpClient administrator, TestOrganization plant, string boards, string group)
    {
        string folder = Directory.CreateTempSubdirectory("perenne-station-").FullName;
        StationCode code = await administrator.Post($"/api/v1/organizations/{plant.Slug}/stations", new { name = "line-1" }).Read<StationCode>();
        WebApplication app = await StationHost.BuildAsync(
        [
            "--urls=http://127.0.0.1:0", $"--Station:Folder={folder}", $"--Station:Hub={hub.Address}", $"--Station:Code={code.Code}", "--Station:Threads=1", "--Station:HubSeconds=0.5",
            "--Station:Spool:SegmentSeconds=0.5", "--Station:Cameras:0:Name=top", "--Station:Cameras:0:Kind=replay", "--Station:Cameras:0:Loop=true", "--Station:Cameras:0:EveryMilliseconds=40",
            $"--Station:Cameras:0:Path={Path.Combine(boards, group)}", $"--Station:Cameras:0:Reference={Path.Combine(boards, "reference", group)}", "--Station:Cameras:0:PartPattern=^(?<part>[0-9]+)",
        ], builder => builder.Logging.ClearProviders());
        await app.StartAsync();
        return new(app, folder);
    }

    /// <summary>The version whose verdict counts on this station now.</summary>
    public Guid? Deciding => app.Services.GetRequiredService<ModelSet>().Projects.SingleOrDefault() is { Canary: null } project ? project.Active?.Planned?.ModelVersionId : null;

    /// <summary>The operator's button about the last frame, if this model let it pass.</summary>
    public async Task PressMissedDefectAsync(Guid model)
    {
        JsonElement board = await http.GetFromJsonAsync<JsonElement>("screen/board");
        JsonElement last = board.GetProperty("last");
        if (Deciding == model && last.GetProperty("verdict").GetString() == "ok")
            await http.PostAsJsonAsync("screen/feedback", new { observation = last.GetProperty("id").GetGuid(), kind = "missedDefect", box = new[] { 100, 100, 40, 40 } });
    }

    /// <summary>Ends the camera's work, waits until all is delivered.</summary>
    /// <returns>Judgements it made.</returns>
    public async Task<long> StopAsync()
    {
        ObservationSpool spool = app.Services.GetRequiredService<ObservationSpool>();
        ImageSpool images = app.Services.GetRequiredService<ImageSpool>();
        await app.Services.GetRequiredService<Perenne.Station.Sources.SourcesService>().StopAsync(CancellationToken.None);
        await spool.CloseSegmentAsync(now: true);
        while (spool.Waiting().Count + images.Count > 0)
            await Task.Delay(100, TestContext.Current.CancellationToken);
        return spool.LastSequence;
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await app.StopAsync();
        await app.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}
