namespace Perenne.Station.Sources;

/// <summary>
/// A folder that some camera software writes into. A file is read when two looks see the same size and time; it leaves the folder only after
/// its judgement is safe, so that a crash judges it again and never not at all.
/// </summary>
internal static class FolderSource
{
    public static async Task RunAsync(CameraLoop camera, StationStatus status, TimeProvider time, CancellationToken cancel)
    {
        string folder = camera.Options.Path!, done = Path.Combine(folder, "done");
        Dictionary<string, (long, DateTime)> seen = [];
        while (!cancel.IsCancellationRequested)
        {
            status.Connection(camera.Options.Name, Directory.Exists(folder));
            if (Directory.Exists(folder))
                seen = await LookAsync(camera, status, folder, done, seen, cancel);
            await Task.Delay(TimeSpan.FromMilliseconds(camera.Options.EveryMilliseconds), time, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task<Dictionary<string, (long, DateTime)>> LookAsync(CameraLoop camera, StationStatus status, string folder, string done, Dictionary<string, (long, DateTime)> before, CancellationToken cancel)
    {
        Dictionary<string, (long, DateTime)> now = [];
        foreach (FileInfo file in new DirectoryInfo(folder).GetFiles().Where(f => !f.Name.StartsWith('.') && f.Extension != ".tmp").OrderBy(f => f.LastWriteTimeUtc).ThenBy(f => f.Name, StringComparer.Ordinal))
        {
            now[file.FullName] = (file.Length, file.LastWriteTimeUtc);
            if (cancel.IsCancellationRequested || !before.TryGetValue(file.FullName, out (long, DateTime) last) || last != now[file.FullName])
                continue;
            try
            {
                await camera.JudgeAsync(await File.ReadAllBytesAsync(file.FullName, cancel), file.Name, null, new DateTimeOffset(file.LastWriteTimeUtc), null, cancel);
                Leave(camera, file, done);
                now.Remove(file.FullName);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                status.Trouble($"{file.Name} could not be judged now: {e.Message}");
            }
        }
        return now;
    }

    private static void Leave(CameraLoop camera, FileInfo file, string done)
    {
        if (camera.Options.DeleteJudged)
        {
            file.Delete();
            return;
        }
        Directory.CreateDirectory(done);
        file.MoveTo(Path.Combine(done, file.Name), overwrite: true);
    }
}
