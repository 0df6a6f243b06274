using System.Diagnostics;
using System.Text.RegularExpressions;
using Perenne.Cli.Hub;

namespace Perenne.Cli.Demo;

/// <summary>A hub of its own for the demo: started in an empty data folder, stopped unless it is to stay.</summary>
internal sealed partial class DemoHub : IAsyncDisposable
{
    private readonly Process process;
    private readonly List<string> lines = [];
    private readonly TaskCompletionSource<string> code = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private DemoHub(Process process, string address) => (this.process, Address) = (process, address);

    public string Address { get; }

    public int ProcessId => process.Id;

    public static async Task<DemoHub> StartAsync(string dll, string folder, int port, IEnumerable<string> settings, CancellationToken cancel)
    {
        string address = FormattableString.Invariant($"http://localhost:{port}");
        ProcessStartInfo start = new("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in (IEnumerable<string>)[dll, "--urls", address, $"--Hub:DataFolder={folder}", .. settings])
            start.ArgumentList.Add(argument);
        Process process = Process.Start(start) ?? throw new HubFailure("The hub could not be started: 'dotnet' was not found.", 0);
        DemoHub hub = new(process, address);
        process.OutputDataReceived += (_, line) => hub.Read(line.Data);
        process.ErrorDataReceived += (_, line) => hub.Read(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await hub.ReadyAsync(cancel);
        return hub;
    }

    /// <summary>The code of the set-up link that a new hub prints.</summary>
    public async Task<string> SetUpCodeAsync(CancellationToken cancel) => await code.Task.WaitAsync(TimeSpan.FromSeconds(30), cancel);

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
        }

        process.Dispose();
    }

    /// <summary>Leaves the hub running until the terminal says otherwise.</summary>
    public Task WaitAsync(CancellationToken cancel) => process.WaitForExitAsync(cancel);

    private async Task ReadyAsync(CancellationToken cancel)
    {
        using HttpClient http = new() { Timeout = TimeSpan.FromSeconds(2) };
        for (int attempt = 0; attempt < 720; attempt++)
        {
            if (process.HasExited)
                throw new HubFailure($"The hub stopped at once:\n{Tail()}", 0);
            try
            {
                using HttpResponseMessage answer = await http.GetAsync(new Uri(Address + "/health/ready"), cancel);
                if (answer.IsSuccessStatusCode)
                    return;
            }
            catch (Exception error) when (error is HttpRequestException or TaskCanceledException && !cancel.IsCancellationRequested)
            {
                // Not listening yet.
            }

            await Task.Delay(250, cancel);
        }

        throw new HubFailure($"The hub did not become ready within three minutes:\n{Tail()}", 0);
    }

    private void Read(string? line)
    {
        if (line is null)
            return;
        lock (lines)
        {
            lines.Add(line);
            if (lines.Count > 400)
                lines.RemoveRange(0, 200);
        }

        if (SetUpLink().Match(line) is { Success: true } found)
            code.TrySetResult(found.Groups[1].Value);
    }

    private string Tail()
    {
        lock (lines)
            return string.Join('\n', lines.TakeLast(12));
    }

    [GeneratedRegex(@"/set-up/([A-Za-z0-9_\-]+)")]
    private static partial Regex SetUpLink();
}
