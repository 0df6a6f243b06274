using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Perenne.Contracts;
using Perenne.Station.Hub;
using Perenne.Station.Outputs;

namespace Perenne.Station.Tests;

/// <summary>A station in this process, asked over HTTP.</summary>
internal sealed class TestStation : IAsyncDisposable
{
    private readonly WebApplication app;

    private TestStation(WebApplication app) => (this.app, Http) = (app, app.GetTestClient());

    public HttpClient Http { get; }

    public HttpMessageHandler Handler => app.GetTestServer().CreateHandler();

    public static async Task<TestStation> StartAsync(string folder, FakeHub? hub = null, params string[] settings)
    {
        WebApplication app = await StationHost.BuildAsync(
            [$"--Station:Folder={folder}", "--Station:HubSeconds=3600", "--Station:Threads=1", .. hub is null ? [] : new[] { $"--Station:Hub={hub.Address}" }, .. settings],
            builder => { builder.WebHost.UseTestServer(); builder.Logging.ClearProviders(); });
        await app.StartAsync();
        return new TestStation(app);
    }

    public T Get<T>() where T : notnull => app.Services.GetRequiredService<T>();

    /// <summary>Follows the plan now.</summary>
    public Task FollowAsync() => Get<HeartbeatService>().BeatAsync(CancellationToken.None);

    /// <summary>Closes the segment and brings all to the hub.</summary>
    public async Task<bool> DeliverAsync()
    {
        await Get<Spool.ObservationSpool>().CloseSegmentAsync(now: true);
        return await Get<Uploader>().PassAsync(CancellationToken.None);
    }

    public async Task<VerdictMessage> SendAsync(byte[] image, string camera = "top", string? part = null)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, $"/frames/{camera}") { Content = new ByteArrayContent(image) };
        if (part is not null)
            request.Headers.Add("X-Part-Id", part);
        using HttpResponseMessage answer = await Http.SendAsync(request);
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonSerializer.Deserialize<VerdictMessage>(text, ContractJson.Options)!;
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }
}
