namespace Perenne.Vision.Drift;

/// <summary>How many false alarms an organization puts up with; every threshold follows from it.</summary>
/// <param name="Alarms">Expected false alarms per period while nothing changes, &gt; 0.</param>
/// <param name="Days">The period, &gt; 0.</param>
public sealed record AlarmBudget(double Alarms = 1, double Days = 90)
{
    /// <summary>Never looser than this, however rarely is looked.</summary>
    public const double LoosestLevel = 0.05;

    /// <summary>The chance of any flag that one round over all cameras of the organization may have.</summary>
    /// <remarks>
    /// Each round flags with at most this chance (<see cref="FleetDriftRule"/>), so the expected number of flagged rounds in a period is at most level × rounds.
    /// An alarm takes k flagged rounds, and no flagged round serves two alarms of one camera, so the expected number of alarms is at most level × rounds / k. This
    /// holds however much rounds depend on each other through their common reference, because expectations add up regardless.
    /// </remarks>
    /// <param name="roundsPerDay">How often the organization is looked at, &gt; 0.</param>
    /// <param name="persistence">How many flagged rounds an alarm takes.</param>
    public double LevelPerRound(double roundsPerDay, PersistenceRule persistence)
    {
        if (!(Alarms > 0 && Days > 0 && roundsPerDay > 0))
            throw new ArgumentOutOfRangeException(nameof(roundsPerDay), "Alarms, days and rounds per day must be positive.");
        return Math.Min(LoosestLevel, Alarms * persistence.Required / (roundsPerDay * Days));
    }
}
