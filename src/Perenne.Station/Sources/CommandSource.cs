using System.Diagnostics;

namespace Perenne.Station.Sources;

/// <summary>
/// A camera behind a process (ffmpeg) that writes JPEG pictures to its standard output. When it ends or gives nothing for a while it is
/// started again, after a pause that doubles up to half a minute: a camera that was unplugged comes back by itself.
/// </summary>
internal static class CommandSource
{
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(30), Longest = TimeSpan.FromSeconds(30);

    public static async Task RunAsync(CameraLoop camera, StationStatus status, Triggers triggers, TimeProvider time, CancellationToken cancel)
    {
        TimeSpan pause = TimeSpan.FromSeconds(1);
        while (!cancel.IsCancellationRequested)
        {
            int frames = await OnceAsync(camera, status, triggers, time, cancel);
            status.Connection(camera.Options.Name, false);
            pause = frames > 0 ? TimeSpan.FromSeconds(1) : TimeSpan.FromTicks(Math.Min(Longest.Ticks, pause.Ticks * 2));
            await Task.Delay(pause, time, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task<int> OnceAsync(CameraLoop camera, StationStatus status, Triggers triggers, TimeProvider time, CancellationToken cancel)
    {
        int frames = 0;
        using Process process = new() { StartInfo = StartInfo(camera.Options) };
        try
        {
            process.Start();
            process.ErrorDataReceived += (_, line) => { if (line.Data is { Length: > 0 } text) status.Trouble($"{camera.Options.Name}: {text}"); };
            process.BeginErrorReadLine();
            JpegStream pictures = new(process.StandardOutput.BaseStream);
            while (true)
            {
                using CancellationTokenSource silent = new(Silence, time);
                using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancel, silent.Token);
                if (await pictures.NextAsync(either.Token) is not { } picture)
                    return frames;
                frames++;
                status.Connection(camera.Options.Name, true);
                if (!camera.Options.Trigger || triggers.Take(camera.Options.Name))
                    await camera.JudgeAsync(picture, null, null, null, null, cancel);
            }
        }
        catch (Exception e) when (e is IOException or System.ComponentModel.Win32Exception or OperationCanceledException)
        {
            if (!cancel.IsCancellationRequested)
                status.Trouble(e is OperationCanceledException ? $"{camera.Options.Name} gave no picture for {Silence.TotalSeconds:0} s and is started again." : $"{camera.Options.Name}: {e.Message}");
            return frames;
        }
        finally
        {
            Kill(process);
        }
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It never started, or has ended by itself.
        }
    }

    private static ProcessStartInfo StartInfo(CameraOptions camera)
    {
        ProcessStartInfo info = new() { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        if (camera.Kind == "camera")
        {
            info.FileName = "ffmpeg";
            foreach (string argument in FfmpegArguments(camera))
                info.ArgumentList.Add(argument);
        }
        else if (OperatingSystem.IsWindows())
            (info.FileName, info.Arguments) = ("cmd.exe", "/c " + camera.Command);
        else
        {
            info.FileName = "/bin/sh";
            info.ArgumentList.Add("-c");
            info.ArgumentList.Add(camera.Command!);
        }
        return info;
    }

    internal static string[] FfmpegArguments(CameraOptions camera) =>
    [
        "-nostdin", "-loglevel", "error",
        // Over TCP: lost packets of UDP become grey blocks, which a model takes for defects.
        .. camera.Url!.StartsWith("rtsp", StringComparison.OrdinalIgnoreCase) ? ["-rtsp_transport", "tcp"] : Array.Empty<string>(),
        "-i", camera.Url, "-an", "-vf", FormattableString.Invariant($"fps={camera.FramesPerSecond}"), "-f", "image2pipe", "-c:v", "mjpeg", "-q:v", "2", "-",
    ];
}
