using System.Buffers.Binary;
using Perenne.Contracts.Models;
using Perenne.Contracts.Observations;
using Perenne.Contracts.Stations;
using Perenne.Inference;

namespace Perenne.Station.Judge;

/// <summary>
/// Decides which frames the hub gets as images. Random shares are a function of the frame's id, so that a restart neither repeats nor skips,
/// and each rule draws its own number.
/// </summary>
internal sealed class Sampler(TimeProvider time)
{
    private readonly Lock gate = new();
    private readonly Queue<DateTimeOffset> taken = new();

    /// <summary>The reason, or null: not taken.</summary>
    public string? Reason(SamplingRules rules, Guid frame, Prediction? prediction, ModelManifest? manifest, IReadOnlyDictionary<string, double> thresholds)
    {
        string? reason = Wanted(rules, frame, prediction, manifest, thresholds);
        if (reason is null)
            return null;
        lock (gate)
        {
            DateTimeOffset now = time.GetUtcNow();
            while (taken.TryPeek(out DateTimeOffset first) && now - first > TimeSpan.FromHours(1))
                taken.Dequeue();
            if (taken.Count >= rules.MaxPerHour)
                return null;
            taken.Enqueue(now);
            return reason;
        }
    }

    /// <summary>A number in [0, 1) that only depends on frame and rule (SplitMix64 of the id's random half).</summary>
    internal static double Draw(Guid frame, ulong rule)
    {
        Span<byte> bytes = stackalloc byte[16];
        frame.TryWriteBytes(bytes, bigEndian: true, out _);
        ulong z = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]) + (rule + 1) * 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return ((z ^ (z >> 31)) >> 11) / (double)(1UL << 53);
    }

    private static string? Wanted(SamplingRules rules, Guid frame, Prediction? prediction, ModelManifest? manifest, IReadOnlyDictionary<string, double> thresholds)
    {
        if (Draw(frame, 1) < rules.AuditShare)
            return "audit";
        if (prediction is not null && manifest is not null)
        {
            if (rules.BandWidth > 0 && Draw(frame, 2) < rules.BandShare && prediction.Detections.Any(d => Math.Abs(d.Score - Threshold(manifest, thresholds, d.Class)) <= rules.BandWidth))
                return "band";
            foreach (Detection d in prediction.Detections.Where(d => d.Counts))
                if (rules.RareClasses.TryGetValue(manifest.Classes[d.Class].Name, out double share) && Draw(frame, 100 + (ulong)d.Class) < share)
                    return "rare";
        }
        return Draw(frame, 3) < rules.DriftShare ? "drift" : null;
    }

    private static double Threshold(ModelManifest manifest, IReadOnlyDictionary<string, double> thresholds, int type) =>
        thresholds.TryGetValue(manifest.Classes[type].Name, out double own) ? own : manifest.Classes[type].Threshold ?? manifest.Threshold;
}
