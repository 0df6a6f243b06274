using Microsoft.EntityFrameworkCore;
using Perenne.Contracts.Models;
using Perenne.Hub.Evaluate;
using Perenne.Hub.Observe;
using Perenne.Hub.Organizations;
using Perenne.Hub.Registry;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Deploy;

/// <summary>Collects what the gates ask: the package's own figures, evaluations, and the latency that stations measured while it watched.</summary>
internal sealed class GateReader(HubDbContext db, DeploymentLog log)
{
    private const int MinLatencyFrames = 50;

    // The first that both have; more is better in each.
    internal static readonly string[] Ranked = ["mAP", "F1", "accuracy"];

    public async Task<GateFacts> ReadAsync(Guid organization, Guid project, Guid version, CancellationToken cancel)
    {
        ModelVersion? model = await db.Set<ModelVersion>().AsNoTracking().SingleOrDefaultAsync(m => m.Id == version && m.ProjectId == project, cancel);
        Deployment? active = (await log.PlanAsync(organization, project, cancel)).Active;
        ModelVersion? champion = active is null || active.ModelVersionId == version ? null
            : await db.Set<ModelVersion>().AsNoTracking().SingleOrDefaultAsync(m => m.Id == active.ModelVersionId, cancel);
        List<LatencyBins> latencies = await db.Set<SegmentFigure>().AsNoTracking().Where(f => f.OrganizationId == organization && f.ProjectId == project && f.ModelVersionId == version).Select(f => f.Latency).ToListAsync(cancel);
        LatencyBins latency = LatencyBins.Sum(latencies);
        double? most = await db.Set<PlantPolicy>().Where(p => p.ProjectId == project && p.OrganizationId == organization).Select(p => p.Bounds).SingleOrDefaultAsync(cancel) is { } bounds ? bounds.MaxLatencyMilliseconds : null;
        string slug = await db.Set<Organization>().Where(o => o.Id == organization).Select(o => o.Slug).SingleAsync(cancel);
        (EvaluationFigures? mine, EvaluationFigures? its) = await EvaluationsAsync(project, version, champion?.Id, cancel);
        (double? own, double? other) = mine is null ? Scores(model, champion) : Compared(mine, its);
        return new(Parity(model), own, other, Local(mine, slug), Local(its, slug), latency.Total >= MinLatencyFrames ? latency.Quantile(.99) : null, most, champion is not null);
    }

    // Our trainer writes no package whose outputs differ, and an uploaded ONNX file has no second form to differ from.
    private static ParityFact Parity(ModelVersion? model)
    {
        if (model is null)
            return new(null, "There is no such model.");
        ModelManifest manifest = ModelStore.Read(model);
        // Quantised weights never agree to 1e-4; what must agree is what is decided.
        if (manifest.Lineage.QuantizedFrom is not null)
            return manifest.Lineage.VerdictsAlike is { } alike
                ? new(alike >= ModelLineage.MinVerdictsAlike, $"It is int8; {alike * 100:0.0} % of its verdicts on test images are those of the float32 model it was made from, {ModelLineage.MinVerdictsAlike * 100:0} % is asked.")
                : new(null, "It is int8, and its verdicts were not compared with those of the float32 model. Make it with 'perenne quantize'.");
        if (manifest.Metrics.TryGetValue("parity", out double delta))
            return new(delta <= DeployGate.MaxParityDelta, $"Trainer and runtime differ by {delta:0.0e+0} at most; {DeployGate.MaxParityDelta:0.0e+0} is allowed.");
        if (model.Source == ModelSource.Upload)
            return new(true, "Uploaded as ONNX: there is no other form of it to differ from.");
        return manifest.Lineage.Trainer?.StartsWith("perenne", StringComparison.OrdinalIgnoreCase) == true
            ? new(true, "The trainer compared its outputs with the runtime's before it wrote the package.")
            : new(null, "The outputs of trainer and runtime were not compared.");
    }

    /// <summary>Evaluations of both on the frozen test split of one dataset version, the newest that has both; without a champion the newest of the model.</summary>
    private async Task<(EvaluationFigures? Own, EvaluationFigures? Champion)> EvaluationsAsync(Guid project, Guid version, Guid? champion, CancellationToken cancel)
    {
        List<Evaluation> found = await db.Set<Evaluation>().AsNoTracking()
            .Where(e => e.ProjectId == project && e.State == EvaluationState.Ready && (e.ModelVersionId == version || e.ModelVersionId == champion)).OrderByDescending(e => e.Number).ToListAsync(cancel);
        List<Evaluation> whole = [.. found.Where(e => e.Figures is not null && e.Slice is { Split: "test", Organization: null, Camera: null })];
        List<Evaluation> own = [.. whole.Where(e => e.ModelVersionId == version)];
        if (champion is null)
            return (own.FirstOrDefault()?.Figures, null);
        foreach (Evaluation mine in own)
        {
            if (whole.FirstOrDefault(e => e.ModelVersionId == champion && e.DatasetVersionId == mine.DatasetVersionId) is { } its)
                return (mine.Figures, its.Figures);
        }

        return (own.FirstOrDefault()?.Figures, null);
    }

    private static (double? Own, double? Other) Compared(EvaluationFigures own, EvaluationFigures? other)
    {
        string? name = Ranked.FirstOrDefault(n => own.Headline.ContainsKey(n) && (other is null || other.Headline.ContainsKey(n)));
        return name is null ? (null, null) : (own.Headline[name].Value, other?.Headline[name].Value);
    }

    // F1 of the organization's own images. A model that finds nothing has no precision, and one of good images only no recall: its F1 is 0, not unknown.
    internal static double? Local(EvaluationFigures? figures, string slug) => figures?.Slices.FirstOrDefault(s => s.Kind == "organization" && s.Name == slug) switch
    {
        { Recall: { } recall, Precision: { } precision } when recall + precision > 0 => 2 * recall * precision / (recall + precision),
        { Recall: not null } or { Precision: not null } => 0,
        _ => null,
    };

    // Figures of two packages can be compared only when they come from the same frozen test split.
    private static (double? Own, double? Other) Scores(ModelVersion? model, ModelVersion? champion)
    {
        if (model is null)
            return (null, null);
        ModelManifest own = ModelStore.Read(model);
        if (champion is null)
            return (own.Metrics.Count > 0 ? own.Metrics.First().Value : null, null);
        ModelManifest other = ModelStore.Read(champion);
        string? shared = own.Lineage.DatasetVersion is { } split && split == other.Lineage.DatasetVersion ? own.Metrics.Keys.FirstOrDefault(other.Metrics.ContainsKey) : null;
        return shared is null ? (null, null) : (own.Metrics[shared], other.Metrics[shared]);
    }
}
