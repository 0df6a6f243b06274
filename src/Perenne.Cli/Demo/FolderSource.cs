using Perenne.Cli.Collect;
using Perenne.Cli.Hub;
using Perenne.Formats;
using Perenne.Vision.Geometry;
using SkiaSharp;

namespace Perenne.Cli.Demo;

/// <summary>
/// Any data set that Perenne reads (COCO, YOLO, VOC, DeepPCB …), split over three plants by its groups, so that a plant sees its own designs.
/// The rarest class is kept back until it "appears"; the lighting drift is laid on the pixels.
/// </summary>
internal sealed class FolderSource : DemoSource
{
    private readonly List<AnnotatedImage>[] known = [[], [], []];
    private readonly List<AnnotatedImage>[] later = [[], [], []];

    private FolderSource(string project, IReadOnlyList<string> classes, string laterClass) => (Project, Classes, LaterClass) = (project, classes, laterClass);

    public override IReadOnlyList<string> Classes { get; }

    public override string LaterClass { get; }

    public override string Project { get; }

    public static async Task<FolderSource> OpenAsync(string path, CancellationToken cancel)
    {
        (List<AnnotatedImage> images, string format, _) = await ImportSource.ReadAsync(path, "auto", null, cancel);
        List<AnnotatedImage> usable = [.. images.Where(i => i.ImagePath is not null && i.Annotations.Any(a => Bounds(a) is not null))];
        Dictionary<string, int> counts = usable.SelectMany(i => i.Annotations).Where(a => a.Label is not null).GroupBy(a => a.Label!).ToDictionary(g => g.Key, g => g.Count());
        if (usable.Count < 120 || counts.Count < 2)
            throw new HubFailure($"The demo needs at least 120 annotated images of two or more classes; '{path}' ({format}) has {usable.Count} of {counts.Count}. Leave --data out for generated parts.", 0);
        string rare = counts.MinBy(c => c.Value).Key;
        FolderSource source = new(Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path))), [.. counts.Keys.Where(c => c != rare).Order(StringComparer.Ordinal)], rare);
        // Whole groups go to one plant, the largest first, to the plant that has least.
        foreach (IGrouping<string, AnnotatedImage> group in usable.GroupBy(Group).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal))
        {
            int plant = Enumerable.Range(0, 3).MinBy(p => source.known[p].Count + source.later[p].Count);
            foreach (AnnotatedImage image in group.OrderBy(i => Mix(i.FileName)))
                (image.Annotations.Any(a => a.Label == rare) ? source.later : source.known)[plant].Add(image);
        }

        return source;
    }

    public override int Available(int plant) => known[plant % 3].Count;

    public override DemoImage Take(int plant, int number, DemoTrouble trouble)
    {
        List<AnnotatedImage> from = trouble == DemoTrouble.NewClass && number % 2 == 0 && later[plant % 3].Count > 0 ? later[plant % 3] : known[plant % 3];
        AnnotatedImage image = from[number % from.Count];
        byte[] file = File.ReadAllBytes(image.ImagePath!);
        (int width, int height) = image.Size is { } size ? (size.Width, size.Height) : SizeOf(file, image.ImagePath!);
        if (trouble == DemoTrouble.Light)
            file = WornLight.On(file, number);
        return new(image.FileName, $"P{plant + 1}-{number:D6}", file, width, height,
            [.. image.Annotations.Where(a => a.Label is not null).Select(a => (a.Label, Box: Bounds(a))).Where(a => a.Box is not null)
                .Select(a => new DemoBox(a.Label!, a.Box!.Value.X, a.Box.Value.Y, a.Box.Value.Width, a.Box.Value.Height))]);
    }

    private static Box? Bounds(AnnotationRecord annotation) => annotation.Shape is { } shape && ShapeBounds.Of(shape) is { Width: > 0, Height: > 0 } box ? box : null;

    private static string Group(AnnotatedImage image) =>
        image.Metadata.FirstOrDefault(m => m.Key == "group").Value ?? (image.FileName.Contains('/') ? image.FileName[..image.FileName.LastIndexOf('/')] : image.FileName);

    private static uint Mix(string text) => text.Aggregate(2_166_136_261u, (hash, letter) => unchecked((hash ^ letter) * 16_777_619u));

    private static (int, int) SizeOf(byte[] file, string path)
    {
        using MemoryStream stream = new(file);
        using SKCodec codec = SKCodec.Create(stream) ?? throw new HubFailure($"'{path}' is not an image that the demo can read.", 0);
        return (codec.Info.Width, codec.Info.Height);
    }
}
