using Perenne.Hub.Shared.Blobs;
using Perenne.Imaging;

namespace Perenne.Hub.Evaluate;

/// <summary>The upright pixels of a stored image.</summary>
internal static class PixelSource
{
    /// <returns>Null: the file is not there or cannot be read as a picture. The caller disposes of the pixels.</returns>
    public static async Task<PixelBuffer?> LoadAsync(IBlobStore blobs, Guid organization, string contentHash, CancellationToken cancel)
    {
        await using Stream? stream = await blobs.OpenAsync(new(organization, BlobKind.Original, contentHash), cancel);
        if (stream is null)
            return null;
        using MemoryStream bytes = new();
        await stream.CopyToAsync(bytes, cancel);
        using ImageSource source = ImageSource.FromBytes(bytes.ToArray());
        return ImageProbe.Probe(source).Facts is { } facts ? ImageDecoder.Decode(source, facts).Pixels : null;
    }
}
