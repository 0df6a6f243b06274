using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Perenne.TestSupport;

/// <summary>An S3-compatible server of this test process (tests/s3, npm), with one empty bucket; ends with the process.</summary>
internal static class S3Server
{
    public const string Bucket = "perenne";
    public const string AccessKey = "S3RVER";
    public const string SecretKey = "S3RVER";

    private static readonly Lazy<(string? Endpoint, string Problem)> Server = new(Start);

    /// <summary>Null where it could not start; see <see cref="Require"/>.</summary>
    public static string? Endpoint => Server.Value.Endpoint;

    /// <summary>The address; skips the test where Node.js is missing, in CI that is a failure.</summary>
    public static string Require()
    {
        if (Server.Value.Endpoint is { } endpoint)
            return endpoint;
        string message = $"The S3 server for tests did not start ({Server.Value.Problem}). It needs Node.js and npm.";
        if (Environment.GetEnvironmentVariable("CI") is "true" or "1")
            Assert.Fail(message);
        Assert.Skip(message);
        return "";
    }

    private static (string?, string) Start()
    {
        string folder = Path.Combine(SharedData.RepositoryRoot, "tests", "s3"), data = Directory.CreateTempSubdirectory("perenne-s3-").FullName;
        int port = FreePort();
        // A watcher ends the server when this process ends, however it ends.
        using Process shell = Process.Start(new ProcessStartInfo("sh", ["-c", $"""
            cd '{folder}' && (test -x node_modules/.bin/s3rver || npm ci >/dev/null) || exit 1
            setsid sh -c 'node_modules/.bin/s3rver -s -a 127.0.0.1 -p {port} -d "{data}" --configure-bucket {Bucket} & server=$!;
              while kill -0 {Environment.ProcessId} 2>/dev/null && kill -0 $server 2>/dev/null; do sleep 1; done; kill $server; rm -rf "{data}"' >/dev/null 2>&1 &
            """]) { RedirectStandardError = true })!;
        string errors = shell.StandardError.ReadToEnd();
        shell.WaitForExit();
        if (shell.ExitCode != 0)
            return (null, errors.Trim());
        for (int attempt = 0; attempt < 300; attempt++)
        {
            using TcpClient probe = new();
            if (probe.ConnectAsync(IPAddress.Loopback, port).ContinueWith(t => t.IsCompletedSuccessfully, TaskScheduler.Default).GetAwaiter().GetResult())
                return ($"http://127.0.0.1:{port}", "");
            Task.Delay(100).GetAwaiter().GetResult();
        }

        return (null, $"nothing answers on port {port}");
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
