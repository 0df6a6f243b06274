using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Deploy;

/// <summary>What is to be written; the log adds number, time and author.</summary>
internal sealed record DeploymentEntry(Guid ModelVersionId, int ModelNumber, DeploymentStage Stage, string Reason)
{
    public double Share { get; init; } = 1;

    public List<Guid> Stations { get; init; } = [];

    public Dictionary<string, double> Thresholds { get; init; } = [];

    public List<GateCheck> Gates { get; init; } = [];

    public bool IsOverride { get; init; }

    public bool IsAutomatic { get; init; }

    public Guid? RolloutId { get; init; }
}

/// <summary>The append-only history of deployments: read it, fold it, add to its end with an entry in the audit log.</summary>
internal sealed class DeploymentLog(HubDbContext db, CurrentAccess access, AuditLog audit, IdSource ids, TimeProvider time)
{
    /// <summary>Why something is not written: the history is no longer the one that was read.</summary>
    public const string Changed = "changed-meanwhile";

    private const int Attempts = 3;

    /// <summary>The author of what the hub does by itself.</summary>
    public const string Automatic = "Perenne";

    public Task<List<Deployment>> ReadAsync(Guid organization, Guid project, CancellationToken cancel) =>
        db.Set<Deployment>().AsNoTracking().Where(d => d.OrganizationId == organization && d.ProjectId == project).OrderBy(d => d.Number).ToListAsync(cancel);

    public async Task<DeploymentPlan> PlanAsync(Guid organization, Guid project, CancellationToken cancel) => DeploymentPlan.Of(await ReadAsync(organization, project, cancel));

    /// <param name="decide">From the plan in force: what to write, null for nothing, or why not. Asked again when somebody else wrote meanwhile.</param>
    /// <param name="after">The number of the last entry that the decision rests on, 0: none; null: any.</param>
    public async Task<Result<Deployment?>> AppendAsync(Guid organization, Guid project, Func<DeploymentPlan, Result<DeploymentEntry?>> decide, CancellationToken cancel, int? after = null)
    {
        for (int attempt = 1; ; attempt++)
        {
            List<Deployment> history = await ReadAsync(organization, project, cancel);
            int last = history.Count == 0 ? 0 : history[^1].Number;
            if (after is { } read && read != last)
                return HubError.Conflict(Changed, "What is deployed here has changed meanwhile. Look at it again.");
            Result<DeploymentEntry?> decided = decide(DeploymentPlan.Of(history));
            if (!decided.Succeeded)
                return decided.Error;
            if (decided.Value is not { } entry)
                return (Deployment?)null;
            Deployment deployment = Make(organization, project, last + 1, entry);
            db.Add(deployment);
            audit.Record(organization, "deployment." + char.ToLowerInvariant(entry.Stage.ToString()[0]) + entry.Stage.ToString()[1..], $"v{entry.ModelNumber}", after: new
            {
                deployment.Id, deployment.ProjectId, deployment.ModelVersionId, deployment.Share, deployment.Stations, deployment.Reason, deployment.IsAutomatic, deployment.IsOverride, deployment.Gates,
            });
            try
            {
                await db.SaveChangesAsync(cancel);
                return deployment;
            }
            catch (DbUpdateException e) when (e.IsUniqueViolation())
            {
                db.ChangeTracker.Clear();
                if (attempt == Attempts)
                    return HubError.Conflict(Changed, "Somebody else changed what is deployed here in the same moment. Look at it again.");
            }
        }
    }

    private Deployment Make(Guid organization, Guid project, int number, DeploymentEntry entry) => new()
    {
        Id = ids.Next(), ProjectId = project, OrganizationId = organization, Number = number, ModelVersionId = entry.ModelVersionId, ModelNumber = entry.ModelNumber, Stage = entry.Stage,
        Share = entry.Share, Stations = entry.Stations, Thresholds = entry.Thresholds, At = time.GetUtcNow(), ById = entry.IsAutomatic ? Guid.Empty : access.Actor.Id, ByName = entry.IsAutomatic ? Automatic : access.Actor.Name, Reason = entry.Reason,
        IsAutomatic = entry.IsAutomatic, Gates = entry.Gates, IsOverride = entry.IsOverride, RolloutId = entry.RolloutId,
    };
}
