using Perenne.Contracts.Observations;
using Perenne.Contracts.Stations;
using Perenne.Inference;
using Perenne.Serving;

namespace Perenne.Station.Models;

/// <summary>The models in memory. A new plan is loaded beside the old one and put in place at once; frames under way finish with the old one.</summary>
internal sealed class ModelSet(StationOptions options, ModelStore store) : IAsyncDisposable
{
    private readonly Dictionary<string, ModelServer> servers = [];
    private volatile IReadOnlyList<ProjectModels> projects = [];

    public IReadOnlyList<ProjectModels> Projects => projects;

    public double LoggingFloor { get; private set; } = 0.05;

    /// <summary>The models for a camera's frames. Null: none.</summary>
    public ProjectModels? For(string? project, Guid? projectId)
    {
        IReadOnlyList<ProjectModels> now = projects;
        return project is not null ? now.FirstOrDefault(p => p.Project == project) : projectId is { } id ? now.FirstOrDefault(p => p.ProjectId == id) : now.Count == 1 ? now[0] : null;
    }

    /// <summary>Loads a package of a local folder as the only model.</summary>
    public void UseFolder(string folder)
    {
        ModelPackage package = ModelPackage.Open(folder);
        ModelServer server = Start(package, null);
        servers[folder] = server;
        string name = package.Manifest.Name.Length > 0 ? package.Manifest.Name : "model";
        projects = [new ProjectModels(null, name, new LoadedModel(null, JudgementRole.Active, new ModelIdentity(name, "local"), server), null, 0, [], new SamplingRules())];
    }

    /// <summary>Puts a plan in place whose packages are all in the store.</summary>
    /// <exception cref="ModelPackageException">One of them does not load; the old plan stays in place.</exception>
    public async Task UseAsync(StationPlan plan)
    {
        List<string> made = [], wanted = [];
        List<ProjectModels> next = [];
        try
        {
            foreach (ProjectPlan project in plan.Projects)
            {
                List<LoadedModel> loaded = [];
                foreach ((PlannedModel model, JudgementRole role) in StationPlans.Roles(project))
                {
                    string key = Key(model);
                    wanted.Add(key);
                    if (!servers.TryGetValue(key, out ModelServer? server))
                    {
                        servers[key] = server = Start(ModelPackage.Read(store.FolderOf(model)), model.Thresholds);
                        made.Add(key);
                    }
                    loaded.Add(new LoadedModel(model, role, new ModelIdentity(project.Project, model.Number.ToString(System.Globalization.CultureInfo.InvariantCulture), model.ModelVersionId), server));
                }
                next.Add(new ProjectModels(project.ProjectId, project.Project, loaded.Find(m => m.Role == JudgementRole.Active), loaded.Find(m => m.Role == JudgementRole.Canary), project.CanaryShare, [.. loaded.Where(m => m.Role == JudgementRole.Shadow)], project.Sampling));
            }
        }
        catch
        {
            await FreeAsync(made);
            throw;
        }
        LoggingFloor = plan.LoggingFloor;
        projects = next;
        await FreeAsync([.. servers.Keys.Where(k => !wanted.Contains(k))]);
    }

    public async ValueTask DisposeAsync() => await FreeAsync([.. servers.Keys]);

    private static string Key(PlannedModel model) => $"{model.Sha256}/{model.ManifestSha256}/{string.Join(';', model.Thresholds.OrderBy(t => t.Key, StringComparer.Ordinal).Select(t => $"{t.Key}={t.Value:R}"))}";

    private ModelServer Start(ModelPackage package, IReadOnlyDictionary<string, double>? thresholds) =>
        new(new ModelSession(package, new SessionSettings { Provider = options.Provider, Threads = options.Threads, Thresholds = thresholds, ScoreFloor = LoggingFloor }), new ServerSettings());

    private async Task FreeAsync(IReadOnlyCollection<string> keys)
    {
        foreach (string key in keys)
            if (servers.Remove(key, out ModelServer? server))
                await server.DisposeAsync();
    }
}
