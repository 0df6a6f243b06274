using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Perenne.Station.Spool;

/// <summary>Files that are there completely or not at all, also after a power cut.</summary>
internal static partial class DurableFile
{
    /// <summary>Writes under another name, fsyncs, renames, fsyncs the folder.</summary>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        string temporary = path + ".tmp";
        try
        {
            using FileStream file = new(temporary, FileMode.Create, FileAccess.Write, FileShare.None, 1);
            file.Write(content);
            file.Flush(flushToDisk: true);
        }
        catch (ArgumentOutOfRangeException e)
        {
            // What .NET makes of EFBIG: the file system or a quota takes no longer file.
            throw new IOException($"{path} may not grow: {e.Message}", e);
        }
        File.Move(temporary, path, overwrite: true);
        SyncFolder(System.IO.Path.GetDirectoryName(path)!);
    }

    public static void Delete(string path)
    {
        File.Delete(path);
        SyncFolder(System.IO.Path.GetDirectoryName(path)!);
    }

    /// <summary>A rename or a new name is durable only when its folder was synced. Windows does that by itself.</summary>
    public static void SyncFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
            return;
        int fd = Open(folder, 0);
        if (fd < 0)
            throw new IOException($"The folder {folder} cannot be opened to make its names durable: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
        try
        {
            if (Fsync(fd) != 0)
                throw new IOException($"The folder {folder} cannot be synced: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
        }
        finally
        {
            _ = Close(fd);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(int fd);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int fd);
}
