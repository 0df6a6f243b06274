using System.Diagnostics;
using System.Text.Json;
using Parquet.Serialization;
using Perenne.Station.Spool;
using Perenne.TestSupport;

namespace Perenne.Station.Tests;

/// <summary>
/// A real station process is killed, cut off from its hub, its journal torn and its disk filled, over and over, while frames keep coming.
/// At the end every frame that was acknowledged must be at the hub once. A long run may be taken in stretches: what was promised and
/// what the hub has are kept in the folder, and the next stretch goes on with the same station.
/// </summary>
/// <param name="stretch">The longest time of one call. Null: to the end.</param>
internal sealed class FaultRun(string folder, int injections, int seed, Action<string>? progress = null, TimeSpan? stretch = null)
{
    // Enough answers to meet segments being closed and uploaded, whatever the speed of the machine.
    private const int MostAnswers = 25;
    private readonly HashSet<string> acknowledged = [];
    private readonly Dictionary<string, int> injected = new() { ["kill -9"] = 0, ["kill -9 while starting"] = 0, ["hub answers 503"] = 0, ["hub unreachable"] = 0, ["hub takes and breaks"] = 0, ["torn write"] = 0, ["disk full"] = 0 };
    private Random random = new(seed);
    private readonly string station = Path.Combine(folder, "station");
    private int next, refused, answers, lives;

    /// <summary>What a stretch hands to the next one.</summary>
    private sealed record Kept(string[] Acknowledged, Dictionary<string, int> Injected, int Next, int Refused, int Lives);

    /// <returns>Null: the stretch is over and the run is not; call again with the same folder.</returns>
    public async Task<FaultReport?> RunAsync()
    {
        string model = TestModels.BrightSpots(Path.Combine(folder, "model")), state = Path.Combine(folder, "run.json"), hubFolder = Path.Combine(folder, "hub");
        await using FakeHub hub = await FakeHub.StartAsync();
        hub.Enrol(station);
        hub.LoadFrom(hubFolder);
        if (File.Exists(state))
            TakeUp(JsonSerializer.Deserialize<Kept>(File.ReadAllText(state))!);
        long start = Stopwatch.GetTimestamp();
        while (injected.Values.Sum() < injections)
        {
            if (Stopwatch.GetElapsedTime(start) >= stretch)
                return null;
            await LifeAsync(hub, model);
            hub.SaveTo(hubFolder);
            File.WriteAllText(state, JsonSerializer.Serialize(new Kept([.. acknowledged], injected, next, refused, lives)));
            progress?.Invoke($"{injected.Values.Sum()} of {injections} injections, {acknowledged.Count} frames acknowledged, {hub.Segments.Count} segments at the hub");
        }
        hub.Fault = null;
        await DrainAsync(hub, model);
        return await CheckAsync(hub);
    }

    private void TakeUp(Kept kept)
    {
        acknowledged.UnionWith(kept.Acknowledged);
        foreach ((string name, int count) in kept.Injected)
            injected[name] = count;
        (next, refused, lives) = (kept.Next, kept.Refused, kept.Lives);
        random = new Random(seed + lives);
    }

    private async Task LifeAsync(FakeHub hub, string model)
    {
        lives++;
        if (lives > 1 && random.Next(5) == 0)
            await DieYoungAsync(hub, model);
        int? limit = random.Next(3) == 0 ? random.Next(1, 5) : null;
        if (limit is not null)
            injected["disk full"]++;
        using StationProcess process = await StationProcess.StartAsync(station, hub.Address, model, limit);
        using CancellationTokenSource stop = new();
        Task[] senders = [SendAsync(process, stop.Token), SendAsync(process, stop.Token)];
        for (int i = random.Next(1, 5); i > 0; i--)
        {
            (hub.Fault, string name) = random.Next(4) switch { 0 => (503, "hub answers 503"), 1 => (-1, "hub unreachable"), 2 => (-2, "hub takes and breaks"), _ => ((int?)null, "") };
            if (name.Length > 0)
                injected[name]++;
            await AnswersAsync(process, random.Next(1, MostAnswers));
            // Segments close after a second and are sent every two: some lives are long enough to meet that.
            await Task.Delay(random.Next(3) == 0 ? random.Next(500, 2500) : random.Next(40));
        }
        await process.KillAsync();
        injected["kill -9"]++;
        await stop.CancelAsync();
        await Task.WhenAll(senders);
        if (random.Next(2) == 0)
            Tear();
    }

    private async Task DieYoungAsync(FakeHub hub, string model)
    {
        using StationProcess process = await StationProcess.StartAsync(station, hub.Address, model, null, untilReady: false);
        await Task.Delay(random.Next(200, 2500));
        await process.KillAsync();
        injected["kill -9 while starting"]++;
    }

    private async Task AnswersAsync(StationProcess process, int more)
    {
        int wanted = Volatile.Read(ref answers) + more;
        while (Volatile.Read(ref answers) < wanted && !process.HasExited)
            await Task.Delay(5);
        if (process.HasExited)
            throw new InvalidOperationException($"The station ended by itself with {process.Complaint}");
    }

    /// <summary>What a power cut leaves of a record that nobody was promised.</summary>
    private void Tear()
    {
        string journal = Directory.GetFiles(Path.Combine(station, "spool", "observations"), "journal-*.log").Order(StringComparer.Ordinal).Last();
        byte[] torn = new byte[random.Next(1, 400)];
        random.NextBytes(torn);
        if (torn.Length > 4 && random.Next(2) == 0)
            BitConverter.TryWriteBytes(torn, random.Next(2, 5000));
        using FileStream file = new(journal, FileMode.Append);
        file.Write(torn);
        injected["torn write"]++;
    }

    private async Task SendAsync(StationProcess process, CancellationToken stop)
    {
        using HttpClient http = new() { BaseAddress = process.Address };
        byte[] picture = SpotPicture.Of(true);
        while (!stop.IsCancellationRequested && !process.HasExited)
        {
            string part = $"part-{Interlocked.Increment(ref next)}";
            using HttpRequestMessage request = new(HttpMethod.Post, "frames/top") { Content = new ByteArrayContent(picture) };
            request.Headers.Add("X-Part-Id", part);
            try
            {
                using HttpResponseMessage answer = await http.SendAsync(request, stop);
                if (answer.IsSuccessStatusCode)
                    lock (acknowledged)
                        acknowledged.Add(part);
                else
                    Interlocked.Increment(ref refused);
                Interlocked.Increment(ref answers);
                await Task.Delay(3, stop);
            }
            catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
            {
                // Killed in the middle, or too busy: nothing was promised about this frame.
                await Task.Delay(20, CancellationToken.None);
            }
        }
    }

    private async Task DrainAsync(FakeHub hub, string model)
    {
        using StationProcess process = await StationProcess.StartAsync(station, hub.Address, model, null);
        string spool = Path.Combine(station, "spool", "observations");
        while (Directory.GetFiles(spool, "segment-*").Length > 0 || Directory.GetFiles(spool, "journal-*") is not [var only] || new FileInfo(only).Length > 0)
        {
            if (process.HasExited)
                throw new InvalidOperationException("The station ended by itself while it brought the rest to the hub.");
            await Task.Delay(100);
        }
    }

    private async Task<FaultReport> CheckAsync(FakeHub hub)
    {
        List<SegmentRow> rows = [];
        foreach ((long _, byte[] segment) in hub.Segments.OrderBy(s => s.Key))
            rows.AddRange((await ParquetSerializer.DeserializeAsync<SegmentRow>(new MemoryStream(segment))).Data);
        List<string> violations = [.. hub.Violations];
        if (!rows.Select(r => r.Sequence).SequenceEqual(Enumerable.Range(1, rows.Count).Select(i => (long)i)))
            violations.Add("the observations are not numbered 1, 2, 3 …");
        if (!hub.Segments.Keys.Order().SequenceEqual(Enumerable.Range(1, hub.Segments.Count).Select(i => (long)i)))
            violations.Add("the segments are not numbered 1, 2, 3 …");
        if (rows.Select(r => r.Id).Distinct().Count() != rows.Count)
            violations.Add("an observation's id came twice");
        if (Directory.Exists(Path.Combine(station, "refused")))
            violations.Add("the hub refused something for good");
        return new FaultReport
        {
            Injected = injected, Lives = lives, Acknowledged = acknowledged.Count, Refused = refused, Observations = rows.Count, Segments = hub.Segments.Count, Violations = violations,
            Lost = [.. acknowledged.Except(rows.Select(r => r.Part!))], Doubled = [.. rows.GroupBy(r => r.Part!).Where(g => g.Count() > 1).Select(g => g.Key)],
        };
    }
}
