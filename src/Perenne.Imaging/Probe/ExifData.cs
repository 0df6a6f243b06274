namespace Perenne.Imaging;

internal sealed record ExifData(int Orientation, ExifFacts Facts)
{
    public static ExifData Empty { get; } = new(1, ExifFacts.None);
}
