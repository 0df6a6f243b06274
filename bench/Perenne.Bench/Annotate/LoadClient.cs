using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Perenne.Contracts.Annotation;
using Perenne.Hub.Annotate;

namespace Perenne.Bench.Annotate;

/// <summary>What the hub promised to all clients, to be held against its database afterwards.</summary>
internal sealed class Promises
{
    public ConcurrentBag<(Guid Assignment, Guid Person, string Operation)> Saved { get; } = [];

    public ConcurrentBag<(Guid Assignment, Guid Person)> Submitted { get; } = [];

    public ConcurrentBag<double> Next { get; } = [];

    public ConcurrentBag<double> Save { get; } = [];

    public ConcurrentBag<double> Submit { get; } = [];

    public ConcurrentBag<string> Trouble { get; } = [];

    private int kills, expired, empty, falsely;

    public int Kills => kills;

    public int Expired => expired;

    public int Empty => empty;

    public int False => falsely;

    public void Killed() => Interlocked.Increment(ref kills);

    public void LeaseLost() => Interlocked.Increment(ref expired);

    public void SaidEmpty() => Interlocked.Increment(ref empty);

    public void FalselyEmpty() => Interlocked.Increment(ref falsely);
}

/// <summary>One annotator at a desk: next, draw, save, submit; sometimes the browser dies in between and comes back later.</summary>
internal sealed class LoadClient(string api, Guid campaign, Guid person, HttpClient http, Random random, Promises promises, double killShare, TimeSpan thinking)
{
    private readonly Dictionary<Guid, int> revisions = [];

    /// <returns>False when nothing was left.</returns>
    public async Task<bool> OneTaskAsync(CancellationToken stop)
    {
        using HttpResponseMessage pulled = await TimedAsync(promises.Next, () => http.PostAsync($"{api}/campaigns/{campaign}/next", null, stop));
        if (pulled.StatusCode == HttpStatusCode.NotFound)
        {
            promises.SaidEmpty();
            return false;
        }

        if (!pulled.IsSuccessStatusCode)
        {
            promises.Trouble.Add($"next {(int)pulled.StatusCode} {await pulled.Content.ReadAsStringAsync(stop)}");
            return true;
        }

        Lease lease = (await pulled.Content.ReadFromJsonAsync<Lease>(JsonSerializerOptions.Web, stop))!;
        await Task.Delay(thinking * random.NextDouble() * 2, stop);

        // The same operation again if this person drew here before the browser died.
        string operation = $"o{lease.AssignmentId:N}-{lease.Fence}-{person.ToString("N")[^6..]}";
        int revision = await SaveAsync(lease, operation, stop);
        if (revision < 0)
            return true;
        promises.Saved.Add((lease.AssignmentId, person, operation));
        if (random.NextDouble() < killShare)
        {
            promises.Killed();
            return true;
        }

        await Task.Delay(thinking * random.NextDouble(), stop);
        using HttpResponseMessage submitted = await TimedAsync(promises.Submit, () => http.PostAsJsonAsync(
            $"{api}/tasks/{lease.AssignmentId}/submit", new TaskEndpoints.SubmitBody("s" + operation[1..], lease.Fence, revision, 900), JsonSerializerOptions.Web, stop));
        if (submitted.IsSuccessStatusCode)
            promises.Submitted.Add((lease.AssignmentId, person));
        else if (submitted.StatusCode == HttpStatusCode.Conflict)
            promises.LeaseLost();
        else
            promises.Trouble.Add($"submit {(int)submitted.StatusCode} {await submitted.Content.ReadAsStringAsync(stop)}");
        return true;
    }

    private async Task<int> SaveAsync(Lease lease, string operation, CancellationToken stop)
    {
        Operation drawn = new(operation, DateTimeOffset.UnixEpoch, 700, [new PutShape(new DocumentBox(operation, "open", [10, 10, 20, 20]))]);
        int known = revisions.GetValueOrDefault(lease.AssignmentId);
        for (int attempt = 0; attempt < 5; attempt++)
        {
            using StringContent body = new(JsonSerializer.Serialize(new TaskEndpoints.SaveBody(lease.Fence, known, [drawn]), AnnotationJson.Options), Encoding.UTF8, "application/json");
            using HttpResponseMessage saved = await TimedAsync(promises.Save, () => http.PostAsync($"{api}/tasks/{lease.AssignmentId}/operations", body, stop));
            string text = await saved.Content.ReadAsStringAsync(stop);
            if (saved.IsSuccessStatusCode)
                return revisions[lease.AssignmentId] = JsonDocument.Parse(text).RootElement.GetProperty("revision").GetInt32();
            if (saved.StatusCode != HttpStatusCode.Conflict)
            {
                promises.Trouble.Add($"save {(int)saved.StatusCode} {text}");
                return -1;
            }

            known++; // Drawn on before the browser died, through another slot of the same task.
        }

        return -1;
    }

    private static async Task<T> TimedAsync<T>(ConcurrentBag<double> times, Func<Task<T>> work)
    {
        long start = Stopwatch.GetTimestamp();
        T result = await work();
        times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        return result;
    }
}
