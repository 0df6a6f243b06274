using System.Buffers.Binary;
using Microsoft.EntityFrameworkCore;
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
internal sealed class CheckDrift(HubDbContext db, WriteTurn turn, WindowReader reader, KeepReferences references, RaiseAlerts alerts, IdSource ids, TimeProvider time)
{
    public async Task<DriftChecked> HandleAsync(Guid organization, Guid project, CancellationToken cancel)
    {
        DateTimeOffset now = time.GetUtcNow();
        List<DriftReference> ready = await references.CurrentAsync(organization, project, now, cancel);
        double perDay = DriftRules.RoundsPerDay(ready);
        DriftChecked sum = new(0, 0, 0);
        foreach (DriftReference reference in ready.Where(r => r.To is not null))
            sum = Add(sum, await CheckAsync(reference, perDay, now, cancel));
        return sum;
    }

    private async Task<DriftChecked> CheckAsync(DriftReference reference, double perDay, DateTimeOffset now, CancellationToken cancel)
    {
        DriftChecked sum = new(0, 0, 0);
        List<SeenObservation>? first = null;
        PrincipalComponents? projection = null;
        for (int round = 0; round < DriftRules.MostRounds; round++)
        {
            List<DriftReport> earlier = await db.Set<DriftReport>().AsNoTracking().Where(r => r.ReferenceId == reference.Id).OrderByDescending(r => r.CurrentTo).Take(20).ToListAsync(cancel);
            List<SeenObservation> current = await reader.ReadAsync(reference.OrganizationId, reference.ProjectId, reference.Camera, earlier.FirstOrDefault()?.CurrentTo ?? reference.To!.Value, false, now, DriftRules.Window, cancel);
            if (current.Count < DriftRules.Window)
                break;
            if (first is null)
            {
                first = await reader.ReadAsync(reference.OrganizationId, reference.ProjectId, reference.Camera, reference.From, true, reference.To!.Value, DriftRules.Reference + DriftRules.Fitting, cancel);
                projection = Fit(first.Skip(DriftRules.Reference));
            }

            sum = Add(sum, await JudgeAsync(reference, [.. first.Take(DriftRules.Reference)], current, projection, earlier, perDay, cancel));
        }

        return sum;
    }

    private async Task<DriftChecked> JudgeAsync(
        DriftReference reference, List<SeenObservation> before, List<SeenObservation> current, PrincipalComponents? projection, List<DriftReport> newestFirst, double perDay, CancellationToken cancel)
    {
        bool[] history = [.. newestFirst.Take(DriftRules.Persistence.Windows).Reverse().Select(r => r.Cause is not null)];
        DriftRound judged = DriftRound.Judge(
            [new DriftWindow(reference.Camera, [.. before.Select(o => o.Signals)], [.. current.Select(o => o.Signals)], projection)], new Dictionary<string, bool[]> { [reference.Camera] = history },
            DriftRules.Options(perDay, Seed(reference.Id, current[0].At)));
        CameraDrift camera = judged.Cameras[0];
        DateTimeOffset? since = !camera.IsFlagged ? null : newestFirst.TakeWhile(r => r.Cause is not null).LastOrDefault()?.CurrentFrom ?? current[0].At;
        DriftReport Report() => new()
        {
            Id = ids.Next(), OrganizationId = reference.OrganizationId, ProjectId = reference.ProjectId, Camera = reference.Camera, ReferenceId = reference.Id,
            CurrentFrom = current[0].At, CurrentTo = current[^1].At, ReferenceCount = camera.ReferenceCount, CurrentCount = camera.CurrentCount, Level = judged.Level,
            Cause = camera.Cause, IsAlarm = camera.IsAlarm, Since = since, ExpectedPrecision = camera.ExpectedPrecision, Signals = camera.Signals,
            Examples = new(Examples(before), Examples(current)), MadeAt = time.GetUtcNow(),
        };
        bool opened = false;
        try
        {
            await turn.RunAsync(db, async () =>
            {
                DriftReport report = Report();
                db.Add(report);
                await db.SaveChangesAsync(cancel);
                opened = await alerts.AfterAsync(report, cancel);
            }, cancel);
        }
        catch (DbUpdateException error) when (error.IsUniqueViolation())
        {
            db.ChangeTracker.Clear(); // Another process was first; its report and its alert stand.
            return new(0, 0, 0);
        }

        return new(1, camera.IsFlagged ? 1 : 0, opened ? 1 : 0);
    }

    private static PrincipalComponents? Fit(IEnumerable<SeenObservation> others)
    {
        float[][] features = [.. others.Select(o => o.Signals.Features.ToArray()).Where(f => f.Length > 0)];
        if (features.Length < DriftRules.Fitting / 2 || features.Any(f => f.Length != features[0].Length))
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

    private static DriftChecked Add(DriftChecked a, DriftChecked b) => new(a.Rounds + b.Rounds, a.Flagged + b.Flagged, a.Alarms + b.Alarms);
}
