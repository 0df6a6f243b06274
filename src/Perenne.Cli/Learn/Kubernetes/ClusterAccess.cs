using System.Security.Cryptography.X509Certificates;
using Perenne.Cli.Commands;

namespace Perenne.Cli.Learn.Kubernetes;

/// <summary>Where the API of a cluster is and who asks.</summary>
internal sealed record ClusterAccess(Uri Server, string? TokenFile, string? AuthorityFile, string Namespace)
{
    private const string Pod = "/var/run/secrets/kubernetes.io/serviceaccount";

    /// <summary>What is given, else what Kubernetes puts into every pod.</summary>
    /// <exception cref="CommandException">There is neither.</exception>
    public static ClusterAccess Find(string? server, string? token, string? authority, string? space)
    {
        string? host = Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST"), port = Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_PORT");
        string address = server ?? (string.IsNullOrEmpty(host) ? throw new CommandException("This does not run in a Kubernetes cluster. Give the address of one with --server, and --token-file.")
            : $"https://{(host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host)}:{port ?? "443"}");
        if (!Uri.TryCreate(address.TrimEnd('/') + "/", UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("https" or "http"))
            throw new CommandException($"--server {address} is no address. Write it as https://host:port.");
        return new ClusterAccess(uri, token ?? Own("token"), authority ?? Own("ca.crt"), space ?? (Own("namespace") is { } file ? File.ReadAllText(file).Trim() : "default"));
    }

    public HttpClient Connect()
    {
        SocketsHttpHandler handler = new() { ConnectTimeout = TimeSpan.FromSeconds(15) };
        if (AuthorityFile is not null)
        {
            X509Certificate2Collection trusted = [];
            trusted.ImportFromPemFile(AuthorityFile);
            handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            handler.SslOptions.CertificateChainPolicy.CustomTrustStore.AddRange(trusted);
        }
        return new HttpClient(handler) { BaseAddress = Server, Timeout = TimeSpan.FromSeconds(60) };
    }

    private static string? Own(string name) => File.Exists(Path.Combine(Pod, name)) ? Path.Combine(Pod, name) : null;
}
