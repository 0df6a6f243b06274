using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Perenne.Station.Tests;

/// <summary>A station as people start it, in a process that can be killed.</summary>
internal sealed class StationProcess : IDisposable
{
    private readonly Process process;
    private readonly ConcurrentQueue<string> said;

    private StationProcess(Process process, Uri address, ConcurrentQueue<string> said) => (this.process, Address, this.said) = (process, address, said);

    public Uri Address { get; }

    public bool HasExited => process.HasExited;

    /// <summary>What it wrote to its standard error.</summary>
    public string Complaint => $"exit code {process.ExitCode}: {string.Join('\n', said)}";

    /// <param name="maxFileKilobytes">No file may grow beyond this: writes fail in the middle, as on a full disk. Null: no limit.</param>
    /// <param name="untilReady">False: returns at once, for a kill in the middle of the start.</param>
    public static async Task<StationProcess> StartAsync(string folder, Uri hub, string model, int? maxFileKilobytes, bool untilReady = true)
    {
        int port = FreePort();
        string station = $"exec dotnet '{Cli()}' station --folder '{folder}' --hub {hub} --model '{model}' --urls http://127.0.0.1:{port}";
        ProcessStartInfo info = new("/bin/sh") { RedirectStandardOutput = true, RedirectStandardError = true };
        info.ArgumentList.Add("-c");
        // An ignored SIGXFSZ makes the write fail instead of the process.
        info.ArgumentList.Add(maxFileKilobytes is { } limit ? $"trap '' XFSZ; ulimit -f {limit * 2}; {station}" : station);
        foreach ((string name, string value) in new[] { ("Spool__SegmentRows", "6"), ("Spool__SegmentSeconds", "1"), ("HubSeconds", "3600"), ("Threads", "1") })
            info.Environment["PERENNE_Station__" + name] = value;
        // The limit would also hold for the runtime's own memory file.
        info.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        info.Environment["DOTNET_EnableDiagnostics"] = "0";
        info.Environment["DOTNET_TieredPGO"] = "0";
        info.Environment["Logging__LogLevel__Default"] = "None";
        Process process = Process.Start(info)!;
        ConcurrentQueue<string> said = new();
        process.ErrorDataReceived += (_, line) => said.Enqueue(line.Data ?? "");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        StationProcess started = new(process, new Uri($"http://127.0.0.1:{port}/"), said);
        if (!untilReady)
            return started;
        using HttpClient http = new() { BaseAddress = started.Address };
        while (true)
        {
            if (process.HasExited)
                throw new InvalidOperationException($"The station ended while it started (limit {maxFileKilobytes} kB): {string.Join('\n', said)}");
            try
            {
                if ((await http.GetAsync("health")).IsSuccessStatusCode)
                    return started;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(20);
            }
        }
    }

    /// <summary>kill −9: nothing is flushed, nothing is said.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    public void Dispose()
    {
        if (!process.HasExited)
            process.Kill();
        process.Dispose();
    }

    internal static string Cli()
    {
        string configuration = AppContext.BaseDirectory.Contains("Release", StringComparison.Ordinal) ? "Release" : "Debug";
        DirectoryInfo? root = new(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "Perenne.slnx")))
            root = root.Parent;
        string cli = Path.Combine(root?.FullName ?? "", "src", "Perenne.Cli", "bin", configuration, "net10.0", "perenne.dll");
        return File.Exists(cli) ? cli : throw new InvalidOperationException($"{cli} is missing: dotnet build src/Perenne.Cli -c {configuration}");
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
