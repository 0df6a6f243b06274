namespace Perenne.Imaging;

/// <summary>First directory of a TIFF or BigTIFF: size, samples, and that every strip or tile lies inside the file.</summary>
internal static class TiffParser
{
    private const int MaxPages = 10_000;

    public static Parsed Parse(ImageSource source)
    {
        TiffReader reader = new(source, 0);
        (Dictionary<ushort, TiffEntry> entries, long next) = reader.Directory(reader.FirstDirectory);
        long width = Need(256, "a width"), height = Need(257, "a height");
        long bits = Get(258) ?? 1, samples = Get(277) ?? 1, photometric = Get(262) ?? 1, sampleFormat = Get(339) ?? 1;
        for (int i = 1; i < Math.Min(samples, 8); i++)
            if (entries.TryGetValue(258, out TiffEntry each) && reader.Number(each, i) is { } other && other != bits)
                throw ProbeException.Variant("TIFF with channels of different bit depth");
        if (sampleFormat != 1 || bits is not (1 or 2 or 4 or 8 or 16))
            throw ProbeException.Variant($"TIFF with {bits}-bit {(sampleFormat == 3 ? "floating-point" : sampleFormat == 2 ? "signed" : "integer")} samples");
        if (samples is < 1 or > 4)
            throw ProbeException.Variant($"TIFF with {samples} channels");
        ColorModel color = photometric switch
        {
            0 or 1 => ColorModel.Gray,
            2 or 6 => ColorModel.Rgb,
            3 => ColorModel.Palette,
            5 => ColorModel.Cmyk,
            _ => throw ProbeException.Variant($"TIFF with photometric interpretation {photometric}"),
        };
        long end = DataEnd(source, reader, entries);
        int pages = 1;
        for (HashSet<long> seen = [reader.FirstDirectory]; next != 0 && pages < MaxPages && seen.Add(next); pages++)
            next = reader.Directory(next).Next;
        return new Parsed(ImageFormat.Tiff, Clamp(width), Clamp(height), (int)bits, (int)samples, color)
        {
            // Directories may follow the pixels and belong to the file: where a TIFF ends cannot be said exactly.
            End = Math.Max(end, source.Length),
            Frames = pages,
            Exif = ExifParser.FromDirectory(reader, entries),
        };

        long? Get(ushort tag) => entries.TryGetValue(tag, out TiffEntry e) ? reader.Number(e) : null;
        long Need(ushort tag, string what) => Get(tag) ?? throw ProbeException.Corrupt($"the TIFF directory lacks {what}");
        static int Clamp(long v) => (int)Math.Clamp(v, 0, int.MaxValue);
    }

    private static long DataEnd(ImageSource source, TiffReader reader, Dictionary<ushort, TiffEntry> entries)
    {
        bool tiled = entries.ContainsKey(324);
        if (!entries.TryGetValue(tiled ? (ushort)324 : (ushort)273, out TiffEntry offsets) || !entries.TryGetValue(tiled ? (ushort)325 : (ushort)279, out TiffEntry counts))
            throw ProbeException.Corrupt("the TIFF directory does not say where its pixels are");
        if (offsets.Count != counts.Count || offsets.Count > 4_000_000)
            throw ProbeException.Corrupt("the TIFF strip table is inconsistent");
        long end = 0;
        for (long i = 0; i < offsets.Count; i++)
        {
            if (reader.Number(offsets, i) is not { } at || reader.Number(counts, i) is not { } size)
                throw ProbeException.Truncated("the TIFF strip table");
            if (at > source.Length - size || size < 0)
                throw ProbeException.Truncated("the TIFF picture data");
            end = Math.Max(end, at + size);
        }
        return end;
    }
}
