using NetVips;

namespace Perenne.Imaging.Tests;

/// <summary>Prints the distributions the defaults were chosen from; run with -explicit on.</summary>
public class ExploreTests(ITestOutputHelper output)
{
    [Fact(Explicit = true)]
    public void Distances_of_hashes_between_boards()
    {
        string[] paths = Boards.Paths("train.txt", 3);
        List<(string Path, Inspection Seen)> all = [.. paths.Select(p => (p, Boards.Inspect(p)))];
        int[] between = new int[65], same = new int[65], reencoded = new int[65];
        for (int i = 0; i < all.Count; i++)
            for (int j = i + 1; j < all.Count; j++)
            {
                int distance = all[i].Seen.Hash.Distance(all[j].Seen.Hash);
                between[distance]++;
                if (distance <= PerceptualHash.NearDuplicateRadius)
                    output.WriteLine($"collision at {distance}: {all[i].Path} {all[j].Path} {Apart(all[i].Seen, all[j].Seen)}");
            }
        foreach ((string path, Inspection seen) in all.Take(120))
        {
            same[seen.Hash.Distance(Boards.Inspect(Boards.ReferenceOf(path)).Hash)]++;
            Image image = Boards.Load(path);
            foreach (Image v in (Image[])[image, Boards.Brighter(image, .9, 5), image.Resize(.5), image.Resize(1.37), Boards.Noisy(image, 4)])
            {
                Inspection other = Boards.Inspect(v, 50);
                int distance = seen.Hash.Distance(other.Hash);
                reencoded[distance]++;
                if (distance > PerceptualHash.NearDuplicateRadius)
                    output.WriteLine($"{path} {seen.Facts} {distance} {Apart(seen, other)}");
            }
        }
        output.WriteLine("other boards  " + string.Join(' ', between));
        output.WriteLine("own reference " + string.Join(' ', same));
        output.WriteLine("re-encoded    " + string.Join(' ', reencoded));
    }

    private static string Apart(Inspection a, Inspection b) =>
        $"brightness {a.Measures.BrightnessMean:0.000} {b.Measures.BrightnessMean:0.000}, contrast {a.Measures.Contrast:0.000} {b.Measures.Contrast:0.000}, sizes {a.Facts.Width}×{a.Facts.Height} {b.Facts.Width}×{b.Facts.Height}";

    [Fact(Explicit = true)]
    public void Views_and_measures()
    {
        foreach (string path in Boards.Paths("train.txt", 90))
        {
            Image image = Boards.Load(path);
            ViewReference reference = ViewReference.Of(Boards.Inspect(path).Reduced);
            string Show(Image i) => Text(ViewMatcher.Compare(reference, ViewReference.Of(Boards.Inspect(i).Reduced)));
            output.WriteLine($"{reference.Corners} own-ref {Show(Boards.Load(Boards.ReferenceOf(path)))} | shift12 {Show(Boards.Shifted(image, 12, 5))} | rot3 {Show(image.Similarity(angle: 3).Crop(10, 10, 640, 640).Cast(Enums.BandFormat.Uchar))} | covered {Show(Covered(image, .7))} | dark {Show(Boards.Brighter(image, .7))} | blur2 {Show(Boards.Blurred(image, 2))} | other {Show(Boards.Load(Boards.Paths("train.txt", 90)[^1]))}");
            foreach (Image v in (Image[])[image, Boards.Blurred(image, .7), Boards.Blurred(image, 1.5), Boards.Noisy(image, 3), Boards.Brighter(image, .6), HalfBlurred(image)])
                output.WriteLine("   " + Boards.Inspect(v).Measures);
        }
    }

    /// <summary>Interleaved, median of ratios; meaningful in a Release build only.</summary>
    [Fact(Explicit = true)]
    public void Cost_of_ingest_beside_decoding_alone()
    {
        foreach ((string name, byte[] file) in (ReadOnlySpan<(string, byte[])>)[("gray 640", Boards.Noisy(Boards.Load(Boards.Paths("train.txt", 1000)[0]), 5).JpegsaveBuffer(q: 90)), ("colour 12 MP", TestImages.Colour(4096, 3000).JpegsaveBuffer(q: 90))])
        {
            List<double> ratios = [], tiles = [], alone = [];
            for (int i = 0; i < (file.Length < 1 << 19 ? 200 : 12); i++)
            {
                double decode = Milliseconds(() => TestImages.Decode(file).Dispose()), all = Milliseconds(() => { ContentHash.Of(file); TestImages.Inspect(file); });
                using ImageSource source = ImageSource.FromBytes(file);
                double made = Milliseconds(() => Derivatives.Write(source, TestImages.Facts(file), new MemoryStream(), (256, new MemoryStream()), (1024, new MemoryStream())));
                (alone, ratios, tiles) = ([.. alone, decode], [.. ratios, all / decode], [.. tiles, made / decode]);
            }
            output.WriteLine($"{name}, {file.Length / 1024} kB: decode {alone.Order().ElementAt(alone.Count / 2):0.00} ms, ingest {ratios.Order().ElementAt(ratios.Count / 2):0.00} ×, tiles {tiles.Order().ElementAt(tiles.Count / 2):0.00} ×");
        }
    }

    private static double Milliseconds(Action act)
    {
        long start = System.Diagnostics.Stopwatch.GetTimestamp();
        act();
        return System.Diagnostics.Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static string Text(ViewComparison? v) => v is null ? "none" : $"{v.Visible:0.00}/{v.CornerShift:0.000}";

    public static Image Covered(Image image, double share) =>
        image.Insert((Image.Black((int)(image.Width * share), image.Height) + 90).Cast(Enums.BandFormat.Uchar), 0, 0).Copy(interpretation: Enums.Interpretation.Bw);

    public static Image HalfBlurred(Image image) => image.Insert(Boards.Blurred(image, 2).Crop(0, 0, image.Width / 3, image.Height), 0, 0);
}
