using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Perenne.Inference;
using Perenne.Serving;
using Perenne.Serving.Oip;

namespace Perenne.Bench.Serve;

/// <summary>One model behind the serving endpoints on a real port of this machine.</summary>
internal sealed class ServedModel : IAsyncDisposable
{
    private const string Name = "bench";
    private readonly WebApplication app;

    private ServedModel(WebApplication app, ModelServer server)
    {
        (this.app, Server) = (app, server);
        Client = new(new SocketsHttpHandler { PooledConnectionLifetime = Timeout.InfiniteTimeSpan }) { BaseAddress = new Uri(app.Urls.First()) };
    }

    public ModelServer Server { get; }

    public HttpClient Client { get; }

    public static async Task<ServedModel> StartAsync(string folder, int workers)
    {
        ModelServer server = new(Open(folder), new ServerSettings { Workers = workers, MaxBatch = 1 });
        ServingCatalog catalog = new()
        {
            Find = (_, name, _) => Task.FromResult<ModelLease?>(name == Name ? new ModelLease(new ModelIdentity(Name, "1"), server, () => { }) : null),
            List = _ => Task.FromResult<IReadOnlyList<CatalogEntry>>([]), Change = (_, _, _) => Task.FromResult<string?>(null), Guard = (_, _) => { },
        };
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        WebApplication app = builder.Build();
        app.MapPredict("/predict/{project}", catalog);
        app.MapOpenInference(catalog);
        await app.StartAsync();
        return new(app, server);
    }

    public static ModelSession Open(string folder) => new(ModelPackage.Read(folder), new SessionSettings { Threads = 1 });

    public async Task PredictAsync(byte[] jpeg)
    {
        using ByteArrayContent body = new(jpeg);
        using HttpResponseMessage answer = await Client.PostAsync($"/predict/{Name}", body);
        answer.EnsureSuccessStatusCode();
        await answer.Content.ReadAsByteArrayAsync();
    }

    /// <summary>The tensor in the protocol's binary form, and its answer in the same.</summary>
    public async Task InferAsync(byte[] body, int header)
    {
        using ByteArrayContent content = new(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } };
        content.Headers.Add("Inference-Header-Content-Length", header.ToString(System.Globalization.CultureInfo.InvariantCulture));
        using HttpResponseMessage answer = await Client.PostAsync($"/v2/models/{Name}/infer", content);
        answer.EnsureSuccessStatusCode();
        await answer.Content.ReadAsByteArrayAsync();
    }

    public static (byte[] Body, int Header) Request(float[] tensor, int side)
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(new
        {
            parameters = new { binary_data_output = true },
            inputs = new[] { new { name = "image", shape = new[] { 1, 1, side, side }, datatype = "FP32", parameters = new { binary_data_size = 4 * tensor.Length } } },
        });
        return ([.. json, .. MemoryMarshal.AsBytes<float>(tensor)], json.Length);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await app.DisposeAsync();
        await Server.DisposeAsync();
    }
}
