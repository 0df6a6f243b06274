using System.Buffers.Binary;
using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Observe;
using Perenne.Hub.Shared;
using Perenne.Hub.Shared.Data;
using Perenne.Vision.Drift;
using Perenne.Vision.Statistics;

namespace Perenne.Hub.Monitor;

/// <param name="Rounds">Windows judged.</param>
/// <param name="Flagged">Of these, with a change that counts.</param>
/// <param name="Alarms">Alerts opened.</param>
internal sealed record DriftChecked(int Rounds, int Flagged, int Alarms);

/// <summary>Judges every full window of one organization and project that has no report yet. Safe to repeat and to run in several processes.</summary>
internal sealed class CheckDrift(
    HubDbContext db, WriteTurn turn, WindowReader reader, KeepReferences references, WatchSilence silence, LabelMix labels, WatchPerformance performance, RaiseAlerts alerts, OutdatedAlerts outdated, IdSource ids, TimeProvider time)
{
    public async Task<DriftChecked> HandleAsync(Guid organization, Guid project, CancellationToken cancel)
    {
        // A station's clock that is years ahead must not hide the others.
        DateTimeOffset sane = time.GetUtcNow().AddDays(400);
        // Production's own time: what a station brings after weeks offline, or what is replayed, is judged as it was taken.
        if (await db.Set<Segment>().Where(s => s.OrganizationId == organization && s.DroppedAt == null && s.LastAt < sane).MaxAsync(s => (DateTimeOffset?)s.LastAt, cancel) is not { } newest)
            return new(0, 0, 0);
        DriftRules rules = await DriftRules.OfAsync(db, project, cancel);
        List<SeenCamera> cameras = await reader.CamerasAsync(organization, project, newest - DriftRules.LookBack, newest, cancel);
        List<DriftReference> ready = await references.CurrentAsync(organization, project, cameras, rules, newest, cancel);
        await outdated.CloseAsync(organization, project, ready, cancel);
        double perDay = rules.RoundsPerDay(ready);
        DriftChecked sum = new(0, 0, await silence.CheckAsync(organization, project, cameras, ready, cancel));
        foreach (DriftReference reference in ready.Where(r => r.To is not null))
            sum = Add(sum, await CheckAsync(reference, rules, perDay, newest, cancel));
        return Add(sum, new(0, 0, await performance.CheckAsync(organization, project, cameras, rules, newest, cancel)));
    }

    private async Task<DriftChecked> CheckAsync(DriftReference reference, DriftRules rules, double perDay, DateTimeOffset newest, CancellationToken cancel)
    {
        DriftChecked sum = new(0, 0, 0);
        List<SeenObservation>? first = null;
        PrincipalComponents? projection = null;
        var mix = await labels.OfAsync(reference.ModelVersionId, cancel);
        for (int round = 0; round < DriftRules.MostRounds; round++)
        {
            List<DriftReport> earlier = await db.Set<DriftReport>().AsNoTracking().Where(r => r.ReferenceId == reference.Id).OrderByDescending(r => r.CurrentTo).Take(20).ToListAsync(cancel);
            List<SeenObservation> current = await reader.ReadAsync(reference, earlier.FirstOrDefault()?.CurrentTo ?? reference.To!.Value, false, newest, rules.Policy.Window, cancel);
            if (current.Count < rules.Policy.Window)
                break;
            if (first is null)
            {
                first = await reader.ReadAsync(reference, reference.From, true, reference.To!.Value, reference.Wanted, cancel);
                projection = Fit([.. first.Skip(reference.Size)]);
            }

            sum = Add(sum, await JudgeAsync(reference, [.. first.Take(reference.Size)], current, projection, earlier, seed => rules.Options(perDay, seed), mix, cancel));
        }

        return sum;
    }

    private async Task<DriftChecked> JudgeAsync(
        DriftReference reference, List<SeenObservation> before, List<SeenObservation> current, PrincipalComponents? projection, List<DriftReport> newestFirst, Func<ulong, DriftOptions> options,
        Func<IEnumerable<string>, IEnumerable<string>, IReadOnlyList<LabelShare>?> mix, CancellationToken cancel)
    {
        bool[] history = [.. newestFirst.Take(DriftRules.Persistence.Windows).Reverse().Select(r => r.Cause is not null)];
        DriftRound judged = DriftRound.Judge(
            [new DriftWindow(reference.Camera, [.. before.Select(o => o.Signals)], [.. current.Select(o => o.Signals)], projection)], new Dictionary<string, bool[]> { [reference.Camera] = history },
            options(Seed(reference.Id, current[0].At)));
        CameraDrift camera = judged.Cameras[0];
        DateTimeOffset? since = !camera.IsFlagged ? null : newestFirst.TakeWhile(r => r.Cause is not null).LastOrDefault()?.CurrentFrom ?? current[0].At;
        DriftReport Report() => new()
        {
            Id = ids.Next(), OrganizationId = reference.OrganizationId, ProjectId = reference.ProjectId, Camera = reference.Camera, ReferenceId = reference.Id,
            CurrentFrom = current[0].At, CurrentTo = current[^1].At, ReferenceCount = camera.ReferenceCount, CurrentCount = camera.CurrentCount, Level = judged.Level,
            Cause = camera.Cause, IsAlarm = camera.IsAlarm, Since = since, ExpectedPrecision = camera.ExpectedPrecision, ExpectedBefore = Mean(before), Labels = mix(before.SelectMany(o => o.Signals.Classes), current.SelectMany(o => o.Signals.Classes)) ?? [], Signals = camera.Signals,
            Examples = new(Examples(before), Examples(current)), MadeAt = time.GetUtcNow(),
        };
        bool opened = false;
        bool made = await turn.TryAsync(db, async () =>
        {
            DriftReport report = Report();
            db.Add(report);
            await db.SaveChangesAsync(cancel);
            opened = await alerts.AfterAsync(report, cancel);
        }, cancel);
        return made ? new(1, camera.IsFlagged ? 1 : 0, opened ? 1 : 0) : new(0, 0, 0);
    }

    private static double? Mean(List<SeenObservation> window) => window.SelectMany(o => o.Signals.Scores).Select(s => (double?)s).Average();

    private static PrincipalComponents? Fit(IReadOnlyCollection<SeenObservation> others)
    {
        float[][] features = [.. others.Select(o => o.Signals.Features.ToArray()).Where(f => f.Length > 0)];
        if (features.Length < Math.Max(20, others.Count / 2) || features.Any(f => f.Length != features[0].Length))
            return null;
        PrincipalComponents fitted = PrincipalComponents.Fit(FeatureMatrix.FromRows(features), Math.Min(PrincipalComponents.MaxComponents, features[0].Length));
        return fitted.Axes.Count > 0 ? fitted : null;
    }

    private static string[] Examples(List<SeenObservation> window)
    {
        string[] kept = [.. window.Select(o => o.ImageSha256).OfType<string>()];
        int count = Math.Min(6, kept.Length);
        return [.. Enumerable.Range(0, count).Select(i => kept[(int)((long)i * kept.Length / count)])];
    }

    // The same window gives the same report, whoever makes it.
    private static ulong Seed(Guid reference, DateTimeOffset at)
    {
        Span<byte> bytes = stackalloc byte[16];
        reference.TryWriteBytes(bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes) ^ BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]) ^ (ulong)at.UtcTicks;
    }

    internal static DriftChecked Add(DriftChecked a, DriftChecked b) => new(a.Rounds + b.Rounds, a.Flagged + b.Flagged, a.Alarms + b.Alarms);
}
