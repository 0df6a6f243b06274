namespace Perenne.Imaging;

/// <summary>Thumbnails and tile pack of one picture, made in a single pass; memory does not grow with the picture's height.</summary>
public static class Derivatives
{
    public const int TileSize = 512;

    /// <param name="tilePack">Seekable, written from its position (see <see cref="TileIndex"/>). Publish it only after this returns null.</param>
    /// <param name="thumbnails">Longest side in pixels (at most 2048, never enlarged) and where its JPEG goes.</param>
    /// <returns>Null, or why the picture could not be decoded; what was written then must be thrown away.</returns>
    public static ImageRefusal? Write(ImageSource source, ImageFacts facts, Stream tilePack, params ReadOnlySpan<(int Longest, Stream To)> thumbnails)
    {
        TilePackWriter? writer = null;
        ImageRefusal? refusal = ImageDecoder.Guard(
            () =>
            {
                using PixelBands bands = PixelBands.Open(source, facts);
                writer = new TilePackWriter(bands.Width, bands.Height, bands.Layout, tilePack, TileSize);
                for (int y = 0; y < bands.Height; y += PixelBands.Rows)
                    writer.Add(bands.Read(y));
                writer.Finish();
                return null;
            },
            r => (ImageRefusal?)r);
        if (refusal is null)
            foreach ((int longest, Stream to) in thumbnails)
                writer!.WriteThumbnail(longest, to);
        return refusal;
    }
}
