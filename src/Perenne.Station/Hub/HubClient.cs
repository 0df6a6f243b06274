using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Perenne.Contracts;
using Perenne.Contracts.Stations;
using Perenne.Station.Spool;

namespace Perenne.Station.Hub;

/// <summary>How the hub took something.</summary>
internal enum Delivery
{
    /// <summary>It is there, now or since before.</summary>
    Taken,

    /// <summary>The hub cannot be reached or is busy: again later.</summary>
    Later,

    /// <summary>The hub will never take this: it is put aside and reported.</summary>
    Refused,
}

/// <summary>The station's side of the hub's station API. Every call may be repeated.</summary>
internal sealed class HubClient(HttpClient http, Throttle throttle)
{
    public async Task<(StationPlan? Plan, bool Changed)> PlanAsync(string? etag, CancellationToken cancel)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "station/v1/plan");
        if (etag is not null)
            request.Headers.TryAddWithoutValidation("If-None-Match", $"\"{etag}\"");
        using HttpResponseMessage answer = await http.SendAsync(request, cancel);
        if (answer.StatusCode == HttpStatusCode.NotModified)
            return (null, false);
        answer.EnsureSuccessStatusCode();
        return (await ReadAsync<StationPlan>(answer, cancel), true);
    }

    public async Task FetchAsync(Guid version, string name, Stream to, CancellationToken cancel)
    {
        using HttpResponseMessage answer = await http.GetAsync($"station/v1/models/{version}/{name}", HttpCompletionOption.ResponseHeadersRead, cancel);
        answer.EnsureSuccessStatusCode();
        await answer.Content.CopyToAsync(to, cancel);
    }

    public async Task<HeartbeatAnswer?> HeartbeatAsync(Heartbeat heartbeat, CancellationToken cancel)
    {
        using HttpResponseMessage answer = await http.PostAsync("station/v1/heartbeat", Json(heartbeat), cancel);
        answer.EnsureSuccessStatusCode();
        return await ReadAsync<HeartbeatAnswer>(answer, cancel);
    }

    public Task<(Delivery, string)> SendAsync(WaitingSegment segment, CancellationToken cancel) =>
        PutAsync($"station/v1/segments/{segment.Number}", segment.Path, "application/vnd.apache.parquet", new() { [StationHeaders.Sha256] = HashOf(segment.Path) }, cancel);

    public Task<(Delivery, string)> SendAsync(WaitingImage image, CancellationToken cancel)
    {
        SampledImage f = image.Facts;
        Dictionary<string, string> headers = new()
        {
            [StationHeaders.Sha256] = f.Sha256,
            [StationHeaders.Reason] = f.Reason,
            [StationHeaders.Camera] = f.Camera,
            [StationHeaders.CapturedAt] = f.CapturedAt.ToString("O"),
            [StationHeaders.Observation] = f.ObservationId.ToString("D"),
        };
        foreach ((string header, string? value) in new[] { (StationHeaders.Project, f.ProjectId?.ToString("D")), (StationHeaders.Part, f.Part), (StationHeaders.FileName, f.FileName) })
            if (value is not null)
                headers[header] = value;
        return PutAsync($"station/v1/images/{f.Sha256}", image.ImagePath, "application/octet-stream", headers, cancel);
    }

    public async Task<(Delivery, string)> SendAsync(OperatorFeedback feedback, CancellationToken cancel)
    {
        using HttpResponseMessage answer = await http.PostAsync("station/v1/feedback", Json(feedback), cancel);
        return await OutcomeAsync(answer, cancel);
    }

    private async Task<(Delivery, string)> PutAsync(string address, string path, string type, Dictionary<string, string> headers, CancellationToken cancel)
    {
        await using FileStream file = File.OpenRead(path);
        using HttpRequestMessage request = new(HttpMethod.Put, address) { Content = new StreamContent(throttle.Limit(file)) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
        request.Content.Headers.ContentLength = file.Length;
        foreach ((string name, string value) in headers)
            request.Headers.TryAddWithoutValidation(name, Uri.EscapeDataString(value));
        using HttpResponseMessage answer = await http.SendAsync(request, cancel);
        return await OutcomeAsync(answer, cancel);
    }

    /// <summary>What says "not now" (no right yet, busy, full, an error of the hub) is tried again for ever; what says "never this" is not.</summary>
    private static async Task<(Delivery, string)> OutcomeAsync(HttpResponseMessage answer, CancellationToken cancel) => (int)answer.StatusCode switch
    {
        >= 200 and < 300 => (Delivery.Taken, ""),
        400 or 409 or 413 or 415 or 422 => (Delivery.Refused, await SentenceAsync(answer, cancel)),
        _ => (Delivery.Later, $"{(int)answer.StatusCode}: {await SentenceAsync(answer, cancel)}"),
    };

    internal static StringContent Json<T>(T value) => new(JsonSerializer.Serialize(value, ContractJson.Options), System.Text.Encoding.UTF8, "application/json");

    internal static async Task<T?> ReadAsync<T>(HttpResponseMessage answer, CancellationToken cancel) =>
        JsonSerializer.Deserialize<T>(await answer.Content.ReadAsByteArrayAsync(cancel), ContractJson.Options);

    internal static async Task<string> SentenceAsync(HttpResponseMessage answer, CancellationToken cancel)
    {
        string text = await answer.Content.ReadAsStringAsync(cancel);
        try
        {
            using JsonDocument problem = JsonDocument.Parse(text);
            return problem.RootElement.ValueKind == JsonValueKind.Object && problem.RootElement.TryGetProperty("detail", out JsonElement detail) ? detail.GetString() ?? text : text;
        }
        catch (JsonException)
        {
            return text.Length > 300 ? text[..300] : text;
        }
    }

    private static string HashOf(string path)
    {
        using FileStream file = File.OpenRead(path);
        return Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(file));
    }
}
