using Perenne.Vision.Metrics;
using Perenne.Vision.Statistics;

namespace Perenne.Hub.Evaluate;

/// <summary>Where a model does well and where not: by organization, camera and brightness of the image, by size and position of the object. Pure.</summary>
internal static class SliceBuilder
{
    private const int Resamples = 400, MostCameras = 20;
    private const ulong Seed = 20260102;

    private static readonly (string Name, double Below)[] Sizes = [("< 16 px", 16), ("16–32 px", 32), ("32–64 px", 64), ("64–128 px", 128), ("≥ 128 px", double.PositiveInfinity)];
    private static readonly (string Name, double Below)[] Tones = [("dark", 0.2), ("dim", 0.4), ("medium", 0.6), ("bright", 0.8), ("very bright", double.PositiveInfinity)];

    public static IEnumerable<SliceFigures> Of(IReadOnlyList<ImageResult> results, JudgedImage[] judged)
    {
        foreach (SliceFigures one in ByImage("organization", r => r.Organization).Concat(ByImage("camera", r => r.Camera).OrderByDescending(s => s.Images).Take(MostCameras))
            .Concat(ByImage("brightness", r => Tones.First(t => r.Brightness < t.Below).Name).OrderBy(s => Tones.Index().First(t => t.Item.Name == s.Name).Index)))
            yield return one;
        var objects = results.SelectMany(r => r.Truth.Select((t, i) => (Image: r, Truth: t, IsFound: IsFound(r, t)))).ToList();
        foreach ((string name, double below) in Sizes)
            if (Among("size", name, objects.Where(o => SizeOf(o.Truth) == name).Select(o => o.IsFound)) is { } one)
                yield return one;
        foreach (string name in new[] { "centre", "edge", "corner" })
            if (Among("position", name, objects.Where(o => PositionOf(o.Image, o.Truth) == name).Select(o => o.IsFound)) is { } one)
                yield return one;

        IEnumerable<SliceFigures> ByImage(string kind, Func<ImageResult, string?> key) => results.Index().Where(r => key(r.Item) is not null).GroupBy(r => key(r.Item)!).Select(group =>
        {
            List<(int Index, ImageResult Item)> slice = [.. group];
            JudgedImage[] of = [.. slice.Select(s => judged[s.Index])];
            InspectionRates rates = InspectionRates.At(of, 0);
            (Interval? escape, Interval? overkill) = InspectionRates.Intervals(of, 0, Seed, Resamples);
            long tp = slice.Sum(s => s.Item.TruePositives), fp = slice.Sum(s => s.Item.FalsePositives), fn = slice.Sum(s => s.Item.FalseNegatives);
            return new SliceFigures(kind, group.Key, slice.Count, (int)(tp + fn), FigureBuilder.Ratio(tp, tp + fn), FigureBuilder.Ratio(tp, tp + fp), FigureOf(rates.EscapeRate, escape), FigureOf(rates.OverkillRate, overkill));
        });
    }

    private static Figure? FigureOf(double? value, Interval? interval) => value is { } v ? new(v, interval?.Low, interval?.High) : null;

    private static SliceFigures? Among(string kind, string name, IEnumerable<bool> found)
    {
        bool[] all = [.. found];
        return all.Length == 0 ? null : new(kind, name, 0, all.Length, (double)all.Count(f => f) / all.Length, null, null, null);
    }

    private static bool IsFound(ImageResult image, TrueObject truth) => image.Found.Any(f => f.Counts && f.Class == truth.Class && Vision.Geometry.BoxIou.Of(f.Box, truth.Box) >= ErrorFinder.Iou);

    private static string SizeOf(TrueObject t) => Sizes.First(s => Math.Max(t.Width, t.Height) < s.Below).Name;

    // Thirds of the image: the middle, the four sides, the four corners.
    private static string PositionOf(ImageResult image, TrueObject t)
    {
        bool middleX = Math.Abs(((t.X + (t.Width / 2)) / image.Width) - 0.5) < 1 / 6d, middleY = Math.Abs(((t.Y + (t.Height / 2)) / image.Height) - 0.5) < 1 / 6d;
        return middleX && middleY ? "centre" : middleX || middleY ? "edge" : "corner";
    }
}
