using CsCheck;
using Perenne.Vision.Geometry;

namespace Perenne.Vision.Tests.Geometry;

public class TransformTests
{
    private static readonly ImageSize Size = ShapeGenerators.Image;

    private static Gen<ImageTransform> Exact { get; } = Gen.OneOf(
        Gen.Const(ImageTransform.FlipHorizontal(Size)), Gen.Const(ImageTransform.FlipVertical(Size)),
        Gen.Int[-5, 5].Select(t => ImageTransform.QuarterTurns(Size, t)));

    private static Gen<ImageTransform> Smooth { get; } = Gen.OneOf(Exact,
        Gen.Double[-180, 180].Select(a => ImageTransform.Rotation(Size, a)),
        Gen.Select(Gen.Int[5, 200], Gen.Int[5, 200], (w, h) => ImageTransform.Scale(Size, new ImageSize(w, h))),
        Gen.Select(Gen.Int[-9, 9], Gen.Int[-9, 9], (x, y) => ImageTransform.Crop(Size, x, y, new ImageSize(30, 30))));

    [Fact]
    public void A_transform_and_its_inverse_bring_every_shape_back() => Gen.Select(Smooth, ShapeGenerators.WithoutMask).Sample((map, shape) =>
    {
        Shape back = map.Inverse().Apply(map.Apply(shape));
        if (PolygonArea.Of(shape) > 0.01 || shape is PointShape or PolylineShape)
            Assert.Equal(1, ShapeIou.Of(shape, back), 1e-6);
    });

    [Fact]
    public void A_mask_flipped_or_turned_and_back_is_the_same_mask() => Gen.Select(Exact, ShapeGenerators.Mask).Sample((map, mask) =>
        Assert.Equal(mask, map.Inverse().Apply(map.Apply(mask))));

    [Fact]
    public void Steps_joined_are_the_steps_one_by_one() => Gen.Select(Smooth, ShapeGenerators.Point, Gen.Double[-90, 90]).Sample((first, point, angle) =>
    {
        ImageTransform second = ImageTransform.Rotation(first.Target, angle);
        ImagePoint joined = first.Then(second).Apply(point), single = second.Apply(first.Apply(point));
        Assert.Equal(single.X, joined.X, 1e-9);
        Assert.Equal(single.Y, joined.Y, 1e-9);
    });

    [Fact]
    public void Overlap_is_the_same_before_and_after_a_turn() =>
        Gen.Select(ShapeGenerators.WithoutMask, ShapeGenerators.WithoutMask, Gen.Double[-180, 180]).Sample((a, b, angle) =>
        {
            if (a is PointShape or PolylineShape || b is PointShape or PolylineShape)
                return;
            ImageTransform map = ImageTransform.Rotation(Size, angle);
            Assert.Equal(ShapeIou.Of(a, b), ShapeIou.Of(map.Apply(a), map.Apply(b)), 1e-6);
        });

    [Fact]
    public void Pixels_and_boxes_turn_together_by_hand()
    {
        // A quarter turn clockwise of 3 × 2: the pixel at (0, 0) goes to the upper right corner of 2 × 3.
        var size = new ImageSize(3, 2);
        ImageTransform turn = ImageTransform.QuarterTurns(size, 1);
        Assert.Equal(new ImageSize(2, 3), turn.Target);
        Assert.Equal(new BoxShape(new Box(1, 0, 1, 1)), turn.Apply(new BoxShape(new Box(0, 0, 1, 1))));
        var mask = (MaskShape)turn.Apply(new MaskShape(MaskBitmap.Encode([1, 1, 0, 0, 0, 0], 3, 2)));
        Assert.Equal([0, 1, 0, 1, 0, 0], MaskBitmap.Decode(mask.Mask));
    }

    [Fact]
    public void A_box_keeps_its_kind_as_long_as_it_can()
    {
        var box = new BoxShape(new Box(10, 10, 8, 4));
        Assert.IsType<BoxShape>(ImageTransform.Scale(Size, new ImageSize(96, 40)).Apply(box));
        var turned = Assert.IsType<RotatedBoxShape>(ImageTransform.Rotation(Size, 30).Apply(box));
        Assert.Equal(30, turned.Box.AngleDegrees, 1e-9);
        Assert.IsType<PolygonShape>(ImageTransform.Scale(Size, new ImageSize(96, 40)).Apply(turned));
        Assert.Equal(-30, Assert.IsType<RotatedBoxShape>(ImageTransform.FlipVertical(Size).Apply(turned)).Box.AngleDegrees, 1e-9);
    }

    [Fact]
    public void Tiles_cover_every_pixel_and_share_at_least_the_overlap() =>
        Gen.Select(Gen.Int[1, 60], Gen.Int[1, 60], Gen.Int[5, 25], Gen.Int[0, 4]).Sample((w, h, tile, overlap) =>
        {
            var covered = new int[w, h];
            IReadOnlyList<ImageTransform> tiles = ImageTransform.Tiles(new ImageSize(w, h), new ImageSize(tile, tile), overlap);
            foreach (ImageTransform t in tiles)
                for (int x = 0; x < t.Target.Width; x++)
                    for (int y = 0; y < t.Target.Height; y++)
                        covered[x - (int)t.C, y - (int)t.F]++;
            Assert.All(covered.Cast<int>(), c => Assert.True(c > 0));
            int[] starts = [.. tiles.Select(t => -(int)t.C).Distinct().Order()];
            Assert.All(starts.Zip(starts.Skip(1)), p => Assert.InRange(p.Second - p.First, 1, tile - overlap));
        });

    [Fact]
    public void Clipping_keeps_the_area_inside_the_image() => ShapeGenerators.WithoutMask.Sample(shape =>
    {
        var size = new ImageSize(24, 20);
        if (shape is PointShape or PolylineShape || shape is PolygonShape { Rings.Length: > 1 })
            return;
        double clipped = ShapeClipping.ToImage(shape, size).Sum(PolygonArea.Of);
        double area = PolygonArea.Of(shape), iou = ShapeIou.Of(shape, new BoxShape(new Box(0, 0, 24, 20)));
        Assert.Equal(iou * (area + 480) / (1 + iou), clipped, 1e-6);
    });

    [Fact]
    public void A_line_that_leaves_the_image_and_returns_is_two_lines()
    {
        var line = new PolylineShape([new(2, 2), new(2, 12), new(6, 12), new(6, 2)]);
        Assert.Equal([new PolylineShape([new(2, 2), new(2, 10)]), new PolylineShape([new(6, 10), new(6, 2)])], ShapeClipping.ToImage(line, new ImageSize(10, 10)));
        Assert.Empty(ShapeClipping.ToImage(new PolylineShape([new(20, 2), new(30, 12)]), new ImageSize(10, 10)));
    }

    [Fact]
    public void A_simplified_line_stays_within_the_tolerance() => Gen.Select(ShapeGenerators.Point.Array[1, 40], Gen.Double[0, 10]).Sample((points, tolerance) =>
    {
        var simple = Simplification.Line(points, tolerance);
        Assert.Equal((points[0], points[^1]), (simple[0], simple[^1]));
        Assert.All(points, p => Assert.InRange(PointInShape.DistanceTo(simple, p), 0, tolerance + 1e-9));
    });

    [Fact]
    public void Points_on_straight_edges_go_and_corners_stay()
    {
        PolygonShape square = PolygonShape.FromRing([new(0, 0), new(5, 0), new(10, 0), new(10, 10), new(5, 10), new(0, 10), new(0, 5)]);
        Assert.Equal([new(0, 0), new(10, 0), new(10, 10), new(0, 10)], Simplification.Polygon(square, 0.1).Rings[0]);
    }
}
