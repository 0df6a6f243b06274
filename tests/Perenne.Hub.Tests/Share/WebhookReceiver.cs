using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Perenne.Hub.Tests.Share;

internal sealed record Received(string Body, string Signature, string Event, string Delivery);

/// <summary>Another system's web server, on this machine.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly WebApplication app;

    private WebhookReceiver(WebApplication app) => this.app = app;

    public ConcurrentQueue<Received> Requests { get; } = [];

    public HttpStatusCode Answer { get; set; } = HttpStatusCode.OK;

    public string Url => app.Urls.First() + "/hook";

    public static async Task<WebhookReceiver> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        WebApplication app = builder.Build();
        WebhookReceiver receiver = new(app);
        app.Run(async http =>
        {
            string body = await new StreamReader(http.Request.Body, Encoding.UTF8).ReadToEndAsync();
            receiver.Requests.Enqueue(new(body, http.Request.Headers["Perenne-Signature"]!, http.Request.Headers["Perenne-Event"]!, http.Request.Headers["Perenne-Delivery"]!));
            http.Response.StatusCode = (int)receiver.Answer;
            if (receiver.Answer == HttpStatusCode.Found)
                http.Response.Headers.Location = "/elsewhere";
            await http.Response.WriteAsync("seen");
        });
        await app.StartAsync();
        return receiver;
    }

    public async Task<List<Received>> WaitAsync(int count)
    {
        while (Requests.Count < count)
            await Task.Delay(20, TestContext.Current.CancellationToken);
        return [.. Requests];
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
