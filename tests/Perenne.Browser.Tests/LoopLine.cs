using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using Perenne.Contracts.Observations;
using Perenne.Contracts.Stations;
using Perenne.Hub.Tests.Observe;
using Perenne.TestSupport;
using Perenne.Vision.Statistics;

namespace Perenne.Browser.Tests;

/// <summary>A hub whose monitor and loop look every second.</summary>
public sealed class LoopingHub : RunningHub
{
    private protected override IEnumerable<string> Settings => ["--Hub:MonitorSeconds=1", "--Hub:LoopTickSeconds=1"];
}

/// <summary>A station of the plant in Lyon that sends what a camera saw, as a station does.</summary>
internal sealed class LoopLine(HttpClient client, Guid project) : IDisposable
{
    private readonly SeededRandom random = new(7);
    private readonly List<(byte[] File, string Hash)> boards = [];
    private long sequence, number;

    public static async Task<LoopLine> EnrolAsync(RunningHub hub, IPage page, string project)
    {
        string[] made = await page.EvaluateAsync<string[]>("""
            async project => {
              const send = async (method, url, body) => {
                const answer = await fetch(url, { method, headers: { "Content-Type": "application/json", Accept: "application/json" }, body: body && JSON.stringify(body) });
                if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
                return answer.json();
              };
              const place = await send("GET", `/api/v1/projects/${project}`);
              const id = place.id ?? place.project.id;
              return [(await send("POST", "/api/v1/organizations/lyon/stations", { name: `line of ${project}`, cameras: [{ name: "top", projectId: id }] })).code, id];
            }
            """, project);
        HttpClient client = new() { BaseAddress = new Uri(hub.Address) };
        using HttpResponseMessage enrolled = await client.PostAsJsonAsync("/api/v1/stations/enrol", new EnrolRequest(made[0], "1.0", "host-1"));
        string token = JsonNode.Parse(await enrolled.Content.ReadAsStringAsync())!["token"]!.GetValue<string>();
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        return new(client, Guid.Parse(made[1]));
    }

    public void Dispose() => client.Dispose();

    /// <param name="from">Of the first picture; one a minute.</param>
    /// <param name="light">Of the lamp, against when it was new.</param>
    /// <param name="samples">So many of them, evenly, are sent as files too.</param>
    public async Task ProduceAsync(DateTimeOffset from, int pictures, double light, int samples)
    {
        List<Observation> seen = [];
        for (int i = 0; i < pictures; i++)
        {
            bool isBad = random.Next(3) == 0;
            seen.Add(new()
            {
                Id = Guid.CreateVersion7(from.AddMinutes(i)), Sequence = ++sequence, FrameId = Guid.CreateVersion7(from.AddMinutes(i)), ProjectId = project, Camera = "top", CapturedAt = from.AddMinutes(i), JudgedAt = from.AddMinutes(i),
                Role = JudgementRole.Active, Verdict = isBad ? Verdict.NotOk : Verdict.Ok, Width = 640, Height = 640, LatencyMilliseconds = 20,
                Classes = isBad ? ["short"] : [], Scores = isBad ? [0.9] : [], Boxes = isBad ? [10, 20, 30, 40] : [], ImageSha256 = i % (pictures / samples) == 0 ? await SampleAsync() : null, SampleReason = i % (pictures / samples) == 0 ? "audit" : null,
                Sharpness = 100 + (8 * random.NextNormal()), Noise = 3 + (0.3 * random.NextNormal()), Entropy = 6 + (0.1 * random.NextNormal()),
                Brightness = [0.1 * light, (0.5 + (0.02 * random.NextNormal())) * light, (0.9 + (0.02 * random.NextNormal())) * light],
                Features = [.. Enumerable.Range(0, 8).Select(_ => (float)(random.NextNormal() + (4 * (light - 1))))],
            });
        }

        byte[] body = ParquetSegment.Write(seen);
        await SendAsync($"/station/v1/segments/{(++number).ToString(CultureInfo.InvariantCulture)}", body, "application/vnd.apache.parquet", (StationHeaders.Sha256, Convert.ToHexStringLower(SHA256.HashData(body))));
    }

    private async Task<string> SampleAsync()
    {
        string data = SharedData.Require("data/deeppcb"), name = File.ReadLines(Path.Combine(data, "train.txt")).ElementAt(5 * boards.Count);
        byte[] file = await File.ReadAllBytesAsync(Path.Combine(data, name + ".jpg"));
        string hash = Convert.ToHexStringLower(SHA256.HashData(file));
        boards.Add((file, hash));
        await SendAsync($"/station/v1/images/{hash}", file, null, (StationHeaders.Project, project.ToString()), (StationHeaders.Reason, "audit"), (StationHeaders.Camera, "top"), (StationHeaders.Observation, new Guid(SHA256.HashData(file).AsSpan(0, 16)).ToString()));
        return hash;
    }

    private async Task SendAsync(string address, byte[] body, string? type, params (string Name, string Value)[] headers)
    {
        using ByteArrayContent content = new(body);
        if (type is not null)
            content.Headers.ContentType = new MediaTypeHeaderValue(type);
        foreach ((string name, string value) in headers)
            content.Headers.Add(name, value);
        using HttpResponseMessage answer = await client.PutAsync(address, content);
        Assert.True(answer.IsSuccessStatusCode, $"{address}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
    }
}
