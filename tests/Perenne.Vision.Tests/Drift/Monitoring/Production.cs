using Perenne.Vision.Drift;
using Perenne.Vision.Statistics;

namespace Perenne.Vision.Tests.Drift.Monitoring;

/// <summary>A line by seed: normal measures, features that follow the brightness, defects that come several to an image.</summary>
internal static class Production
{
    private static readonly string[] Classes = ["dent", "scratch", "spot"];

    public static DriftWindow Window(string camera, ulong seed, int reference, int current, Func<ObservedSignals, ObservedSignals>? change = null) =>
        new(camera, Take(seed, reference), [.. Take(seed + 1, current).Select(o => change?.Invoke(o) ?? o)]);

    public static ObservedSignals With(this ObservedSignals o, string scalar, double value) =>
        o with { Scalars = new Dictionary<string, double>(o.Scalars) { [scalar] = value } };

    public static ObservedSignals Brighter(this ObservedSignals o, double gain) => o with
    {
        Scalars = o.Scalars.ToDictionary(s => s.Key, s => s.Key.StartsWith("brightness", StringComparison.Ordinal) ? s.Value * gain : s.Value),
        Features = o.Features.ToArray().Select(f => f + (float)(10 * (gain - 1))).ToArray(),
    };

    private static List<ObservedSignals> Take(ulong seed, int count)
    {
        SeededRandom random = new(seed, 77);
        return [.. Enumerable.Range(0, count).Select(_ => One(random))];
    }

    private static ObservedSignals One(SeededRandom random)
    {
        // A bad part has one kind of defect, many times.
        string kind = Classes[random.Next(3)];
        int defects = random.Next(2) == 0 ? 0 : 1 + random.Next(6);
        return new ObservedSignals
        {
            Scalars = new Dictionary<string, double>
            {
                ["brightness-p50"] = 0.5 + 0.02 * random.NextNormal(), ["brightness-p99"] = 0.9 + 0.02 * random.NextNormal(), ["sharpness"] = 100 + 10 * random.NextNormal(),
                ["noise"] = 4 + 0.5 * random.NextNormal(), ["entropy"] = 6 + 0.1 * random.NextNormal(),
            },
            Facts = new Dictionary<string, string> { ["size"] = "640 × 480" },
            Features = Enumerable.Range(0, 12).Select(_ => (float)random.NextNormal()).ToArray(),
            Classes = [.. Enumerable.Repeat(kind, defects)],
            Scores = [.. Enumerable.Range(0, defects).Select(_ => random.NextDouble())],
        };
    }
}
