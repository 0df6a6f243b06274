using System.Diagnostics;
using System.Globalization;

namespace Perenne.TestSupport;

/// <summary>A throw-away PostgreSQL cluster on a unix socket, for tests and benchmarks; a watcher removes it when this process ends, however it ends.</summary>
internal static class PostgresCluster
{
    /// <summary>An administrator's connection string, or null with what is missing.</summary>
    public static (string? ConnectionString, string Problem) Start()
    {
        if (Environment.GetEnvironmentVariable("PERENNE_TEST_POSTGRES") is { Length: > 0 } given)
            return (given, "");
        string? bin = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderByDescending(VersionOf).Select(d => Path.Combine(d, "bin")).FirstOrDefault(d => File.Exists(Path.Combine(d, "initdb")))
            : null;
        if (bin is null)
            return (null, "no /usr/lib/postgresql/*/bin/initdb");
        // A short path: a unix socket's name has at most 107 bytes.
        string folder = Directory.CreateTempSubdirectory("perenne-pg-").FullName;
        string asPostgres = Environment.UserName == "root" ? "runuser -u postgres -- " : "";
        string own = asPostgres.Length > 0 ? $"chown postgres '{folder}' && " : "";
        (int code, string output) = Shell(
            $"{own}cd '{folder}' && {asPostgres}{bin}/initdb -D '{folder}/data' -U perenne_admin -A trust -E UTF8 --locale=C --no-sync >/dev/null && "
            + $"{asPostgres}{bin}/pg_ctl -D '{folder}/data' -l '{folder}/log' -w start -o \"-c listen_addresses='' -c unix_socket_directories='{folder}' "
            + "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=300 -c shared_buffers=64MB\" >/dev/null");
        if (code != 0)
            return (null, output);
        Process.Start(new ProcessStartInfo("setsid", ["sh", "-c",
            $"while kill -0 {Environment.ProcessId} 2>/dev/null; do sleep 1; done; cd /; {asPostgres}{bin}/pg_ctl -D '{folder}/data' -m immediate stop; rm -rf '{folder}'"])
        { RedirectStandardOutput = true, RedirectStandardError = true });
        return ($"Host={folder};Username=perenne_admin;Database=postgres", "");
    }

    private static int VersionOf(string folder) => int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out int version) ? version : 0;

    private static (int Code, string Output) Shell(string command)
    {
        using Process process = Process.Start(new ProcessStartInfo("sh", ["-c", command]) { RedirectStandardError = true })!;
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, errors.Trim());
    }
}
