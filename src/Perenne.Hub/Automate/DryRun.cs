using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;

namespace Perenne.Hub.Automate;

/// <param name="Kept">Hours of recorded facts that were looked at.</param>
internal sealed record DryRunAnswer(int Kept, IReadOnlyList<DryRunStep> Steps);

internal sealed record DryRunStep(DateTimeOffset At, FlowKind Kind, Guid? OrganizationId, string Reason);

/// <summary>
/// "What would this policy have done over the last 30 days": its rules on the recorded facts, hour by hour. The facts are those that were,
/// not those that its own steps would have made; a retraining is followed by its pause, an audit counts as open from then on.
/// </summary>
internal sealed class DryRun(HubDbContext db, TimeProvider time)
{
    public const int Days = 30;

    public async Task<Result<DryRunAnswer>> HandleAsync(Guid project, string? yaml, CancellationToken cancel)
    {
        Result<LoopPolicy> read = PolicyYaml.Read(yaml);
        if (!read.Succeeded)
            return read.Error;
        long from = time.GetUtcNow().AddDays(-Days).ToUnixTimeSeconds() / 3600;
        List<FactsSnapshot> past = await db.Set<FactsSnapshot>().AsNoTracking().Where(s => s.ProjectId == project && s.Hour >= from).OrderBy(s => s.Hour).ToListAsync(cancel);
        return Replay(read.Value with { Enabled = true }, project, past);
    }

    internal static DryRunAnswer Replay(LoopPolicy policy, Guid project, IReadOnlyList<FactsSnapshot> past)
    {
        List<DryRunStep> steps = [];
        HashSet<string> done = [];
        DateTimeOffset? trained = null;
        Dictionary<Guid, DateTimeOffset> evaluated = [];
        int hours = 0;
        foreach (IGrouping<long, FactsSnapshot> hour in past.GroupBy(s => s.Hour))
        {
            hours++;
            DateTimeOffset now = DateTimeOffset.FromUnixTimeSeconds(hour.Key * 3600);
            SnapshotFacts first = hour.First().Facts;
            DateTimeOffset? last = trained is { } t && (first.TrainedAt is null || t > first.TrainedAt) ? t : first.TrainedAt;
            LoopFacts facts = new(project, first.Champion, last, false, [.. hour.Select(s => s.Facts.Organization with
            {
                EvaluatedAt = evaluated.TryGetValue(s.OrganizationId, out DateTimeOffset at) ? at : s.Facts.Organization.EvaluatedAt,
                DriftIsAudited = s.Facts.Organization.Drift is { } alert && done.Contains($"audit:{alert}"),
            })]);
            foreach (LoopStep step in LoopRules.Of(policy, facts, now))
            {
                string key = step.Kind == FlowKind.Retrain ? $"{step.Key}:{hour.Key}" : step.Key;
                if (!done.Add(key))
                    continue;
                if (step.Kind == FlowKind.Retrain)
                    trained = now;
                if (step is { Kind: FlowKind.Evaluate, Organization: { } organization })
                    evaluated[organization] = now;
                steps.Add(new(now, step.Kind, step.Organization, step.Reason));
            }
        }

        return new(hours, steps);
    }
}
