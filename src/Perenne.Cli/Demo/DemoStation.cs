using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Perenne.Cli.Hub;

namespace Perenne.Cli.Demo;

/// <summary>A real station of one plant: its own process, enrolled with a one-time code, fed with frames over HTTP.</summary>
internal sealed class DemoStation : IAsyncDisposable
{
    public const string Camera = "top";

    private readonly Process process;
    private readonly HttpClient http;

    private DemoStation(Process process, string address)
    {
        this.process = process;
        http = new HttpClient { BaseAddress = new Uri(address + "/"), Timeout = TimeSpan.FromSeconds(60) };
    }

    public static async Task<DemoStation> StartAsync(HubClient admin, string hub, DemoPlant plant, Guid project, string folder, int port, CancellationToken cancel)
    {
        JsonObject added = await admin.PostAsync<JsonObject>($"api/v1/organizations/{plant.Slug}/stations", new { name = $"{plant.Name} line 1", cameras = new[] { new { name = Camera, projectId = project } } }, cancel);
        string[] self = Programs.Self;
        await RunToEndAsync([.. self, "station", "enrol", "--hub", hub, "--folder", folder, "--code", added["code"]!.GetValue<string>()], cancel);
        string address = FormattableString.Invariant($"http://localhost:{port}");
        Process process = Start([.. self, "station", "--hub", hub, "--folder", folder, "--urls", address],
            ("PERENNE_Station__HubSeconds", "2"), ("PERENNE_Station__Spool__SegmentRows", "40"), ("PERENNE_Station__Spool__SegmentSeconds", "5"), ("PERENNE_Station__Threads", "1"));
        DemoStation station = new(process, address);
        await station.ReadyAsync(plant.Name, cancel);
        return station;
    }

    public int ProcessId => process.Id;

    /// <summary>Segments and images that are not at the hub yet.</summary>
    public async Task<int> WaitingAsync(CancellationToken cancel) => (await http.GetFromJsonAsync<JsonObject>("screen/board", cancel))!["waiting"]!.GetValue<int>();

    /// <summary>The operator presses a button of the screen.</summary>
    public async Task ObjectAsync(Guid observation, string kind, CancellationToken cancel)
    {
        using HttpResponseMessage answer = await http.PostAsJsonAsync("screen/feedback", new { observation, kind }, cancel);
        if (!answer.IsSuccessStatusCode)
            throw new HubFailure($"The station refused the operator's feedback: {await answer.Content.ReadAsStringAsync(cancel)}", (int)answer.StatusCode);
    }

    /// <summary>The verdict on one part: "ok", "notOk" or "cannotJudge", and the observation.</summary>
    public async Task<(string Verdict, Guid Observation)> JudgeAsync(DemoImage image, CancellationToken cancel)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, $"frames/{Camera}") { Content = new ByteArrayContent(image.File) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        request.Headers.Add("X-Part-Id", Uri.EscapeDataString(image.PartId));
        request.Headers.Add("X-File-Name", Uri.EscapeDataString(image.Name));
        using HttpResponseMessage answer = await http.SendAsync(request, cancel);
        string body = await answer.Content.ReadAsStringAsync(cancel);
        return answer.IsSuccessStatusCode && JsonNode.Parse(body) is { } said ? (said["verdict"]!.GetValue<string>(), said["id"]!.GetValue<Guid>()) : throw new HubFailure($"The station refused a frame: {body}", (int)answer.StatusCode);
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
        }

        process.Dispose();
    }

    private async Task ReadyAsync(string plant, CancellationToken cancel)
    {
        for (int attempt = 0; attempt < 240 && !process.HasExited; attempt++)
        {
            try
            {
                using HttpResponseMessage answer = await http.GetAsync(new Uri("health", UriKind.Relative), cancel);
                if (answer.IsSuccessStatusCode)
                    return;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            await Task.Delay(250, cancel);
        }

        throw new HubFailure($"The station of {plant} did not start.", 0);
    }

    private static async Task RunToEndAsync(string[] command, CancellationToken cancel)
    {
        using Process process = Start(command);
        Task<string> said = process.StandardError.ReadToEndAsync(cancel);
        await process.WaitForExitAsync(cancel);
        if (process.ExitCode != 0)
            throw new HubFailure((await said).Trim(), 0);
    }

    private static Process Start(string[] command, params (string Name, string Value)[] variables)
    {
        ProcessStartInfo start = new(command[0]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in command.Skip(1))
            start.ArgumentList.Add(argument);
        foreach ((string name, string value) in variables)
            start.Environment[name] = value;
        Process process = Process.Start(start) ?? throw new HubFailure($"'{command[0]}' could not be started.", 0);
        if (variables.Length > 0)
        {
            // A station talks for weeks: its words must not fill the pipe.
            process.OutputDataReceived += (_, _) => { };
            process.ErrorDataReceived += (_, _) => { };
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
        }

        return process;
    }
}
