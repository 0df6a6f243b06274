namespace Perenne.Formats;

/// <summary>Annotation tools name images by URL; the file's name is its last step.</summary>
internal static class UrlNames
{
    /// <summary>A safe relative name, or null where nothing of it can serve.</summary>
    public static string? FileNameOf(string? url)
    {
        if (string.IsNullOrWhiteSpace(url))
            return null;
        string path = url;
        // Label Studio's local files: /data/local-files/?d=folder/name.jpg
        int local = url.IndexOf("?d=", StringComparison.Ordinal);
        if (local >= 0)
            path = url[(local + 3)..];
        else if (url.IndexOf('?', StringComparison.Ordinal) is >= 0 and int query)
            path = url[..query];
        bool isLocation = path.Contains("://", StringComparison.Ordinal) || path.StartsWith('/');
        string name = Uri.UnescapeDataString(isLocation ? path[(path.TrimEnd('/').LastIndexOf('/') + 1)..] : path).Trim('/');
        return SafePath.TryNormalize(name, out string safe) ? safe : null;
    }
}
