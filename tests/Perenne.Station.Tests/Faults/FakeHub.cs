using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Perenne.Contracts;
using Perenne.Contracts.Stations;

namespace Perenne.Station.Tests;

/// <summary>The station API as PLAN and contracts describe it, strict about what it is sent, with the faults a real line has.</summary>
internal sealed class FakeHub : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private FakeHub(WebApplication app) => this.app = app;

    public Uri Address => new(app.Urls.First());
    public Guid Project { get; } = new("0194d3c0-7a1e-7c3b-9f10-2b6f0c4d5e6f");
    public StationPlan? Plan { get; set; }
    public ConcurrentDictionary<Guid, string> Models { get; } = new();
    public ConcurrentDictionary<long, byte[]> Segments { get; } = new();
    public ConcurrentDictionary<string, (byte[] Body, string Reason)> Images { get; } = new();
    public ConcurrentDictionary<Guid, OperatorFeedback> Feedback { get; } = new();
    public ConcurrentQueue<Heartbeat> Heartbeats { get; } = new();
    public ConcurrentQueue<string> Violations { get; } = new();
    public string SigningKey => Convert.ToBase64String(key.ExportSubjectPublicKeyInfo());

    /// <summary>null: works; 503; −1: the connection breaks; −2: takes it and breaks before the answer.</summary>
    public int? Fault { get; set; }

    public static async Task<FakeHub> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(k => k.Limits.MaxRequestBodySize = null);
        FakeHub hub = new(builder.Build());
        hub.Map();
        await hub.app.StartAsync();
        return hub;
    }

    public PlannedModel Sign(string folder, int number, IReadOnlyDictionary<string, double>? thresholds = null, ECDsa? by = null)
    {
        Guid id = new(number, 0, 7, [1, 2, 3, 4, 5, 6, 7, 8]);
        Models[id] = folder;
        string onnx = Hash(Path.Combine(folder, "model.onnx")), json = Hash(Path.Combine(folder, "model.json"));
        return new PlannedModel
        {
            ModelVersionId = id, Number = number, DeploymentId = new(number, 1, 7, [1, 2, 3, 4, 5, 6, 7, 8]), Sha256 = onnx, ManifestSha256 = json,
            Bytes = new FileInfo(Path.Combine(folder, "model.onnx")).Length, Signature = ModelSignature.Sign(by ?? key, id, onnx, json), Thresholds = thresholds ?? new Dictionary<string, double>(),
        };
    }

    public void Deploy(PlannedModel? active, PlannedModel? canary = null, double share = 0, PlannedModel[]? shadows = null, SamplingRules? sampling = null) => Plan = new StationPlan
    {
        Etag = $"plan-{active?.Number}-{canary?.Number}-{shadows?.Length}", MadeAt = DateTimeOffset.UnixEpoch,
        Projects = [new ProjectPlan { ProjectId = Project, Project = "pcb", Active = active, Canary = canary, CanaryShare = share, Shadows = shadows ?? [], Sampling = sampling ?? new SamplingRules { AuditShare = 0, BandShare = 0 } }],
    };

    public void Change(PlannedChange change) => Plan = Plan! with { Etag = Plan.Etag + "-changed", Projects = [.. Plan.Projects.Select(p => p with { Changes = [change] })] };

    public void Enrol(string folder) => new Hub.StationIdentity(folder).Keep(new EnrolAnswer(Guid.Empty, "s", Guid.Empty, "plant", "token-1", SigningKey));

    private void Map()
    {
        app.Use(async (http, next) =>
        {
            if (Fault == 503)
            {
                http.Response.StatusCode = 503;
                return;
            }
            if (Fault == -1)
            {
                http.Abort();
                return;
            }
            if (http.Request.Path.StartsWithSegments("/station") && http.Request.Headers.Authorization != "Bearer token-1")
                Violations.Enqueue($"no token at {http.Request.Path}");
            await next(http);
            if (Fault == -2)
                http.Abort();
        });
        app.MapPost("/api/v1/stations/enrol", async (HttpContext http) => (await JsonSerializer.DeserializeAsync<EnrolRequest>(http.Request.Body, ContractJson.Options))!.Code == "GOOD-CODE"
            ? Results.Json(new EnrolAnswer(Guid.Empty, "s", Guid.Empty, "plant", "token-1", SigningKey), ContractJson.Options) : Results.Problem("The code was used or has expired.", statusCode: 400));
        app.MapGet("/station/v1/plan", (HttpContext http) => Plan is null || http.Request.Headers.IfNoneMatch == $"\"{Plan.Etag}\"" ? Results.StatusCode(304) : Results.Json(Plan, ContractJson.Options));
        app.MapGet("/station/v1/models/{id:guid}/{name}", (Guid id, string name) => Results.File(Path.Combine(Models[id], name)));
        app.MapPut("/station/v1/segments/{number:long}", async (long number, HttpContext http) => Keep(number, await BodyAsync(http)));
        app.MapPut("/station/v1/images/{sha}", async (string sha, HttpContext http) => Images.TryAdd(sha, (await BodyAsync(http), http.Request.Headers[StationHeaders.Reason].ToString())) ? Results.Ok() : Results.Ok());
        app.MapPost("/station/v1/feedback", async (HttpContext http) =>
        {
            OperatorFeedback said = (await JsonSerializer.DeserializeAsync<OperatorFeedback>(http.Request.Body, ContractJson.Options))!;
            Feedback[said.Id] = said;
        });
        app.MapPost("/station/v1/heartbeat", async (HttpContext http) =>
        {
            Heartbeats.Enqueue((await JsonSerializer.DeserializeAsync<Heartbeat>(http.Request.Body, ContractJson.Options))!);
            return Results.Json(new HeartbeatAnswer(DateTimeOffset.UnixEpoch, Plan?.Etag), ContractJson.Options);
        });
    }

    private IResult Keep(long number, byte[] body)
    {
        byte[] kept = Segments.GetOrAdd(number, body);
        if (kept.AsSpan().SequenceEqual(body))
            return Results.Ok();
        Violations.Enqueue($"segment {number} came twice with different bytes");
        return Results.Conflict();
    }

    private async Task<byte[]> BodyAsync(HttpContext http)
    {
        using MemoryStream body = new();
        await http.Request.Body.CopyToAsync(body);
        if (Convert.ToHexStringLower(SHA256.HashData(body.ToArray())) != http.Request.Headers[StationHeaders.Sha256])
            Violations.Enqueue($"{http.Request.Path} has another hash than announced");
        return body.ToArray();
    }

    /// <summary>What it took so far, into a folder: a hub keeps what it has said it has, also when it is started again.</summary>
    public void SaveTo(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach ((long number, byte[] body) in Segments)
            if (Path.Combine(folder, $"{number}.parquet") is var path && !File.Exists(path))
                File.WriteAllBytes(path, body);
        File.WriteAllLines(Path.Combine(folder, "violations.txt"), Violations);
    }

    /// <summary>Takes up what <see cref="SaveTo"/> kept.</summary>
    public void LoadFrom(string folder)
    {
        if (!Directory.Exists(folder))
            return;
        foreach (string path in Directory.GetFiles(folder, "*.parquet"))
            Segments[long.Parse(Path.GetFileNameWithoutExtension(path), System.Globalization.CultureInfo.InvariantCulture)] = File.ReadAllBytes(path);
        foreach (string violation in File.ReadAllLines(Path.Combine(folder, "violations.txt")))
            Violations.Enqueue(violation);
    }

    private static string Hash(string path) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        key.Dispose();
    }
}
