using System.Globalization;

namespace Perenne.Imaging;

/// <summary>The few EXIF 2.32 tags the product uses. Damaged EXIF is ignored: it must not cost the picture.</summary>
internal static class ExifParser
{
    public static ExifData Parse(ImageSource source, long origin)
    {
        try
        {
            TiffReader reader = new(source, origin);
            return FromDirectory(reader, reader.Directory(reader.FirstDirectory).Entries);
        }
        catch (Exception e) when (e is ProbeException or OverflowException)
        {
            return ExifData.Empty;
        }
    }

    public static ExifData FromDirectory(TiffReader reader, Dictionary<ushort, TiffEntry> main)
    {
        Dictionary<ushort, TiffEntry> sub = [];
        if (main.TryGetValue(0x8769, out TiffEntry pointer) && reader.Number(pointer) is { } at)
        {
            try
            {
                sub = reader.Directory(at).Entries;
            }
            catch (ProbeException)
            {
                // A broken sub-directory leaves the main one usable.
            }
        }
        long orientation = main.TryGetValue(0x0112, out TiffEntry o) ? reader.Number(o) ?? 1 : 1;
        ExifFacts facts = new(
            Time(Text(sub, 0x9003) ?? Text(main, 0x0132)), Offset(Text(sub, 0x9011)),
            Text(main, 0x010F), Text(main, 0x0110), Text(sub, 0xA431), Text(main, 0x0131));
        return new ExifData(orientation is >= 1 and <= 8 ? (int)orientation : 1, facts);

        string? Text(Dictionary<ushort, TiffEntry> entries, ushort tag) => entries.TryGetValue(tag, out TiffEntry e) ? reader.Text(e) : null;
    }

    private static DateTime? Time(string? text) =>
        DateTime.TryParseExact(text, "yyyy:MM:dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime time) ? time : null;

    private static TimeSpan? Offset(string? text) =>
        text is { Length: 6 } && TimeSpan.TryParseExact(text[1..], @"hh\:mm", CultureInfo.InvariantCulture, out TimeSpan span) && text[0] is '+' or '-'
            ? (text[0] == '-' ? -TimeSpan.ParseExact(text[1..], @"hh\:mm", CultureInfo.InvariantCulture) : TimeSpan.ParseExact(text[1..], @"hh\:mm", CultureInfo.InvariantCulture))
            : null;
}
