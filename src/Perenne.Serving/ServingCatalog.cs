using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Perenne.Serving;

/// <summary>What an endpoint does with models, for the host's rights.</summary>
public enum ServingAccess
{
    /// <summary>Says only that the process is alive.</summary>
    Open,

    /// <summary>Names and shapes.</summary>
    Read,

    /// <summary>Judges.</summary>
    Run,

    /// <summary>Loads and unloads.</summary>
    Manage,
}

/// <param name="State">READY or UNAVAILABLE.</param>
public sealed record CatalogEntry(string Name, string Version, string State, string Reason = "");

/// <summary>How a host (hub or station) gives its models to the serving endpoints. All functions see the request, so that the host decides what its caller may see.</summary>
public sealed class ServingCatalog
{
    /// <summary>The model of this name; version null = the one that decides now. Null: no such model, or not visible to the caller.</summary>
    public required Func<HttpContext, string, string?, Task<ModelLease?>> Find { get; init; }

    /// <summary>All models the caller may see.</summary>
    public required Func<HttpContext, Task<IReadOnlyList<CatalogEntry>>> List { get; init; }

    /// <summary>Loads (true) or unloads (false) a model; the answer is null when done, else a sentence.</summary>
    public required Func<HttpContext, string, bool, Task<string?>> Change { get; init; }

    /// <summary>Puts the host's rights on an endpoint.</summary>
    public required Action<IEndpointConventionBuilder, ServingAccess> Guard { get; init; }

    /// <summary>True when the host can judge.</summary>
    public Func<bool> Ready { get; init; } = () => true;

    /// <summary>Version of the software.</summary>
    public string Software { get; } = typeof(ServingCatalog).Assembly.GetName().Version?.ToString(3) ?? "";
}
