using System.IO.Hashing;
using System.Numerics;
using System.Runtime.InteropServices;
using Perenne.Contracts.Annotation;
using Perenne.Hub.Annotate;
using Perenne.Hub.Organizations;
using Perenne.Vision.Geometry;
using Perenne.Vision.Sampling;

namespace Perenne.Hub.Datasets;

/// <summary>Counts while the images stream by. What it keeps grows with classes, cameras and near-duplicate clusters, not with images.</summary>
/// <param name="expected">About how many images will come: the set of their groups is made once instead of growing by copies.</param>
internal sealed class StatisticsBuilder(ClassMap classes, int expected = 0)
{
    private const int MaxCameras = 50, Buckets = 16;
    private const double Small = 32 * 32, Medium = 96 * 96;
    private const string Grey = "#6c757d";

    private readonly Dictionary<string, Tally> byClass = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Place> organizations = new(StringComparer.Ordinal), cameras = new(StringComparer.Ordinal);
    private readonly Dictionary<Guid, byte> clusterSplits = [];
    private readonly HashSet<ulong> groups = new(expected);
    private readonly int[] sides = new int[Buckets];
    private readonly SortedDictionary<string, int> kinds = new(StringComparer.Ordinal);
    private SplitCounts images = SplitCounts.Zero, defects = SplitCounts.Zero, noDefect = SplitCounts.Zero;
    private int tags, values, minWidth = int.MaxValue, minHeight = int.MaxValue, maxWidth, maxHeight;

    private sealed class Tally
    {
        public Guid? Id;
        public SplitCounts Shapes = SplitCounts.Zero, Images = SplitCounts.Zero;
        public int Small, Medium, Large;
    }

    private sealed class Place
    {
        public SplitCounts Images = SplitCounts.Zero;
        public int Defects;
    }

    public int Shapes { get; private set; }

    public int NotLikeProduction { get; private set; }

    /// <summary>Clusters of near duplicates with images in train and in test or validation.</summary>
    public int LeakingClusters => clusterSplits.Values.Count(mask => BitOperations.PopCount(mask) > 1);

    public void Add(DatasetItem item)
    {
        Split split = item.Split;
        images = images.Plus(split);
        if (item.Verdict == ImageVerdict.NoDefect)
            noDefect = noDefect.Plus(split);
        else
            defects = defects.Plus(split);
        tags += item.Tags.Count > 0 ? 1 : 0;
        values += item.Values.Count > 0 ? 1 : 0;
        (minWidth, minHeight) = (Math.Min(minWidth, item.Image.Width), Math.Min(minHeight, item.Image.Height));
        (maxWidth, maxHeight) = (Math.Max(maxWidth, item.Image.Width), Math.Max(maxHeight, item.Image.Height));
        NotLikeProduction += item.Image.QualityReasons.Contains("|not-like-production|", StringComparison.Ordinal) ? 1 : 0;
        groups.Add(XxHash3.HashToUInt64(MemoryMarshal.AsBytes(item.Image.Group.AsSpan())));
        if (item.Image.ClusterId is { } cluster)
            clusterSplits[cluster] = (byte)(clusterSplits.GetValueOrDefault(cluster) | (1 << (int)split));
        Count(organizations, item.Organization, item);
        if (item.Image.Camera is { Length: > 0 } camera)
            Count(cameras, camera, item);
        foreach ((string name, Guid? id) in item.Shapes.Select(s => (s.Label, s.LabelId)).Concat(item.Tags).Distinct())
            Of(name, id).Images = Of(name, id).Images.Plus(split);
        foreach (DatasetShape shape in item.Shapes)
            Add(shape, split);
    }

    private void Add(DatasetShape shape, Split split)
    {
        Shapes++;
        Tally tally = Of(shape.Label, shape.LabelId);
        tally.Shapes = tally.Shapes.Plus(split);
        string kind = shape.Shape.Kind;
        kinds[kind] = kinds.GetValueOrDefault(kind) + 1;
        if (ShapeBounds.Of(shape.Shape.ToShape()) is not { } box)
            return;
        _ = box.Area <= Small ? tally.Small++ : box.Area <= Medium ? tally.Medium++ : tally.Large++;
        sides[Math.Clamp((int)Math.Log2(Math.Max(1, Math.Max(box.Width, box.Height))), 0, Buckets - 1)]++;
    }

    public DatasetStatistics Finish() => new(
        images, defects, noDefect, Classes(), Ordered(organizations, int.MaxValue), Ordered(cameras, MaxCameras), sides, kinds, tags, values, groups.Count,
        images.All == 0 ? 0 : minWidth, images.All == 0 ? 0 : minHeight, maxWidth, maxHeight);

    // In the schema's order, also those without an example; names outside any schema follow.
    private List<ClassStatistics> Classes()
    {
        IEnumerable<(string Name, Guid? Id, string Colour)> all = classes.Offered.Select(c => (c.Name, (Guid?)c.Id, c.Colour))
            .Concat(byClass.Keys.Except(classes.Offered.Select(c => c.Name)).Order(StringComparer.Ordinal).Select(name => (name, (Guid?)null, Grey)));
        return [.. all.Select(c => (c, Tally: byClass.GetValueOrDefault(c.Name) ?? new()))
            .Select(c => new ClassStatistics(c.c.Id, c.c.Name, c.c.Colour, c.Tally.Shapes, c.Tally.Images, c.Tally.Small, c.Tally.Medium, c.Tally.Large))];
    }

    private Tally Of(string name, Guid? id) => byClass.TryGetValue(name, out Tally? tally) ? tally : byClass[name] = new() { Id = id };

    private static void Count(Dictionary<string, Place> places, string name, DatasetItem item)
    {
        Place place = places.TryGetValue(name, out Place? known) ? known : places[name] = new();
        place.Images = place.Images.Plus(item.Split);
        place.Defects += item.Verdict == ImageVerdict.NoDefect ? 0 : 1;
    }

    private static List<PlaceStatistics> Ordered(Dictionary<string, Place> places, int most) =>
        [.. places.OrderByDescending(p => p.Value.Images.All).ThenBy(p => p.Key, StringComparer.Ordinal).Take(most).Select(p => new PlaceStatistics(p.Key, p.Value.Images, p.Value.Defects))];
}
