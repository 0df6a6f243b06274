using System.Collections.Immutable;

namespace Perenne.Vision.Drift;

/// <summary>The two windows of one camera.</summary>
/// <param name="Camera">Its name.</param>
/// <param name="Reference">From the deployed version's first accepted period, in the order taken.</param>
/// <param name="Current">The newest, in the order taken.</param>
/// <param name="Projection">Principal components fitted on features that are in neither window; null compares features as they are.</param>
public sealed record DriftWindow(string Camera, IReadOnlyList<ObservedSignals> Reference, IReadOnlyList<ObservedSignals> Current, PrincipalComponents? Projection = null);

/// <summary>How a round is judged.</summary>
public sealed record DriftOptions
{
    /// <summary>The false alarms an organization puts up with.</summary>
    public AlarmBudget Budget { get; init; } = new();

    /// <summary>Rounds a day over the organization's cameras; with the budget it gives the level.</summary>
    public double RoundsPerDay { get; init; } = 1;

    /// <summary>How many flagged rounds an alarm takes.</summary>
    public PersistenceRule Persistence { get; init; } = PersistenceRule.Default;

    /// <summary>Differences below this do not matter, on the scale of <see cref="SignalChange.Effect"/>.</summary>
    public double MinimumEffect { get; init; } = 0.1;

    /// <summary>Windows with fewer observations are not judged.</summary>
    public int LeastObservations { get; init; } = 50;

    /// <summary>At most so many feature vectors a side.</summary>
    public int MaximumVectors { get; init; } = 500;

    /// <summary>Permutations that decide whether a second look is worth it.</summary>
    public int FirstPermutations { get; init; } = 199;

    /// <summary>At most so many in the second look.</summary>
    public int MostPermutations { get; init; } = 9_999;

    /// <summary>Largest distance of near-duplicate neighbours in bits.</summary>
    public int NearDuplicateRadius { get; init; } = NearDuplicateNeighbours.DefaultRadius;

    /// <summary>Same seed, same report.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>At most so many threads; -1 = as many as there are processors.</summary>
    public int MaxThreads { get; init; } = -1;
}

/// <summary>One camera in one round.</summary>
/// <param name="Camera">Its name.</param>
/// <param name="ReferenceCount">Observations compared with, near duplicates removed.</param>
/// <param name="CurrentCount">Observations judged, near duplicates removed.</param>
/// <param name="Signals">Every signal that could be tested, the strongest first; empty where a window was too small.</param>
/// <param name="Cause">What changed; null where nothing is flagged.</param>
/// <param name="IsAlarm">Whether it has lasted long enough to tell somebody.</param>
/// <param name="ExpectedPrecision">Mean score of the current window's detections: the share expected to be right, where scores are calibrated. Null without any.</param>
public sealed record CameraDrift(
    string Camera, int ReferenceCount, int CurrentCount, ImmutableArray<SignalChange> Signals, DriftCause? Cause, bool IsAlarm, double? ExpectedPrecision)
{
    /// <summary>Whether anything counts in this round.</summary>
    public bool IsFlagged => Cause is not null;
}

/// <summary>One look at all cameras of an organization: which signals changed, what that means, whether somebody is told.</summary>
/// <param name="Level">The chance of any flag this round had, were nothing changed.</param>
/// <param name="Cameras">One per window given, in that order.</param>
public sealed record DriftRound(double Level, ImmutableArray<CameraDrift> Cameras)
{
    /// <summary>Judges one round.</summary>
    /// <param name="windows">One per camera.</param>
    /// <param name="earlier">By camera, whether each earlier round of the same reference was flagged, oldest first.</param>
    /// <param name="options">Budget, persistence, smallest effect.</param>
    /// <remarks>Signals: Holm within a camera, cameras: Benjamini-Hochberg (<see cref="FleetDriftRule"/>) at the level the budget leaves; then <see cref="PersistenceRule"/>.</remarks>
    public static DriftRound Judge(IReadOnlyList<DriftWindow> windows, IReadOnlyDictionary<string, bool[]> earlier, DriftOptions options)
    {
        double level = options.Budget.LevelPerRound(options.RoundsPerDay, options.Persistence);
        DriftWindow[] thinned = [.. windows.Select(w => w with
        {
            Reference = NearDuplicateNeighbours.Without(w.Reference, options.NearDuplicateRadius), Current = NearDuplicateNeighbours.Without(w.Current, options.NearDuplicateRadius),
        })];
        SignalChange[][] tested = [.. thinned.Select(w => w.Reference.Count < options.LeastObservations || w.Current.Count < options.LeastObservations ? []
            : WindowComparison.Of(w, options, level / (10.0 * Math.Max(1, windows.Count))).ToArray())];
        DriftMeasurement[] measurements = [.. windows.Zip(tested).SelectMany(p => p.Second.Select(s => new DriftMeasurement(p.First.Camera, s.Signal, s.PValue, s.Effect)))];
        ILookup<string, string> flags = new FleetDriftRule(level, options.MinimumEffect).Apply(measurements).ToLookup(f => f.Measurement.Camera, f => f.Measurement.Measure);
        return new DriftRound(level, [.. thinned.Zip(tested).Select(p => OfCamera(p.First, p.Second, [.. flags[p.First.Camera]], earlier, options))]);
    }

    private static CameraDrift OfCamera(DriftWindow window, SignalChange[] tested, HashSet<string> flagged, IReadOnlyDictionary<string, bool[]> earlier, DriftOptions options)
    {
        double[] corrected = MultipleTesting.Holm([.. tested.Select(s => s.PValue)]);
        ImmutableArray<SignalChange> signals =
        [
            .. tested.Select((s, i) => s with { CorrectedPValue = corrected[i], IsFlagged = flagged.Contains(s.Signal) })
                .OrderByDescending(s => s.IsFlagged).ThenBy(s => s.CorrectedPValue).ThenByDescending(s => s.Effect),
        ];
        DriftCause? cause = DriftCauses.Of(signals);
        bool[] history = [.. earlier.GetValueOrDefault(window.Camera, []), cause is not null];
        double[] scores = [.. window.Current.SelectMany(o => o.Scores)];
        return new CameraDrift(window.Camera, window.Reference.Count, window.Current.Count, signals, cause, options.Persistence.IsMet(history), scores.Length == 0 ? null : scores.Average());
    }
}
