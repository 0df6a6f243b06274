using System.Globalization;
using System.Text.Json.Nodes;
using Perenne.Cli.Commands;
using Perenne.Contracts.Jobs;

namespace Perenne.Cli.Learn.Kubernetes;

/// <summary>Creates the job, or takes up the one that a dead hub left running, prints what it prints and ends as it ends.</summary>
internal sealed class KubernetesJob(KubernetesApi api, JobSettings settings, TextWriter output, TimeProvider time)
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1), Gone = TimeSpan.FromSeconds(18);

    // A pod that waits for one of these waits for ever.
    private static readonly Dictionary<string, string> Hopeless = new()
    {
        ["ErrImagePull"] = "the image cannot be fetched", ["ImagePullBackOff"] = "the image cannot be fetched", ["InvalidImageName"] = "the image's name is malformed",
        ["CreateContainerConfigError"] = "the container cannot be set up", ["CreateContainerError"] = "the container cannot be set up",
    };

    /// <returns>The trainer's exit code; 75 after a cancel.</returns>
    /// <exception cref="CommandException">The cluster refuses, or the pod can never start.</exception>
    public async Task<int> RunAsync(CancellationToken cancel)
    {
        Task? following = null;
        try
        {
            await StartAsync(cancel);
            string waits = "";
            while (true)
            {
                JsonNode? job = await api.JobAsync(settings.Name, cancel), pod = await api.PodAsync(settings.Name, cancel);
                string phase = Text(pod?["status"]?["phase"]) ?? "Pending";
                if (pod is not null && phase != "Pending")
                    following ??= api.FollowAsync(Text(pod["metadata"]!["name"])!, output.WriteLineAsync, cancel);
                if (job is null)
                    throw new CommandException("Somebody deleted the job. Start the run again.");
                if (Exit(pod) is { } code)
                {
                    await Task.WhenAny(following ?? Task.CompletedTask, Task.Delay(Gone, time, CancellationToken.None));
                    await api.DeleteAsync(settings.Name, CancellationToken.None);
                    return code;
                }
                if (Condition(job, "Failed") is { } failed)
                    throw new CommandException($"The job failed before its trainer ended: {failed}.");
                if (Waiting(pod) is { } reason && reason != waits)
                    await output.WriteLineAsync(waits = reason);
                await Task.Delay(Look, time, cancel);
            }
        }
        catch (OperationCanceledException)
        {
            await StopAsync();
            return TrainingJob.StoppedExitCode;
        }
        catch (CommandException)
        {
            await StopAsync();
            throw;
        }
    }

    private async Task StartAsync(CancellationToken cancel)
    {
        while (!await api.CreateAsync(settings.Manifest(), cancel))
        {
            JsonNode? old = await api.JobAsync(settings.Name, cancel);
            bool isOver = old is not null && (Condition(old, "Failed") is not null || Condition(old, "Complete") is not null);
            if (old is not null && !isOver && old["metadata"]?["deletionTimestamp"] is null)
            {
                await output.WriteLineAsync($"The job {settings.Name} is running already; it is taken up.");
                return;
            }
            if (isOver)
                await api.DeleteAsync(settings.Name, cancel);
            await Task.Delay(Look, time, cancel);
        }
        await output.WriteLineAsync($"The job {settings.Name} was created in {settings.Namespace}.");
    }

    // Until its pod is gone: nobody may start a second trainer on the folder before.
    private async Task StopAsync()
    {
        using CancellationTokenSource patience = new(Gone, time);
        try
        {
            await api.DeleteAsync(settings.Name, patience.Token);
            while (await api.PodAsync(settings.Name, patience.Token) is not null)
                await Task.Delay(Look, time, patience.Token);
        }
        catch (Exception error) when (error is OperationCanceledException or CommandException)
        {
            await output.WriteLineAsync($"The job {settings.Name} may still be running.");
        }
    }

    private static int? Exit(JsonNode? pod) => pod?["status"]?["containerStatuses"]?.AsArray().FirstOrDefault()?["state"]?["terminated"]?["exitCode"] is JsonValue code ? code.GetValue<int>() : null;

    /// <summary>Why the pod has not started, for the log.</summary>
    /// <exception cref="CommandException">It never will.</exception>
    private string? Waiting(JsonNode? pod)
    {
        JsonNode? waiting = pod?["status"]?["containerStatuses"]?.AsArray().FirstOrDefault()?["state"]?["waiting"];
        string? reason = Text(waiting?["reason"]), message = Text(waiting?["message"]);
        if (reason is not null && Hopeless.TryGetValue(reason, out string? why))
            throw new CommandException(string.Create(CultureInfo.InvariantCulture, $"The job cannot start, because {why} ({settings.Image}): {message ?? reason}"));
        return Condition(pod, "PodScheduled", "False") is { } unplaced ? $"The job waits for a place: {unplaced}" : reason is null ? null : $"The job waits: {reason}";
    }

    private static string? Condition(JsonNode? of, string type, string status = "True") => of?["status"]?["conditions"]?.AsArray()
        .Where(c => Text(c?["type"]) == type && Text(c?["status"]) == status).Select(c => Text(c!["message"]) ?? Text(c["reason"]) ?? type).FirstOrDefault();

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;
}
