using Perenne.Contracts.Observations;
using Perenne.Contracts.Stations;
using Perenne.Inference;
using Perenne.Serving;

namespace Perenne.Station.Models;

/// <summary>A model in memory with the role the plan gives it. Null ids: a package from a local folder.</summary>
internal sealed record LoadedModel(PlannedModel? Planned, JudgementRole Role, ModelIdentity Identity, ModelServer Server)
{
    public IReadOnlyDictionary<string, double> Thresholds => Planned?.Thresholds ?? NoThresholds;

    private static readonly Dictionary<string, double> NoThresholds = [];
}

/// <summary>The models of one project, replaced as a whole.</summary>
internal sealed record ProjectModels(Guid? ProjectId, string Project, LoadedModel? Active, LoadedModel? Canary, double CanaryShare, IReadOnlyList<LoadedModel> Shadows, SamplingRules Sampling)
{
    /// <summary>Each model once: the canary is among the shadows too, so that it is compared on the frames it does not decide.</summary>
    public IEnumerable<LoadedModel> All => new[] { Active, Canary }.OfType<LoadedModel>().Concat(Shadows).DistinctBy(m => m.Planned?.ModelVersionId);
}
