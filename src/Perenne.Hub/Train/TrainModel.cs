using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Perenne.Contracts.Jobs;
using Perenne.Hub.Registry;
using Perenne.Hub.Shared;
using Perenne.Hub.Shared.Blobs;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Work;

namespace Perenne.Hub.Train;

/// <summary>
/// Runs one training as a child process from its job folder to a registered model. After a stop of the hub, or its death, the same run goes on from
/// its checkpoint under a new fence; the unique run id of a model version and the fence together make it exactly one model.
/// </summary>
internal sealed class TrainModel(HubDbContext db, JobFolder folders, ModelStore models, BuiltInTrainer builtIn, IOptions<HubOptions> options, TimeProvider time) : ILongWork
{
    private const int MostResumes = 50, LogCharacters = 16_000;

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    public string Kind => WorkKinds.Training;

    public async Task RunAsync(WorkItem item, CancellationToken cancel)
    {
        if (await ClaimAsync(item, cancel) is not { } run)
            return;
        try
        {
            string remarks = await folders.PrepareAsync(run, cancel);
            await Mine(run).ExecuteUpdateAsync(set => set.SetProperty(r => r.Remarks, remarks), cancel);
            (string[] command, int silence) = await CommandAsync(run, cancel);
            await TrainAsync(run, command, silence, cancel);
        }
        catch (Exception error) when (error is JobException or StorageFullException or FileNotFoundException)
        {
            await EndAsync(run, RunState.Failed, error.Message, cancel);
        }
    }

    private async Task<TrainingRun?> ClaimAsync(WorkItem item, CancellationToken cancel)
    {
        IQueryable<TrainingRun> row = db.Set<TrainingRun>().Where(r => r.Id == item.SubjectId);
        DateTimeOffset now = time.GetUtcNow();
        string node = Environment.MachineName;
        await row.Where(r => r.State == RunState.Stopping).ExecuteUpdateAsync(set => set.SetProperty(r => r.State, RunState.Cancelled).SetProperty(r => r.FinishedAt, now), cancel);
        int claimed = await row.Where(r => r.State == RunState.Queued || r.State == RunState.Running).ExecuteUpdateAsync(set => set
            .SetProperty(r => r.Resumes, r => r.State == RunState.Running ? r.Resumes + 1 : r.Resumes).SetProperty(r => r.State, RunState.Running)
            .SetProperty(r => r.StartedAt, r => r.StartedAt ?? now).SetProperty(r => r.Fence, item.LeaseId).SetProperty(r => r.Node, node), cancel);
        if (claimed == 0)
            folders.Remove(item.SubjectId);
        return claimed == 0 ? null : await row.AsNoTracking().SingleAsync(cancel);
    }

    private async Task<(string[] Command, int Silence)> CommandAsync(TrainingRun run, CancellationToken cancel)
    {
        string folder = folders.PathOf(run.Id);
        if (run.TrainerId is not { } id)
            return (CommandLine.For(builtIn.Command ?? throw new JobException($"The built-in trainer is not installed on {Environment.MachineName}. Install it beside the hub or set Hub:Train:Command."), folder), 30);
        Trainer trainer = await db.Set<Trainer>().AsNoTracking().SingleAsync(t => t.Id == id, cancel);
        return (CommandLine.For(trainer.Command, folder), trainer.SilenceMinutes);
    }

    private async Task TrainAsync(TrainingRun run, string[] command, int silence, CancellationToken cancel)
    {
        string folder = folders.PathOf(run.Id);
        for (int start = run.Resumes; ; start++)
        {
            await using TrainerProcess process = Start(command, folder, TrainerProcess.GraceOf(options.Value.WorkLease));
            RunState? stopped = await WatchAsync(run, process, folder, silence, cancel);
            int code = await process.EndAsync();
            await SaveAsync(run, process, cancel: default);
            double spent = ProcessorTime.Read(folder);
            await Mine(run).ExecuteUpdateAsync(set => set.SetProperty(r => r.ProcessorSeconds, spent), default);
            if (stopped == RunState.Cancelled)
                await EndAsync(run, RunState.Cancelled, null, default);
            else if (stopped == RunState.Failed)
                await EndAsync(run, RunState.Failed, FailureWords.Hung(silence), default);
            else if (stopped is null && code == 0 && File.Exists(Path.Combine(folder, "model", "model.json")))
                await RegisterAsync(run, Path.Combine(folder, "model"), cancel);
            else if (stopped is null && code == TrainingJob.StoppedExitCode && start < MostResumes)
                continue; // It was told to stop by somebody else, and can go on.
            else if (stopped is null)
                await EndAsync(run, RunState.Failed, FailureWords.Of(code, process.Errors.LastLines(15, 2500), process.Output.LastLines(8, 1500)), default);
            cancel.ThrowIfCancellationRequested();
            return;
        }
    }

    private static TrainerProcess Start(string[] command, string folder, TimeSpan grace)
    {
        try
        {
            return TrainerProcess.Start(command, folder, grace);
        }
        catch (Win32Exception error)
        {
            throw new JobException($"The trainer could not be started: {error.Message}");
        }
    }

    /// <returns>Null: it ended by itself. Else why it was stopped; Running: this process lost the run or is stopping, and somebody will go on.</returns>
    private async Task<RunState?> WatchAsync(TrainingRun run, TrainerProcess process, string folder, int silence, CancellationToken cancel)
    {
        MetricsTail metrics = new(Path.Combine(folder, "metrics.jsonl"));
        DateTimeOffset heard = time.GetUtcNow();
        long said = 0;
        while (!process.HasExited)
        {
            bool news = metrics.Read(line => run.Progress = run.Progress.With(line));
            long total = process.Output.Total + process.Errors.Total;
            if (news || total != said)
                (heard, said) = (time.GetUtcNow(), total);
            RunState? state = cancel.IsCancellationRequested ? RunState.Running : await SaveAsync(run, process, cancel);
            RunState? stop = state switch
            {
                RunState.Stopping => RunState.Cancelled,
                RunState.Running when !cancel.IsCancellationRequested => time.GetUtcNow() - heard > TimeSpan.FromMinutes(silence) ? RunState.Failed : null,
                _ => RunState.Running,
            };
            if (stop is not null)
            {
                process.Stop();
                return stop;
            }

            await Task.WhenAny(Task.Delay(Look, cancel), process.EndAsync());
        }

        metrics.Read(line => run.Progress = run.Progress.With(line));
        return null;
    }

    /// <returns>The state in the database; null when the run is no longer ours.</returns>
    private async Task<RunState?> SaveAsync(TrainingRun run, TrainerProcess process, CancellationToken cancel)
    {
        string log = (process.Output.LastLines(200, LogCharacters) + "\n" + process.Errors.LastLines(200, LogCharacters)).Trim();
        RunProgress progress = run.Progress;
        int mine = await Mine(run).ExecuteUpdateAsync(set => set.SetProperty(r => r.Progress, progress).SetProperty(r => r.Log, log), cancel);
        return mine == 0 ? null : await Mine(run).Select(r => (RunState?)r.State).SingleOrDefaultAsync(cancel);
    }

    private async Task RegisterAsync(TrainingRun run, string package, CancellationToken cancel)
    {
        DateTimeOffset now = time.GetUtcNow();
        Result<ModelVersion> made = await models.AddAsync(package, new(run.ProjectId, ModelSource.Run, run.Name, run.CreatedBy, run.CreatedByName, run.Id, run.DatasetVersionId, run.WarmStartId),
            async () => await Mine(run).ExecuteUpdateAsync(set => set.SetProperty(r => r.State, RunState.Succeeded).SetProperty(r => r.FinishedAt, now), cancel) == 1, cancel);
        if (made.Succeeded)
            folders.Remove(run.Id);
        else if (made.Error is InvalidInput)
            await EndAsync(run, RunState.Failed, $"The trainer finished, but its model cannot be used: {made.Error.Detail}", cancel);
    }

    private async Task EndAsync(TrainingRun run, RunState state, string? failure, CancellationToken cancel)
    {
        DateTimeOffset now = time.GetUtcNow();
        string? kept = failure is { Length: > 4000 } ? failure[..4000] : failure;
        if (await Mine(run).ExecuteUpdateAsync(set => set.SetProperty(r => r.State, state).SetProperty(r => r.Failure, kept).SetProperty(r => r.FinishedAt, now), cancel) == 1)
            folders.Remove(run.Id);
    }

    private IQueryable<TrainingRun> Mine(TrainingRun run) => db.Set<TrainingRun>().Where(r => r.Id == run.Id && r.Fence == run.Fence && (r.State == RunState.Running || r.State == RunState.Stopping));
}
