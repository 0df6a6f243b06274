namespace Perenne.Hub.Shared.Hosting;

/// <summary>Section "Hub:Hosting".</summary>
internal sealed class HostingOptions
{
    public const string Section = "Hub:Hosting";

    /// <summary>Believe X-Forwarded-For/-Proto/-Host. Only behind a proxy that overwrites them.</summary>
    public bool BehindProxy { get; set; }

    /// <summary>Addresses or networks (CIDR) of the proxies; empty means the loopback only.</summary>
    public string[] Proxies { get; set; } = [];

    /// <summary>Bearer token for /metrics from other machines; without one it answers only to this machine.</summary>
    public string? MetricsToken { get; set; }

    /// <summary>"json", "text", or null: text on a terminal and in development, else JSON.</summary>
    public string? Logs { get; set; }
}
