using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Perenne.Hub.Train;

/// <summary>
/// A trainer as a child in a process group of its own. A small shell stands between: when the pipe to it closes, because we ask for it or because
/// the hub was killed, it sends SIGTERM to the whole group and SIGKILL after the grace. So a dead hub leaves no trainer behind that would write into the
/// folder of the next one. The shell itself outlives signals that a terminal or a service manager sends to the hub's whole group.
/// </summary>
internal sealed class TrainerProcess : IAsyncDisposable
{
    /// <summary>Between SIGTERM and SIGKILL: shorter than what is left of the lease of a hub that dies, so that the group is gone before another takes the run.</summary>
    public static TimeSpan GraceOf(TimeSpan lease) => lease * 0.45;

    private const string Supervisor = """
        grace=$1; shift
        trap : INT TERM HUP
        exec 3<&0
        setsid "$@" 3<&- </dev/null &
        child=$!
        ( trap "" INT TERM HUP; while read -r _ <&3; do :; done; kill -TERM -"$child"; sleep "$grace"; kill -KILL -"$child" ) >/dev/null 2>&1 &
        watch=$!
        exec 3<&- </dev/null
        while :; do wait "$child"; code=$?; kill -0 "$child" 2>/dev/null || break; done
        times >>processor-time
        kill -KILL "$watch" 2>/dev/null
        kill -KILL -"$child" 2>/dev/null
        exit "$code"
        """;

    // The hub's own environment holds connection strings and keys; a trainer gets what a program needs to run.
    private static readonly string[] Passed =
        ["PATH", "HOME", "USER", "LANG", "LANGUAGE", "TZ", "TMPDIR", "TMP", "TEMP", "LD_LIBRARY_PATH", "DOTNET_ROOT", "SYSTEMROOT", "WINDIR", "CUDA_VISIBLE_DEVICES", "DOCKER_HOST", "KUBECONFIG", "KUBERNETES_SERVICE_HOST", "KUBERNETES_SERVICE_PORT"];

    private static readonly string[] PassedStarts = ["LC_", "OMP_", "MKL_", "NVIDIA_", "CONDA_", "TORCH_"];

    private readonly Process process;
    private readonly Task reading;
    private int stopped;

    private TrainerProcess(Process process)
    {
        this.process = process;
        reading = Task.WhenAll(Output.ReadAsync(process.StandardOutput), Errors.ReadAsync(process.StandardError));
    }

    public TailBuffer Output { get; } = new();

    public TailBuffer Errors { get; } = new();

    /// <exception cref="Win32Exception">The program could not be started.</exception>
    public static TrainerProcess Start(string[] command, string folder, TimeSpan grace)
    {
        ProcessStartInfo start = new() { WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        if (OperatingSystem.IsLinux())
        {
            start.FileName = "/bin/sh";
            foreach (string word in (string[])["-c", Supervisor, "perenne-supervisor", grace.TotalSeconds.ToString("0", CultureInfo.InvariantCulture), .. command])
                start.ArgumentList.Add(word);
        }
        else
        {
            start.FileName = command[0];
            foreach (string word in command.Skip(1))
                start.ArgumentList.Add(word);
        }

        foreach (string name in start.Environment.Keys.Where(name => !Passed.Contains(name) && !PassedStarts.Any(p => name.StartsWith(p, StringComparison.Ordinal))).ToList())
            start.Environment.Remove(name);
        return new(Process.Start(start) ?? throw new InvalidOperationException("No process was started."));
    }

    public bool HasExited => process.HasExited;

    /// <summary>Asks the group to stop and sees to it that it does.</summary>
    public void Stop()
    {
        if (Interlocked.Exchange(ref stopped, 1) != 0)
            return;
        try
        {
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended by itself.
        }

        if (!OperatingSystem.IsLinux())
            process.Kill(entireProcessTree: true);
    }

    /// <summary>The exit code once it is over and its output was read; a grandchild that holds the pipes is not waited for.</summary>
    public async Task<int> EndAsync()
    {
        await process.WaitForExitAsync();
        await Task.WhenAny(reading, Task.Delay(TimeSpan.FromSeconds(3)));
        return process.ExitCode;
    }

    /// <summary>Returns when the group is gone, so that nobody starts a second trainer beside it.</summary>
    public async ValueTask DisposeAsync()
    {
        Stop();
        await EndAsync();
        process.Dispose();
    }
}
