using Perenne.Inference;

namespace Perenne.Serving;

/// <summary>A loaded model in use by one request; it stays loaded until disposed.</summary>
public sealed class ModelLease(ModelIdentity identity, ModelServer server, Action release) : IDisposable
{
    private Action? release = release;

    public ModelIdentity Identity { get; } = identity;

    public ModelServer Server { get; } = server;

    public void Dispose() => Interlocked.Exchange(ref release, null)?.Invoke();
}

/// <param name="Name">Name callers use: the project's slug.</param>
/// <param name="Version">Version callers use: the number of the model version.</param>
/// <param name="Id">The hub's id of the version. Null for a package that comes from a folder.</param>
public sealed record ModelIdentity(string Name, string Version, Guid? Id = null);
