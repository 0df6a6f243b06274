using Perenne.Vision.Drift;

namespace Perenne.Hub.Monitor;

/// <summary>How production is cut into windows and judged.</summary>
internal static class DriftRules
{
    /// <summary>Compared with.</summary>
    public const int Reference = 500;

    /// <summary>After the reference, only to fit principal components: they must know neither window.</summary>
    public const int Fitting = 250;

    /// <summary>Judged at a time, tumbling.</summary>
    public const int Window = 250;

    /// <summary>Rounds a run may catch up with per camera.</summary>
    public const int MostRounds = 20;

    public static readonly TimeSpan LookBack = TimeSpan.FromDays(92);

    public static readonly PersistenceRule Persistence = PersistenceRule.Default;

    /// <summary>Rounds a day of the organization, from how long each camera took to fill its reference; that many rounds share the budget.</summary>
    public static double RoundsPerDay(IEnumerable<DriftReference> references) => Math.Clamp(references.Where(r => r.To is not null)
        .Sum(r => (double)(Reference + Fitting) / Window / Math.Max(1.0 / 24, (r.To!.Value - r.From).TotalDays)), 1, 1000);

    public static DriftOptions Options(double roundsPerDay, ulong seed) => new() { RoundsPerDay = roundsPerDay, Persistence = Persistence, Seed = seed };
}
