using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Observe;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;

namespace Perenne.Hub.Deploy;

/// <summary>
/// Holds what runs in an organization against its bounds: asked whenever a segment or an objection arrives, and every minute. The
/// evidence is the sum of the segments' figures since the deployment began.
/// </summary>
internal sealed class WatchDeployments(HubDbContext db, DeploymentLog log, TakeBack takeBack, TimeProvider time, ILogger<WatchDeployments> logger)
{
    /// <summary>After something arrived: what arrived is taken whatever happens here, because the minute's look repeats it.</summary>
    public async Task AfterArrivalAsync(Guid organization, IEnumerable<Guid> projects, CancellationToken cancel)
    {
        try
        {
            foreach (Guid project in projects)
                await CheckAsync(organization, project, cancel);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            db.ChangeTracker.Clear();
            logger.LogError(error, "The bounds of {Organization} could not be looked at.", organization);
        }
    }

    /// <returns>The rollbacks it made.</returns>
    public async Task<IReadOnlyList<Deployment>> CheckAsync(Guid organization, Guid project, CancellationToken cancel)
    {
        DeploymentPlan plan = await log.PlanAsync(organization, project, cancel);
        RollbackBounds bounds = await db.Set<PlantPolicy>().Where(p => p.ProjectId == project && p.OrganizationId == organization).Select(p => p.Bounds).SingleOrDefaultAsync(cancel) ?? new();
        List<Deployment> made = [];
        foreach (Deployment watched in Watched(plan, bounds))
        {
            if (RollbackRules.Judge(bounds, watched.Stage, await EvidenceAsync(watched.Id, cancel) with { Before = await BeforeAsync(plan, watched, bounds, cancel) }) is not { } reason)
                continue;
            Result<Deployment?> done = await takeBack.AutomaticallyAsync(watched, reason, cancel);
            if (done is { Succeeded: true, Value: { } rolledBack })
            {
                made.Add(rolledBack);
                logger.LogWarning("Version {Number} was taken back in {Organization}: {Reason}", watched.ModelNumber, organization, reason);
            }
        }

        return made;
    }

    public async Task<DeploymentEvidence> EvidenceAsync(Guid deployment, CancellationToken cancel)
    {
        var figures = await db.Set<SegmentFigure>().AsNoTracking().Where(f => f.DeploymentId == deployment)
            .Select(f => new { f.Role, f.Frames, f.Errors, f.Compared, f.Disagreed, f.Latency }).ToListAsync(cancel);
        int objections = await db.Set<Objection>().CountAsync(o => o.DeploymentId == deployment, cancel);
        return new(figures.Sum(f => (long)f.Frames), figures.Where(f => f.Role != "shadow").Sum(f => (long)f.Frames), figures.Sum(f => (long)f.Errors), figures.Sum(f => (long)f.Compared), figures.Sum(f => (long)f.Disagreed), objections,
            LatencyBins.Sum(figures.Select(f => f.Latency)));
    }

    /// <summary>How many frames back the model before is looked at, as a multiple of those that a rule needs: what it was like lately counts.</summary>
    private const int LookBack = 5;

    private async Task<(long Decided, long Objections)> BeforeAsync(DeploymentPlan plan, Deployment watched, RollbackBounds bounds, CancellationToken cancel)
    {
        if ((watched.Stage == DeploymentStage.Active ? plan.Previous : plan.Active) is not { } before)
            return default;
        var newest = await db.Set<SegmentFigure>().AsNoTracking().Where(f => f.DeploymentId == before.Id && f.Role != "shadow" && f.Frames > 0)
            .Join(db.Set<Segment>(), f => f.SegmentId, s => s.Id, (f, s) => new { s.FirstAt, f.Frames }).OrderByDescending(f => f.FirstAt).Take(LookBack * bounds.MinFrames).ToListAsync(cancel);
        long decided = 0;
        DateTimeOffset from = DateTimeOffset.MaxValue;
        foreach (var segment in newest.TakeWhile(_ => decided < (long)LookBack * bounds.MinFrames))
            (decided, from) = (decided + segment.Frames, segment.FirstAt);
        return (decided, decided == 0 ? 0 : await db.Set<Objection>().LongCountAsync(o => o.DeploymentId == before.Id && o.At >= from, cancel));
    }

    // A model that has decided for days without trouble is not taken back by a rule: what changes then is the world, which monitoring sees.
    private IEnumerable<Deployment> Watched(DeploymentPlan plan, RollbackBounds bounds) => plan.All
        .Where(d => d.Stage != DeploymentStage.Active || (plan.Previous is not null && time.GetUtcNow() - d.At <= TimeSpan.FromHours(bounds.WatchHours)));
}
