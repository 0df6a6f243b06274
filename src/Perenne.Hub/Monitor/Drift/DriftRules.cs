using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Automate;
using Perenne.Hub.Shared.Data;
using Perenne.Vision.Drift;

namespace Perenne.Hub.Monitor;

/// <summary>How a project's production is cut into windows and judged.</summary>
internal sealed record DriftRules(MonitorPolicy Policy)
{
    /// <summary>Rounds a run may catch up with per camera.</summary>
    public const int MostRounds = 40;

    /// <summary>Share of the budget of false alarms for the watch on feedback and audits; the rest is for drift.</summary>
    public const double FeedbackShare = 0.1;

    public static readonly TimeSpan LookBack = TimeSpan.FromDays(92);

    public static readonly PersistenceRule Persistence = PersistenceRule.Default;

    public static async Task<DriftRules> OfAsync(HubDbContext db, Guid project, CancellationToken cancel)
    {
        string? yaml = await db.Set<PolicyVersion>().Where(p => p.ProjectId == project).OrderByDescending(p => p.Number).Select(p => p.Yaml).FirstOrDefaultAsync(cancel);
        return new(yaml is not null && PolicyYaml.Read(yaml) is { Succeeded: true } read ? read.Value.Monitor : new());
    }

    /// <summary>After a reference of this size so many more are read, only to fit principal components: they must know neither window.</summary>
    public static int Fitting(int reference) => reference / 2;

    /// <summary>Rounds a day of the organization, from how long each camera took to fill its reference; that many rounds share the budget.</summary>
    public double RoundsPerDay(IEnumerable<DriftReference> references) => Math.Clamp(references.Where(r => r.To is not null)
        .Sum(r => (double)r.Wanted / Policy.Window / Math.Max(1.0 / 24, (r.To!.Value - r.From).TotalDays)), 1, 1000);

    public DriftOptions Options(double roundsPerDay, ulong seed) => new()
    {
        RoundsPerDay = roundsPerDay, Persistence = Persistence, Seed = seed, Budget = new(Policy.FalseAlarms * (1 - FeedbackShare), Policy.Days), LeastObservations = Math.Min(50, Policy.Window / 2),
    };
}
