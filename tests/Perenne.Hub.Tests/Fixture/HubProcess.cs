using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Perenne.Hub.Tests;

/// <summary>A hub in a process of its own, for tests that kill it.</summary>
internal static class HubProcess
{
    public const string LogName = "hub.log";

    public static async Task<(Process, HttpClient)> StartAsync(string folder, string token, CancellationToken cancel, params string[] settings)
    {
        using TcpListener free = new(IPAddress.Loopback, 0);
        free.Start();
        Uri address = new($"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}/");
        free.Stop();
        ProcessStartInfo start = new("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in new[] { Path.Combine(AppContext.BaseDirectory, "Perenne.Hub.dll"), "--urls", address.ToString(), "--Hub:DataFolder", folder, "--Logging:LogLevel:Default", "Warning" }.Concat(settings))
            start.ArgumentList.Add(argument);
        Process process = Process.Start(start)!;
        // Beside its data, for whoever asks why something took too long.
        string log = Path.Combine(folder, LogName);
        process.OutputDataReceived += (_, line) => { if (line.Data is { } text) File.AppendAllText(log, text + "\n"); };
        process.BeginOutputReadLine();
        Task<string> errors = process.StandardError.ReadToEndAsync(cancel);
        HttpClient client = new() { BaseAddress = address, DefaultRequestHeaders = { Authorization = new("Bearer", token) } };
        while (true)
        {
            try
            {
                using HttpResponseMessage ready = await client.GetAsync("health/ready", cancel);
                if (ready.IsSuccessStatusCode)
                    return (process, client);
            }
            catch (HttpRequestException)
            {
                Assert.False(process.HasExited, process.HasExited ? "The hub did not start: " + await errors : "");
            }

            await Task.Delay(50, cancel);
        }
    }
}
