using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;
using Perenne.Station;
using Perenne.TestSupport;

namespace Perenne.Browser.Tests;

/// <summary>The operator's screen of a station in a plant, and what its buttons leave at the hub.</summary>
public sealed class StationScreenTests(RunningHub hub) : IClassFixture<RunningHub>
{
    [Fact]
    public async Task An_operator_sees_the_verdict_and_what_they_say_about_it_reaches_the_hub()
    {
        string boards = SharedData.Require("data/deeppcb"), folder = Directory.CreateTempSubdirectory("perenne-station-").FullName;
        byte[] good = First(Path.Combine(boards, "reference", "group00041")), defective = First(Path.Combine(boards, "group00041"));
        await using Visit atHub = await hub.VisitAsync();
        string code = await DeployAsync(atHub.Page);
        await using WebApplication station = await StationHost.BuildAsync(
            ["--urls=http://127.0.0.1:0", $"--Station:Folder={folder}", $"--Station:Hub={hub.Address}", $"--Station:Code={code}", "--Station:HubSeconds=0.5", "--Station:Spool:SegmentSeconds=0.5", "--Station:Threads=1"],
            builder => builder.Logging.ClearProviders());
        await station.StartAsync(TestContext.Current.CancellationToken);
        string address = station.Urls.First();
        using HttpClient camera = new() { BaseAddress = new Uri(address) };

        await using Visit visit = await hub.VisitAsync(signedIn: false, address: address);
        IPage page = visit.Page;
        await page.GotoAsync("/");
        await Assertions.Expect(page.Locator("#word")).ToHaveTextAsync("Waiting");
        await Desk.ShootAsync(page, "station-empty");
        while ((await SendAsync(camera, defective, good, "B-1041")).GetProperty("verdict").GetString() == "cannotJudge")
            await Task.Delay(200, TestContext.Current.CancellationToken);
        await Assertions.Expect(page.Locator("#word")).ToHaveTextAsync("NOT OK");
        await Assertions.Expect(page.Locator("#part")).ToHaveTextAsync("B-1041");
        await Desk.ShootAsync(page, "station-not-ok");
        await page.GetByRole(AriaRole.Button, new() { Name = "False alarm" }).ClickAsync();
        await Assertions.Expect(page.Locator("#said")).ToHaveTextAsync("Recorded. Thank you.");

        await SendAsync(camera, good, good, "B-1042");
        await Assertions.Expect(page.Locator("#word")).ToHaveTextAsync("OK");
        await Desk.ShootAsync(page, "station-ok");
        await page.SetViewportSizeAsync(1440, 900);
        await page.GetByRole(AriaRole.Button, new() { Name = "Missed defect" }).ClickAsync();
        // The line goes on; the frame the operator draws on stays.
        await SendAsync(camera, defective, good, "B-1043");
        await DrawAsync(page);
        await Desk.ShootAsync(page, "station-draw", keepSize: true);
        await page.GetByRole(AriaRole.Button, new() { Name = "Send" }).ClickAsync();
        await Assertions.Expect(page.Locator("#said")).ToHaveTextAsync("Recorded. Thank you.");
        await Assertions.Expect(page.Locator("#part")).ToHaveTextAsync("B-1043");

        // A frame that has passed already can be looked at again.
        await page.GetByRole(AriaRole.Button, new() { Name = "Frame before" }).ClickAsync();
        await Assertions.Expect(page.Locator("#part")).ToHaveTextAsync("B-1042");
        await page.GetByRole(AriaRole.Button, new() { Name = "Back to now" }).ClickAsync();
        await Assertions.Expect(page.Locator("#part")).ToHaveTextAsync("B-1043");
        await page.GetByRole(AriaRole.Button, new() { Name = "Français" }).ClickAsync();
        await Assertions.Expect(page.Locator("#word")).ToHaveTextAsync("NON OK");

        JsonElement rows = await FeedbackAsync(atHub.Page, 2);
        JsonElement missed = rows.EnumerateArray().Single(r => r.GetProperty("kind").GetString() == "missedDefect"), alarm = rows.EnumerateArray().Single(r => r.GetProperty("kind").GetString() == "falseAlarm");
        double[] box = [.. missed.GetProperty("box").EnumerateArray().Select(v => v.GetDouble())];
        Assert.InRange(box[0], 1, 639);
        Assert.InRange(box[2], 10, 640);
        Assert.Equal(JsonValueKind.Null, alarm.GetProperty("box").ValueKind);
        Assert.All(rows.EnumerateArray(), r => Assert.Equal(JsonValueKind.String, r.GetProperty("deploymentId").ValueKind));
        // The screen complains when its station goes: it is switched off before it.
        visit.GoesOffline = true;
        await station.StopAsync(TestContext.Current.CancellationToken);
        Directory.Delete(folder, recursive: true);
    }

    private static byte[] First(string folder) => File.ReadAllBytes(Directory.GetFiles(folder, "*.jpg").Order(StringComparer.Ordinal).First());

    /// <summary>A project with a model that decides in Lyon; the code of a new station there.</summary>
    private static Task<string> DeployAsync(IPage page)
    {
        string folder = TestModels.BoardDifferences(Directory.CreateTempSubdirectory("perenne-package-").FullName);
        string description = File.ReadAllText(Path.Combine(folder, "model.json")), network = Convert.ToBase64String(File.ReadAllBytes(Path.Combine(folder, "model.onnx")));
        Directory.Delete(folder, recursive: true);
        return PrepareAsync(page, description, network);
    }

    private static async Task<string> PrepareAsync(IPage page, string description, string network)
    {
        await page.GotoAsync("/projects");
        return await page.EvaluateAsync<string>("""
            async ([description, network]) => {
              const ask = async (url, body) => {
                const answer = await fetch(url, { method: "POST", headers: { Accept: "application/json", ...(body instanceof FormData ? {} : { "Content-Type": "application/json" }) }, body: body instanceof FormData ? body : JSON.stringify(body) });
                if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
                return answer.json();
              };
              await ask("/api/v1/organizations/lyon/projects", { name: "Circuits", slug: "circuits" });
              const form = new FormData();
              form.append("description", description);
              form.append("network", new Blob([Uint8Array.from(atob(network), c => c.charCodeAt(0))]), "model.onnx");
              const model = await ask("/api/v1/projects/circuits/models", form);
              await ask("/api/v1/organizations/lyon/projects/circuits/deployments", { modelVersionId: model.id, stage: "active", reason: "first", override: true });
              return (await ask("/api/v1/organizations/lyon/stations", { name: "line-1" })).code;
            }
            """, new[] { description, network });
    }

    private static async Task<JsonElement> SendAsync(HttpClient camera, byte[] image, byte[] reference, string part)
    {
        using MultipartFormDataContent form = new() { { new ByteArrayContent(image), "image", "image.jpg" }, { new ByteArrayContent(reference), "reference", "reference.jpg" } };
        using HttpRequestMessage request = new(HttpMethod.Post, "/frames/top") { Content = form };
        request.Headers.Add("X-Part-Id", part);
        using HttpResponseMessage answer = await camera.SendAsync(request);
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    private static async Task DrawAsync(IPage page)
    {
        LocatorBoundingBoxResult canvas = (await page.Locator("#canvas").BoundingBoxAsync())!;
        float x = canvas.X + (canvas.Width / 2) - 60, y = canvas.Y + (canvas.Height / 2) - 40;
        await page.Mouse.MoveAsync(x, y);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(x + 120, y + 80, new() { Steps = 5 });
        await page.Mouse.UpAsync();
    }

    private static async Task<JsonElement> FeedbackAsync(IPage page, int expected)
    {
        while (true)
        {
            JsonElement rows = (await page.EvaluateAsync<JsonElement>("async () => (await fetch('/api/v1/projects/circuits/feedback', { headers: { Accept: 'application/json' } })).json()")).GetProperty("rows");
            if (rows.GetArrayLength() >= expected)
                return rows.Clone();
            await Task.Delay(200, TestContext.Current.CancellationToken);
        }
    }
}
