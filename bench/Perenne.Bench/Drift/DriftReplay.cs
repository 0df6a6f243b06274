using System.Globalization;
using Perenne.Vision.Drift;
using Perenne.Vision.Statistics;

namespace Perenne.Bench.Drift;

/// <summary>
/// <c>drift-false-alarms FOLDER</c>: organizations of two cameras in which nothing changes for 90 days, one round a day; every observation is drawn from the real ones of its
/// camera. <c>drift-detection FOLDER</c>: the same line, then a corruption on one camera; found when an alarm stands after two rounds of 250 pictures.
/// </summary>
internal static class DriftReplay
{
    private const int Organizations = 80, Days = 90, Window = 250, Reference = 500, Trials = 40, Pool = 300;
    private static readonly DriftOptions Options = new() { RoundsPerDay = 1, MaximumVectors = 250, MaxThreads = 1 };

    public static void FalseAlarms(string folder)
    {
        ObservedSignals[] pictures = Observe(folder, null, int.MaxValue);
        int[] alarms = new int[Organizations], tests = new int[Organizations], rounds = new int[Organizations], flagged = new int[Organizations];
        Parallel.For(0, Organizations, new ParallelOptions { MaxDegreeOfParallelism = 2 }, o =>
        {
            SeededRandom random = new(2026, (ulong)o);
            Camera[] cameras = [Camera.Of("north", pictures, random), Camera.Of("south", pictures, random)];
            Dictionary<string, bool[]> earlier = cameras.ToDictionary(c => c.Name, _ => Array.Empty<bool>());
            Dictionary<string, int> quiet = cameras.ToDictionary(c => c.Name, _ => int.MaxValue / 2);
            for (int day = 0; day < Days; day++)
            {
                DriftRound round = DriftRound.Judge([.. cameras.Select(c => c.Window(Camera.Draw(c.Pool, Window, random)))], earlier, Options with { Seed = (ulong)(o * Days + day) });
                foreach (CameraDrift camera in round.Cameras)
                {
                    // An alarm is over after as many quiet rounds as the rule looks back on; until then it is the same one.
                    alarms[o] += camera.IsAlarm && quiet[camera.Camera] >= Options.Persistence.Windows ? 1 : 0;
                    quiet[camera.Camera] = camera.IsAlarm ? 0 : quiet[camera.Camera] + 1;
                    flagged[o] += camera.IsFlagged ? 1 : 0;
                    tests[o] += camera.Signals.Count(s => s.PValue < 0.05);
                    rounds[o] += camera.Signals.Any(s => s.PValue < 0.05) ? 1 : 0;
                    earlier[camera.Camera] = [.. earlier[camera.Camera].TakeLast(Options.Persistence.Windows), camera.IsFlagged];
                }
            }
        });
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Organizations} organizations of 2 cameras, {Days} days each: {Organizations * 3} organization-months; {pictures.Length} real observations"));
        Print("Perenne: alarms", alarms);
        Print("Perenne: flagged camera rounds before persistence", flagged);
        Print("uncorrected p < .05: camera rounds with any", rounds);
        Print("uncorrected p < .05: alerts per signal", tests);
    }

    public static void Detection(string folder, string? only = null)
    {
        ObservedSignals[] clean = Observe(folder, null, int.MaxValue);
        Console.WriteLine($"{Trials} trials each; one round a day of two cameras, windows of {Window}, reference of {Reference}");
        foreach ((string name, string strength, var apply) in Corruptions.All.Where(c => only is null || c.Name == only))
        {
            bool isHeld = name == Corruptions.Shift;
            ObservedSignals[] normal = isHeld ? new BoardPictures(folder).Held(0, Pool, null) : clean, changed = isHeld ? new BoardPictures(folder).Held(0, Pool, apply) : Observe(folder, apply, Pool);
            int first = 0, found = 0;
            List<string> causes = [], signals = [];
            for (int t = 0; t < Trials; t++)
            {
                SeededRandom random = new(77, (ulong)t);
                Camera[] cameras = [Camera.Of("north", normal, random), Camera.Of("south", clean, random)];
                Dictionary<string, bool[]> earlier = cameras.ToDictionary(c => c.Name, _ => new[] { false, false });
                CameraDrift north = null!;
                for (int half = 0; half < 2; half++)
                {
                    DriftRound round = DriftRound.Judge([cameras[0].Window(Camera.Draw(changed, Window, random)), cameras[1].Window(Camera.Draw(cameras[1].Pool, Window, random))], earlier, Options with { Seed = (ulong)t });
                    north = round.Cameras[0];
                    first += half == 0 && north.IsFlagged ? 1 : 0;
                    earlier = round.Cameras.ToDictionary(c => c.Camera, c => new[] { false, c.IsFlagged });
                }
                found += north.IsAlarm ? 1 : 0;
                causes.Add(north.Cause?.ToString() ?? "none");
                signals.AddRange(north.Signals.Where(s => s.IsFlagged).Select(s => s.Signal));
            }
            (double low, _) = Wilson(found, Trials);
            string cause = causes.CountBy(c => c).MaxBy(c => c.Value).Key, by = string.Join(", ", signals.CountBy(s => s).Where(s => s.Value >= Trials / 2).OrderByDescending(s => s.Value).Select(s => s.Key));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {strength} | {first} of {Trials} | {found} of {Trials} (from {low:P0}) | {cause} | {by} |"));
        }
    }

    private static ObservedSignals[] Observe(string folder, Func<byte[], Random, byte[]>? change, int most)
    {
        BoardPictures boards = new(folder);
        // Evenly over the boards, so that the corrupted pictures show the same mix of designs.
        int count = Math.Min(most, boards.Names.Count);
        ObservedSignals[] observed = new ObservedSignals[count];
        Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = 2 }, i => observed[i] = boards.Observe((int)((long)i * boards.Names.Count / count), change));
        return observed;
    }

    private static void Print(string name, int[] perOrganization)
    {
        int sum = perOrganization.Sum();
        double mean = (double)sum / perOrganization.Length;
        Interval spread = PercentileBootstrap.Of(perOrganization.Length, counts => counts.Zip(perOrganization, (c, a) => (double)c * a).Sum() / perOrganization.Length, 2000, 0.95, 1)!.Value;
        // Few or no events: the exact Poisson limit, not a bootstrap of zeros.
        double high = Math.Max(spread.High, PoissonUpper(sum) / perOrganization.Length);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {mean:0.###} | {spread.Low:0.###} – {high:0.###} | {perOrganization.Max()} |"));
    }

    /// <summary>Largest mean under which so few events have a chance of 2.5 %.</summary>
    private static double PoissonUpper(int events)
    {
        double low = events, high = events + 10 * Math.Sqrt(events + 4);
        for (int i = 0; i < 100; i++)
        {
            double middle = (low + high) / 2, term = Math.Exp(-middle), sum = term;
            for (int k = 1; k <= events; k++)
                sum += term *= middle / k;
            (low, high) = sum > 0.025 ? (middle, high) : (low, middle);
        }
        return low;
    }

    private static (double Low, double High) Wilson(int hits, int trials)
    {
        const double z = 1.959964;
        double p = (double)hits / trials, middle = (p + z * z / (2 * trials)) / (1 + z * z / trials);
        double half = z * Math.Sqrt(p * (1 - p) / trials + z * z / (4.0 * trials * trials)) / (1 + z * z / trials);
        return (middle - half, middle + half);
    }

    private sealed record Camera(string Name, ObservedSignals[] Pool, ObservedSignals[] Reference, PrincipalComponents Projection)
    {
        public static Camera Of(string name, ObservedSignals[] pictures, SeededRandom random)
        {
            ObservedSignals[] fitted = Draw(pictures, DriftReplay.Window, random);
            PrincipalComponents projection = PrincipalComponents.Fit(FeatureMatrix.FromRows([.. fitted.Select(f => f.Features.ToArray())]), PrincipalComponents.MaxComponents);
            return new(name, pictures, Draw(pictures, DriftReplay.Reference, random), projection);
        }

        public DriftWindow Window(ObservedSignals[] current) => new(Name, Reference, current, Projection);

        public static ObservedSignals[] Draw(ObservedSignals[] pool, int count, SeededRandom random) => [.. Enumerable.Range(0, count).Select(_ => pool[random.Next(pool.Length)])];
    }
}
