using Perenne.Serving;
using Perenne.Station.Models;

namespace Perenne.Station;

/// <summary>The station's loaded models behind the serving endpoints. Which models there are is the plan's business: they are not loaded or unloaded by hand.</summary>
internal static class StationServing
{
    public static ServingCatalog Catalog(ModelSet models, StationOptions options) => new()
    {
        Find = (_, name, version) => Task.FromResult(Find(models, name, version)),
        List = _ => Task.FromResult<IReadOnlyList<CatalogEntry>>([.. models.Projects.SelectMany(p => p.All.Select(m => new CatalogEntry(m.Identity.Name, m.Identity.Version, "READY", m.Role.ToString())))]),
        Change = (_, _, _) => Task.FromResult<string?>(options.Hub is null ? "This station runs the model of its settings." : "The hub's deployments decide which models this station runs."),
        Guard = (_, _) => { },
        Ready = () => models.Projects.Count > 0,
    };

    private static ModelLease? Find(ModelSet models, string name, string? version) =>
        models.Projects.FirstOrDefault(p => p.Project == name) is not { } project ? null
        : (version is null ? project.Active : project.All.FirstOrDefault(m => m.Identity.Version == version)) is { } model ? new ModelLease(model.Identity, model.Server, () => { }) : null;
}
