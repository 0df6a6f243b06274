using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Automate;

/// <summary>
/// Looks at every project once a tick: records the facts of the hour, begins what the policy's rules ask for, and moves what is under way.
/// Every hub does so; unique keys and the moves' fence make each effect happen once (docs/adr/flows-without-a-scheduler.md).
/// </summary>
internal sealed class LoopKeeper(IServiceScopeFactory scopes, IOptions<HubOptions> options, TimeProvider time, ILogger<LoopKeeper> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(TimeSpan.FromSeconds(Math.Max(1, options.Value.LoopTickSeconds)), time);
        while (await timer.WaitForNextTickAsync(stoppingToken).AsTask().ContinueWith(t => t.IsCompletedSuccessfully && t.Result, TaskScheduler.Default))
        {
            try
            {
                await RunOnceAsync(stoppingToken);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                logger.LogError(error, "The loop could not be looked after; trying again at the next tick.");
            }
        }
    }

    public async Task RunOnceAsync(CancellationToken cancel)
    {
        List<Guid> projects;
        await using (AsyncServiceScope scope = Scope())
            projects = await scope.ServiceProvider.GetRequiredService<HubDbContext>().Set<Project>().Where(p => p.ArchivedAt == null).OrderBy(p => p.Id).Select(p => p.Id).ToListAsync(cancel);
        foreach (Guid project in projects)
        {
            await using AsyncServiceScope scope = Scope();
            try
            {
                await scope.ServiceProvider.GetRequiredService<LoopTurn>().HandleAsync(project, cancel);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                // One project's trouble is not the others'.
                logger.LogError(error, "The loop of project {Project} failed at this tick.", project);
            }
        }
    }

    private AsyncServiceScope Scope()
    {
        AsyncServiceScope scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentAccess>().ActAsSystem();
        return scope;
    }
}

/// <summary>One project at one tick.</summary>
internal sealed class LoopTurn(HubDbContext db, GatherLoop gather, StepFlows steps, CancelFlow cancelled, IdSource ids, TimeProvider time)
{
    public async Task HandleAsync(Guid project, CancellationToken cancel)
    {
        PolicyVersion? version = await db.Set<PolicyVersion>().AsNoTracking().Where(p => p.ProjectId == project).OrderByDescending(p => p.Number).FirstOrDefaultAsync(cancel);
        Result<LoopPolicy> read = version is null ? new LoopPolicy() : PolicyYaml.Read(version.Yaml);
        LoopPolicy policy = read.Succeeded ? read.Value : new();
        DateTimeOffset now = time.GetUtcNow();
        LoopFacts facts = await gather.HandleAsync(project, cancel);
        await RecordAsync(facts, now, cancel);
        foreach (LoopStep step in LoopRules.Of(policy, facts, now))
            await BeginAsync(project, version?.Number ?? 0, step, now, cancel);
        List<FlowRun> open = await db.Set<FlowRun>().AsNoTracking().Where(r => r.ProjectId == project && r.State == FlowState.Running).OrderBy(r => r.Id).ToListAsync(cancel);
        foreach (FlowRun run in open)
            await steps.MoveAsync(run, policy, cancel);
        await cancelled.SweepAsync(project, cancel);
    }

    private async Task BeginAsync(Guid project, int policy, LoopStep step, DateTimeOffset now, CancellationToken cancel)
    {
        if (await db.Set<FlowRun>().AnyAsync(r => r.ProjectId == project && r.Key == step.Key, cancel))
            return;
        db.Add(new FlowRun
        {
            Id = ids.Next(), OrganizationId = step.Organization!.Value, ProjectId = project, Kind = step.Kind, Key = step.Key, Stage = StepFlows.First(step.Kind), Reason = step.Reason,
            Inputs = new(policy, step.Subject), Log = [new(now, "Begun.")], StartedAt = now,
        });
        await SaveOrYieldAsync(cancel);
    }

    // Another hub was first: its row stands.
    private async Task SaveOrYieldAsync(CancellationToken cancel)
    {
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException error) when (DbErrors.IsUniqueViolation(error))
        {
            // Nothing to do.
        }

        db.ChangeTracker.Clear();
    }

    private async Task RecordAsync(LoopFacts facts, DateTimeOffset now, CancellationToken cancel)
    {
        long hour = now.ToUnixTimeSeconds() / 3600, oldest = hour - (24 * DryRun.Days);
        if (facts.Organizations.Count == 0 || await db.Set<FactsSnapshot>().AnyAsync(s => s.ProjectId == facts.ProjectId && s.Hour == hour, cancel))
            return;
        foreach (OrganizationFacts organization in facts.Organizations)
            db.Add(new FactsSnapshot { OrganizationId = organization.Id, ProjectId = facts.ProjectId, Hour = hour, Facts = new(facts.Champion, facts.TrainedAt, facts.RetrainIsOpen, organization) });
        await SaveOrYieldAsync(cancel);
        await db.Set<FactsSnapshot>().Where(s => s.ProjectId == facts.ProjectId && s.Hour < oldest).ExecuteDeleteAsync(cancel);
    }
}
