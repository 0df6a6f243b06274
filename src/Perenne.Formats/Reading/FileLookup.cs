using Perenne.Vision.Geometry;

namespace Perenne.Formats;

/// <summary>Finds the image file a record names, in the folders tools use, and its size.</summary>
internal sealed class FileLookup
{
    private static readonly string[] Extensions = [".jpg", ".jpeg", ".png", ".bmp", ".tif", ".tiff", ".webp", ".gif"];
    private readonly List<string> _folders;
    private int _lastHit;

    public FileLookup(ReadOptions options, params IEnumerable<string> folders)
    {
        IEnumerable<string> all = options.ImageRoot is { } root ? [root, .. folders] : folders;
        _folders = [.. all.Select(Path.GetFullPath).Distinct().Where(Directory.Exists)];
    }

    public static bool IsImage(string path)
    {
        ReadOnlySpan<char> extension = Path.GetExtension(path.AsSpan());
        foreach (string known in Extensions)
            if (extension.Equals(known, StringComparison.OrdinalIgnoreCase))
                return true;
        return false;
    }

    /// <summary>Absolute path of <paramref name="relative"/> (already safe), or null. The folder of the last hit is tried first.</summary>
    public string? Find(string relative)
    {
        for (int i = 0; i < _folders.Count; i++)
        {
            int at = (_lastHit + i) % _folders.Count;
            string candidate = Path.Combine(_folders[at], relative);
            if (!File.Exists(candidate))
                continue;
            _lastHit = at;
            return candidate;
        }
        return null;
    }

    public string? FindAnyExtension(string relativeWithoutExtension)
    {
        foreach (string extension in Extensions)
            if (Find(relativeWithoutExtension + extension) is { } path)
                return path;
        return null;
    }

    public static ImageSize? SizeOf(string? imagePath, ReadOptions options) =>
        (imagePath is null ? null : ImageHeader.TryReadSize(imagePath)) ?? options.DefaultImageSize;
}
