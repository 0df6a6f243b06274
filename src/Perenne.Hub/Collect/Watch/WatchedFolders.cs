using Perenne.Hub.Shared.Blobs;

namespace Perenne.Hub.Collect.Watch;

/// <summary>The files of a folder of the hub's machine; links are not followed.</summary>
internal static class WatchedFolders
{
    private static readonly EnumerationOptions Files = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint | FileAttributes.Hidden | FileAttributes.System, IgnoreInaccessible = true };

    public static IEnumerable<FoundFile> List(string folder) =>
        new DirectoryInfo(folder).EnumerateFiles("*", Files).Select(file => new Found(folder, file, StampOf(file.Length, file.LastWriteTimeUtc)));

    private static string StampOf(long bytes, DateTime written) => FormattableString.Invariant($"{bytes}-{written.Ticks}");

    private sealed class Found(string folder, FileInfo file, string stamp) : FoundFile(System.IO.Path.GetRelativePath(folder, file.FullName).Replace('\\', '/'), stamp)
    {
        public override bool IsWhole => false;

        public override Task<Stream?> OpenAsync(CancellationToken cancel)
        {
            try
            {
                return Task.FromResult<Stream?>(file.OpenRead());
            }
            catch (FileNotFoundException)
            {
                return Task.FromResult<Stream?>(null);
            }
        }

        public override bool IsStill(StagedFile staged) => Stamp == StampOf(staged.Bytes, File.GetLastWriteTimeUtc(file.FullName));

        public override Task MoveAsync(string to, CancellationToken cancel)
        {
            string target = System.IO.Path.Combine(folder, to, Path);
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(target)!);
            file.MoveTo(target, overwrite: true);
            return Task.CompletedTask;
        }
    }
}
