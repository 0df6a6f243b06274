namespace Perenne.Imaging;

/// <summary>Leaves a parser at the point where the file stops making sense; never leaves this assembly.</summary>
internal sealed class ProbeException(RefusalCode code, string sentence) : Exception(sentence)
{
    public RefusalCode Code { get; } = code;

    public static ProbeException Truncated(string where) =>
        new(RefusalCode.Truncated, $"The file ends inside {where}: it was cut off on its way. Send it again from the camera or the original folder.");

    public static ProbeException Corrupt(string what) =>
        new(RefusalCode.Corrupt, $"The file is damaged: {what}. Export it again from the camera or the original folder.");

    public static ProbeException Variant(string what) =>
        new(RefusalCode.UnsupportedVariant, $"{what} is not supported. Save the picture as 8- or 16-bit PNG, JPEG, TIFF, BMP or WebP.");
}
