using CsCheck;
using Perenne.Vision.Geometry;

namespace Perenne.Vision.Tests.Geometry;

public class ShapeIouTests
{
    private static readonly double OctagonIou = 8 * (Math.Sqrt(2) - 1) / (8 - 8 * (Math.Sqrt(2) - 1));

    [Fact]
    public void IoU_is_symmetric_and_between_0_and_1() => Gen.Select(ShapeGenerators.Any, ShapeGenerators.Any).Sample((a, b) =>
    {
        double iou = ShapeIou.Of(a, b);
        Assert.InRange(iou, 0, 1);
        Assert.Equal(iou, ShapeIou.Of(b, a));
    });

    [Fact]
    public void A_shape_with_area_overlaps_itself_completely() => ShapeGenerators.Any.Sample(shape =>
    {
        if (shape is PointShape or PolylineShape || PolygonArea.Of(shape) > 0.01)
            Assert.Equal(1, ShapeIou.Of(shape, shape), 1e-9);
    });

    [Fact]
    public void IoU_does_not_change_when_both_shapes_are_shifted() =>
        Gen.Select(ShapeGenerators.WithoutMask, ShapeGenerators.WithoutMask, Gen.Int[-2000, 2000], Gen.Int[-2000, 2000]).Sample((a, b, dx, dy) =>
        {
            double before = ShapeIou.Of(a, b), after = ShapeIou.Of(Shifted(a, dx, dy), Shifted(b, dx, dy));
            Assert.Equal(before, after, 1e-7);
        });

    [Fact]
    public void Exact_areas_agree_with_counting_points_on_a_fine_grid() =>
        Gen.Select(ShapeGenerators.WithoutMask, ShapeGenerators.WithoutMask).Sample((a, b) =>
        {
            RunLengthMask fineA = Fine(a), fineB = Fine(b);
            Assert.Equal(MaskOperations.Iou(fineA, fineB), ShapeIou.Of(a, b), 0.08);
        }, iter: 60);

    [Theory]
    [MemberData(nameof(ByHand))]
    public void Overlaps_computed_by_hand(Shape a, Shape b, double expected) => Assert.Equal(expected, ShapeIou.Of(a, b), 1e-9);

    public static TheoryData<Shape, Shape, double> ByHand() => new()
    {
        // 1 of 7 unit squares of area is common: 4 + 4 - 1.
        { Square(0, 0, 2), Square(1, 1, 2), 1.0 / 7 },
        // Touching edges share nothing.
        { Square(0, 0, 2), Square(2, 0, 2), 0 },
        // A square and itself turned by 45°: a regular octagon of area 8(√2-1)/... for side 2: 8(√2-1); union 8 - that.
        { Square(-1, -1, 2), new RotatedBoxShape(new RotatedBox(0, 0, 2, 2, 45)), OctagonIou },
        { new RotatedBoxShape(new RotatedBox(0, 0, 2, 2, -45)), new RotatedBoxShape(new RotatedBox(0, 0, 2, 2, 90)), OctagonIou },
        // A right triangle of half the square.
        { Square(0, 0, 4), PolygonShape.FromRing([new(0, 0), new(4, 0), new(0, 4)]), 0.5 },
        // A square with a square hole against the hole's own square: nothing in common; against the full square: 12 of 16.
        { Frame(), Square(1, 1, 2), 0 },
        { Frame(), Square(0, 0, 4), 12.0 / 16 },
        // A bow tie under even-odd: two triangles of area 1 within a box of 4 (crossing at the middle).
        { PolygonShape.FromRing([new(0, 0), new(2, 2), new(2, 0), new(0, 2)]), Square(0, 0, 2), 0.5 },
        // A mask of 2 × 2 pixels and a box half a pixel to the right: 1.5 · 2 = 3 common, 4 + 4 - 3 = 5.
        { new MaskShape(MaskBitmap.Encode([1, 1, 0, 1, 1, 0], 3, 2)), new BoxShape(new Box(0.5, 0, 2, 2)), 3.0 / 5 },
        // Two points at the distance of their radius: lens 2(π/3 - √3/4).
        { new PointShape(new(0, 0)), new PointShape(new(5, 0)), 2 * (Math.PI / 3 - Math.Sqrt(3) / 4) / (2 * Math.PI - 2 * (Math.PI / 3 - Math.Sqrt(3) / 4)) },
        { new PointShape(new(0, 0)), new PointShape(new(10, 0)), 0 },
    };

    [Fact]
    public void A_polyline_close_to_another_overlaps_more_than_one_farther_away()
    {
        double At(double offset) => ShapeIou.Of(Line(0), Line(offset));
        Assert.Equal(1, At(0), 1e-9);
        // Bands of 100 × 10 with round ends, shifted by 5 across: about a third is common.
        Assert.InRange(At(5), 0.30, 0.36);
        Assert.True(At(2) > At(4));
        Assert.Equal(0, At(10.5));
    }

    [Fact]
    public void Rotated_boxes_far_from_the_origin_keep_their_digits()
    {
        var a = new RotatedBox(1e6, 1e6, 20, 10, 30);
        Assert.Equal(ShapeIou.OfRotated(new RotatedBox(0, 0, 20, 10, 30), new RotatedBox(3, 1, 20, 10, 75)),
            ShapeIou.OfRotated(a, new RotatedBox(1e6 + 3, 1e6 + 1, 20, 10, 75)), 1e-8);
    }

    private static BoxShape Square(double x, double y, double side) => new(new Box(x, y, side, side));

    private static PolylineShape Line(double y) => new([new(0, y), new(40, y), new(100, y)]);

    private static PolygonShape Frame() =>
        new([[new(0, 0), new(4, 0), new(4, 4), new(0, 4)], [new(1, 1), new(1, 3), new(3, 3), new(3, 1)]]);

    private static Shape Shifted(Shape shape, double dx, double dy)
    {
        ImagePoint P(ImagePoint p) => new(p.X + dx, p.Y + dy);
        return shape switch
        {
            BoxShape s => new BoxShape(s.Box with { X = s.Box.X + dx, Y = s.Box.Y + dy }),
            RotatedBoxShape s => new RotatedBoxShape(s.Box with { CenterX = s.Box.CenterX + dx, CenterY = s.Box.CenterY + dy }),
            PolygonShape s => new PolygonShape([.. s.Rings.Select(r => r.Select(P).ToArray()).Select(r => (System.Collections.Immutable.ImmutableArray<ImagePoint>)[.. r])]),
            PolylineShape s => new PolylineShape([.. s.Points.Select(P)]),
            PointShape s => new PointShape(P(s.Point)),
            _ => throw new ArgumentException("Masks are bound to their image."),
        };
    }

    // Independent of the exact areas: distance tests and scanlines, 6 samples per pixel and axis.
    private static RunLengthMask Fine(Shape shape)
    {
        const int n = 6;
        var size = new ImageSize(64 * n, 56 * n);
        var pixels = new byte[size.Width * size.Height];
        for (int i = 0; i < pixels.Length; i++)
        {
            var p = new ImagePoint((i % size.Width + 0.5) / n - 8, (i / size.Width + 0.5) / n - 8);
            pixels[i] = PointInShape.Contains(shape, p, ShapeIou.DefaultTolerance) ? (byte)1 : (byte)0;
        }
        return MaskBitmap.Encode(pixels, size.Width, size.Height);
    }
}
