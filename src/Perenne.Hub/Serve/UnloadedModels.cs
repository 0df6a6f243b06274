using System.Collections.Concurrent;

namespace Perenne.Hub.Serve;

/// <summary>Models that somebody unloaded in this process: not loaded again until somebody says so.</summary>
internal sealed class UnloadedModels
{
    private readonly ConcurrentDictionary<Guid, byte> projects = new();

    public bool Contains(Guid project) => projects.ContainsKey(project);

    public void Add(Guid project) => projects[project] = 0;

    public void Remove(Guid project) => projects.TryRemove(project, out _);
}
