using System.Collections.Immutable;
using CsCheck;
using Perenne.Vision.Geometry;

namespace Perenne.Formats.Tests;

/// <summary>Every shape written to every format comes back within 0.01 pixel, or the loss report names its image.</summary>
public class RoundTripTests
{
    private static readonly ImageSize Size = new(640, 480);
    private static readonly Gen<double> X = Gen.Double[0, 640], Y = Gen.Double[0, 480];
    private static readonly Gen<ImagePoint> Point = Gen.Select(X, Y, (x, y) => new ImagePoint(x, y));

    // Not flat: a box of no height written as a ring is a ring whose ends meet, which reads as closed.
    private static readonly Gen<Shape> Box = Gen.Select(Gen.Double[0, 600], Gen.Double[0, 440], Gen.Double[0.1, 40], Gen.Double[0.1, 40],
        (x, y, w, h) => (Shape)new BoxShape(new(x, y, w, h)));

    private static readonly Gen<Shape> Rotated = Gen.Select(Gen.Double[200, 440], Gen.Double[150, 330], Gen.Double[2, 150], Gen.Double[2, 150], Gen.Double[-180, 180],
        (x, y, w, h, angle) => (Shape)new RotatedBoxShape(new(x, y, w, h, angle)));

    // Corners of a star in order of angle never cross, so that area and outline are those of one plain ring.
    private static readonly Gen<Shape> Polygon = Gen.Select(Gen.Double[100, 540], Gen.Double[100, 380], Gen.Double[5, 95].Array[3, 12],
        (cx, cy, radii) => (Shape)PolygonShape.FromRing(radii.Select((r, i) =>
        {
            (double sin, double cos) = Math.SinCos(2 * Math.PI * i / radii.Length);
            return new ImagePoint(cx + r * cos, cy + r * sin);
        })));

    private static readonly Gen<Shape> Line = Point.Array[2, 6].Select(p => (Shape)new PolylineShape([.. p]));

    private static readonly Gen<Shape> Mask = Polygon.Select(p => (Shape)new MaskShape(ScanlineRasterizer.Rasterize((PolygonShape)p, Size)));

    private static readonly Gen<Shape[]> Shapes = Gen.Select(Box, Rotated, Polygon, Line, Gen.Select(Point.Select(p => (Shape)new PointShape(p)), Mask),
        (b, r, p, l, rest) => new[] { b, r, p, l, rest.Item1, rest.Item2 });

    public static TheoryData<string> Formats => [.. DatasetFormats.All.Select(f => f.Name)];

    [Theory]
    [MemberData(nameof(Formats))]
    public void Shapes_stay_within_a_hundredth_of_a_pixel_or_are_named_as_lost(string format) =>
        Shapes.Sample(shapes => CheckAsync(format, shapes).GetAwaiter().GetResult(), iter: 40, threads: 1, seed: "0000KOyNgyO4");

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task The_same_images_give_the_same_bytes(string format)
    {
        using Sets first = new(), second = new();
        Shape[] shapes = [new BoxShape(new(1, 2, 3, 4)), new RotatedBoxShape(new(50, 60, 20, 10, 30)), PolygonShape.FromRing([new(1, 1), new(9, 1), new(5, 9)])];
        foreach (Sets sets in (Sets[])[first, second])
            await WriteAsync(format, sets, shapes);
        string[] Files(Sets s) => [.. DatasetFiles.Enumerate(s.PathOf("set"), "*").Select(f => Path.GetRelativePath(s.Folder, f) + "\n" + File.ReadAllText(f))];
        Assert.NotEmpty(Files(first));
        Assert.Equal(Files(first), Files(second));
    }

    private static async Task CheckAsync(string format, Shape[] shapes)
    {
        using Sets sets = new();
        LossReport losses = await WriteAsync(format, sets, shapes);
        List<AnnotatedImage> read = await Sets.ReadAsync(format, sets.PathOf("set"), new() { DefaultImageSize = Size });
        for (int i = 0; i < shapes.Length; i++)
        {
            string name = $"{i}.png";
            bool named = losses.Entries.Any(e => e.Examples.Any(x => x.StartsWith(name, StringComparison.Ordinal)));
            ImmutableArray<AnnotationRecord> annotations = [.. read.Where(r => Path.GetFileNameWithoutExtension(r.FileName) == $"{i}").SelectMany(r => r.Annotations)];
            if (named)
                continue;
            AnnotationRecord annotation = Assert.Single(annotations);
            Assert.Equal("open", annotation.Label);
            AssertClose(shapes[i], annotation.Shape!);
        }
        // What a format says it holds must not hide behind a loss.
        DatasetFeature holds = DatasetFormats.All.Single(f => f.Name == format).Holds;
        foreach (LossEntry entry in losses.Entries)
            Assert.False(holds.HasFlag(entry.Feature), $"{format} holds {entry.Feature} but lost it: {string.Join(", ", entry.Examples)}");
    }

    private static async Task<LossReport> WriteAsync(string format, Sets sets, Shape[] shapes)
    {
        await using DatasetWriter writer = DatasetFormats.CreateWriter(format, sets.PathOf("set"), new("test", [new("open"), new("short")]));
        for (int i = 0; i < shapes.Length; i++)
            await writer.WriteAsync(new($"{i}.png") { Size = Size, Answer = ImageAnswer.Annotated, Annotations = [new("open", shapes[i])] });
        await writer.CompleteAsync();
        return writer.Losses;
    }

    private static void AssertClose(Shape expected, Shape actual)
    {
        if (expected is MaskShape)
        {
            Assert.Equal(expected, actual);
            return;
        }
        ImmutableArray<ImagePoint> a = Corners(expected), b = Corners(actual);
        Assert.Equal(a.Length, b.Length);
        for (int i = 0; i < a.Length; i++)
            Assert.True(Math.Abs(a[i].X - b[i].X) <= 0.01 && Math.Abs(a[i].Y - b[i].Y) <= 0.01, $"{expected} came back as {actual}");
    }

    private static ImmutableArray<ImagePoint> Corners(Shape shape) => shape switch
    {
        BoxShape b => ShapeMath.Corners(b.Box),
        RotatedBoxShape r => ShapeMath.Corners(r.Box),
        PolygonShape p => [.. p.Rings.SelectMany(r => r)],
        PolylineShape l => l.Points,
        PointShape p => [p.Point],
        _ => [],
    };
}
