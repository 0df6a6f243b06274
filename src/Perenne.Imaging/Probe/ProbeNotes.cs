namespace Perenne.Imaging;

internal static class ProbeNotes
{
    public static IEnumerable<ImageNote> For(Parsed p, string? fileName)
    {
        string extension = Path.GetExtension(fileName ?? "").ToLowerInvariant();
        if (extension.Length > 1 && !Extensions(p.Format).Contains(extension))
            yield return new ImageNote("mislabelled", $"The name ends in {extension} but the file is {p.Format.ToString().ToUpperInvariant()}; it is treated as what it is.");
        if (p.Frames > 1)
            yield return new ImageNote("several-frames", $"The file holds {p.Frames} frames or pages; only the first is used.");
        if (p.Exif.Orientation != 1)
            yield return new ImageNote("rotated", $"EXIF orientation {p.Exif.Orientation} is applied once; coordinates refer to the upright picture.");
    }

    private static string[] Extensions(ImageFormat format) => format switch
    {
        ImageFormat.Png => [".png", ".apng"],
        ImageFormat.Jpeg => [".jpg", ".jpeg", ".jpe", ".jfif"],
        ImageFormat.Tiff => [".tif", ".tiff", ".btf", ".tf8"],
        ImageFormat.Bmp => [".bmp", ".dib"],
        _ => [".webp"],
    };
}
