namespace Perenne.Formats;

/// <summary>A file or folder that appears whole or not at all.</summary>
internal sealed class AtomicTarget : IDisposable
{
    private readonly string _target, _replaced;
    private readonly bool _overwrite;
    private bool _committed;

    public AtomicTarget(string target, bool overwrite)
    {
        if (Exists(target) && !overwrite)
            throw new IOException($"{target} exists already; choose another target or allow overwriting it.");
        _target = target;
        _overwrite = overwrite;
        string folder = Path.GetDirectoryName(target) ?? throw new IOException($"{target} is not a place to write to.");
        Directory.CreateDirectory(folder);
        // The extension stays, because it tells a writer whether one file is wanted.
        Temporary = Path.Combine(folder, $".{Path.GetFileNameWithoutExtension(target)}.{Environment.ProcessId}.part{Path.GetExtension(target)}");
        _replaced = Path.Combine(folder, $".{Path.GetFileName(target)}.{Environment.ProcessId}.old");
        Remove(Temporary);
    }

    public string Temporary { get; }

    public void Commit()
    {
        bool replaces = _overwrite && Exists(_target);
        if (replaces)
            Move(_target, _replaced);
        Move(Temporary, _target);
        _committed = true;
        if (replaces)
            Remove(_replaced);
    }

    public void Dispose()
    {
        if (!_committed)
            Remove(Temporary);
    }

    private static bool Exists(string path) => File.Exists(path) || Directory.Exists(path);

    private static void Move(string from, string to)
    {
        if (Directory.Exists(from))
            Directory.Move(from, to);
        else
            File.Move(from, to);
    }

    private static void Remove(string path)
    {
        if (Directory.Exists(path))
            Directory.Delete(path, recursive: true);
        else
            File.Delete(path);
    }
}
