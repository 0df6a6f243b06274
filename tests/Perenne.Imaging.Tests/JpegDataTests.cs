using NetVips;

namespace Perenne.Imaging.Tests;

/// <summary>Damage inside the picture data of a JPEG whose structure is whole.</summary>
public class JpegDataTests
{
    public static TheoryData<string> Encodings => ["gray", "colour 4:2:0", "colour 4:4:4", "optimised", "progressive", "progressive gray", "restart markers", "cmyk", "odd size"];

    private static byte[] Encode(string name) => name switch
    {
        "gray" => Textured(1).JpegsaveBuffer(q: 90),
        "colour 4:2:0" => Textured(3).JpegsaveBuffer(q: 85, subsampleMode: Enums.ForeignSubsample.On),
        "colour 4:4:4" => Textured(3).JpegsaveBuffer(q: 95, subsampleMode: Enums.ForeignSubsample.Off),
        "optimised" => Textured(3).JpegsaveBuffer(q: 75, optimizeCoding: true),
        "progressive" => Textured(3).JpegsaveBuffer(q: 85, interlace: true),
        "progressive gray" => Textured(1).JpegsaveBuffer(q: 90, interlace: true),
        "restart markers" => Textured(3).JpegsaveBuffer(q: 85, restartInterval: 7),
        "cmyk" => Textured(3).Colourspace(Enums.Interpretation.Cmyk).JpegsaveBuffer(q: 90),
        _ => Textured(3, 203, 117).JpegsaveBuffer(q: 85),
    };

    [Theory, MemberData(nameof(Encodings))]
    public void Whole_data_passes(string encoding) => Assert.Null(Refusal(Encode(encoding)));

    /// <summary>Their data is zeros when the tables are made for them.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(128)]
    [InlineData(255)]
    public void Flat_pictures_pass(int grey)
    {
        Image flat = (Image.Black(640, 640) + grey).Cast(Enums.BandFormat.Uchar).Copy(interpretation: Enums.Interpretation.Bw);
        foreach (bool optimised in (bool[])[false, true])
            foreach (bool progressive in (bool[])[false, true])
            {
                using ImageSource source = ImageSource.FromBytes(flat.JpegsaveBuffer(q: 90, optimizeCoding: optimised, interlace: progressive));
                JpegDataCheck.Run(source);
            }
    }

    [Fact]
    public void Real_pictures_pass()
    {
        foreach (string path in Boards.Paths("train.txt", every: 20))
        {
            using ImageSource source = ImageSource.FromFile(path);
            JpegDataCheck.Run(source);
        }
    }

    /// <summary>
    /// What a bad cable, disk or memory leaves: runs of other bytes, a hole, a repeated piece, up to a disk's sector. Where damage happens to leave
    /// the number of blocks as it was, nothing in a JPEG tells it from a picture.
    /// </summary>
    [Theory, MemberData(nameof(Encodings))]
    public void Overwritten_missing_and_repeated_bytes_are_refused_in_words(string encoding)
    {
        byte[] file = Encode(encoding);
        (int from, int to) = DataOf(file);
        Random random = new(20261124);
        int seen = 0;
        int[] missed = new int[4];
        const int Rounds = 120;
        for (int round = 0; round < Rounds; round++)
        {
            int length = 64 + random.Next(449), at = from + random.Next(to - from - length);
            byte[] piece = new byte[length];
            for (int i = 0; i < length; i++)
                piece[i] = (byte)random.Next(255); // Never FF: the markers stay what they are.
            byte[] damaged = (round % 4) switch
            {
                0 => [.. file[..at], .. piece, .. file[(at + length)..]],
                1 => [.. file[..at], .. new byte[length], .. file[(at + length)..]],
                2 => [.. file[..at], .. file[(at + length)..]],
                _ => [.. file[..at], .. Plain(file[at..(at + length)]), .. file[at..]],
            };
            if (Refusal(damaged) is { } refusal)
            {
                Assert.Contains(refusal.Code, (RefusalCode[])[RefusalCode.Corrupt, RefusalCode.Truncated]);
                Assert.EndsWith(".", refusal.Sentence, StringComparison.Ordinal);
                seen++;
            }
            else
                missed[round % 4]++;
        }

        TestContext.Current.SendDiagnosticMessage($"{encoding}: {seen} of {Rounds} refused; missed by kind {string.Join(' ', missed)}");
        Assert.True(seen >= Rounds * 95 / 100, $"{seen} of {Rounds} damaged files were refused.");
    }

    /// <summary>A flipped bit inside an amplitude changes one coefficient and nothing else: no decoder can know. Most bits are not of that kind.</summary>
    [Theory, MemberData(nameof(Encodings))]
    public void Of_single_flipped_bits_those_are_refused_that_break_the_codes(string encoding)
    {
        byte[] file = Encode(encoding);
        (int from, int to) = DataOf(file);
        Random random = new(20261125);
        int seen = 0;
        const int Rounds = 200;
        for (int round = 0; round < Rounds; round++)
        {
            byte[] damaged = [.. file];
            damaged[from + random.Next(to - from)] ^= (byte)(1 << random.Next(8));
            seen += Refusal(damaged) is null ? 0 : 1;
        }

        TestContext.Current.SendDiagnosticMessage($"{encoding}: {seen} of {Rounds} refused");
        Assert.True(seen >= Rounds / 7, $"{seen} of {Rounds} flipped bits were noticed.");
    }

    [Fact]
    public void Restart_markers_out_of_order_are_refused()
    {
        byte[] file = Encode("restart markers");
        int marker = Enumerable.Range(DataOf(file).From, file.Length).First(i => file[i] == 0xFF && file[i + 1] is >= 0xD0 and <= 0xD7);
        file[marker + 1] = (byte)(0xD0 + ((file[marker + 1] + 3) & 7));
        Assert.Contains("makes no sense", Refusal(file)!.Sentence, StringComparison.Ordinal);
    }

    private static byte[] Plain(byte[] piece) => [.. piece.Select(b => b == 0xFF ? (byte)0 : b)];

    private static ImageRefusal? Refusal(byte[] file)
    {
        using ImageSource source = ImageSource.FromBytes(file);
        return ImageInspector.Inspect(source, "part.jpg").Refusal;
    }

    /// <summary>From the first scan's data to the end marker; segment by segment, because a colour profile may hold any bytes.</summary>
    private static (int From, int To) DataOf(byte[] file)
    {
        int at = 2;
        while (file[at + 1] != 0xDA)
            at += 2 + (file[at + 2] << 8 | file[at + 3]);
        return (at + 2 + (file[at + 2] << 8 | file[at + 3]), file.Length - 2);
    }

    private static Image Textured(int bands, int width = 320, int height = 240)
    {
        Image noise = Image.Gaussnoise(width, height, mean: 0, sigma: 12, seed: 3);
        Image picture = (TestImages.Colour(width, height) + noise).Cast(Enums.BandFormat.Uchar).Copy(interpretation: Enums.Interpretation.Srgb);
        return bands == 3 ? picture : picture.Colourspace(Enums.Interpretation.Bw);
    }
}
