namespace Perenne.Station.Sources;

/// <summary>Plays the pictures of a folder (and those below it) once or for ever, in the order of their names, and leaves them where they are.</summary>
internal static class ReplaySource
{
    private static readonly HashSet<string> Pictures = new(StringComparer.OrdinalIgnoreCase) { ".jpg", ".jpeg", ".png", ".bmp", ".tif", ".tiff", ".webp" };

    /// <summary>Between two rounds over a folder that has no picture (yet).</summary>
    private static readonly TimeSpan Breath = TimeSpan.FromSeconds(1);

    public static async Task RunAsync(CameraLoop camera, StationStatus status, TimeProvider time, CancellationToken cancel)
    {
        do
        {
            if (!await OnceAsync(camera, status, time, cancel))
                await Task.Delay(Breath, time, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        while (camera.Options.Loop && !cancel.IsCancellationRequested);
    }

    /// <returns>False: no picture was there.</returns>
    private static async Task<bool> OnceAsync(CameraLoop camera, StationStatus status, TimeProvider time, CancellationToken cancel)
    {
        bool any = false;
        string root = Path.GetFullPath(camera.Options.Path!);
        string? references = camera.ReferenceFolder is { } folder ? folder + Path.DirectorySeparatorChar : null;
        foreach (string path in Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Where(p => Pictures.Contains(Path.GetExtension(p)) && (references is null || !p.StartsWith(references, StringComparison.Ordinal))).Order(StringComparer.Ordinal))
        {
            if (cancel.IsCancellationRequested)
                return any;
            any = true;
            try
            {
                await camera.JudgeAsync(await File.ReadAllBytesAsync(path, cancel), Path.GetFileName(path), null, null, null, cancel, Path.GetRelativePath(root, path));
            }
            catch (IOException e)
            {
                status.Trouble($"{Path.GetFileName(path)} could not be judged: {e.Message}");
            }
            if (camera.Options.EveryMilliseconds > 0)
                await Task.Delay(TimeSpan.FromMilliseconds(camera.Options.EveryMilliseconds), time, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        return any;
    }
}
