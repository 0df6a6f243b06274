using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Deploy;
using Perenne.Hub.Evaluate;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Automate;

/// <param name="Evaluation">Its number.</param>
/// <param name="Dataset">The version with the images.</param>
internal sealed record Measurement(Measured Figure, DateTimeOffset At, int Evaluation, Guid Dataset);

/// <summary>What evaluations say of a model version: the loop measures by F1 at the model's own thresholds, which has an interval.</summary>
internal static class Measurements
{
    public const string Figure = "F1";

    /// <summary>The newest measurement of a version on one organization's images alone, and on none that it was trained on: of the loop, or of a test split.</summary>
    public static async Task<Measurement?> NewestAsync(HubDbContext db, Guid project, Guid version, string organization, CancellationToken cancel)
    {
        List<Evaluation> ready = await db.Set<Evaluation>().AsNoTracking().Where(e => e.ProjectId == project && e.ModelVersionId == version && e.State == EvaluationState.Ready)
            .OrderByDescending(e => e.Number).Take(100).ToListAsync(cancel);
        return ready.Where(e => e.Slice.Organization == organization && (e.Slice.NotSeenBy is not null || e.Slice.Split == "test") && e.FinishedAt is not null && Of(e) is not null)
            .Select(e => new Measurement(Of(e)!, e.FinishedAt!.Value, e.Number, e.DatasetVersionId)).FirstOrDefault();
    }

    public static Measured? Of(Evaluation evaluation) => evaluation.Figures is { } figures && figures.Headline.TryGetValue(Figure, out Figure? f)
        ? new(f.Value, f.Low ?? f.Value, f.High ?? f.Value, figures.Images) : null;

    /// <summary>The first of the deployment gates' figures that both have; null: there is none. More is better in each.</summary>
    public static (string Name, double Own, double? Other)? Compared(Evaluation own, Evaluation? other)
    {
        IReadOnlyDictionary<string, Figure>? its = other?.Figures?.Headline;
        string? name = own.Figures is null || (other is not null && its is null) ? null : GateReader.Ranked.FirstOrDefault(n => own.Figures.Headline.ContainsKey(n) && (its is null || its.ContainsKey(n)));
        return name is null ? null : (name, own.Figures!.Headline[name].Value, its?[name].Value);
    }
}
