using CsCheck;
using Perenne.Vision.Geometry;

namespace Perenne.Vision.Tests.Geometry;

public class RasterTests
{
    [Fact]
    public void Tracing_a_mask_and_filling_the_outline_gives_the_mask_back() => Generators.Mask.Sample(mask =>
        Assert.Equal(mask, ScanlineRasterizer.Rasterize(MaskTracer.Trace(mask), mask.Size)), iter: 2000);

    [Fact]
    public void The_outline_of_a_frame_is_an_outer_ring_and_a_hole()
    {
        // 3 × 3 with the middle missing.
        RunLengthMask frame = MaskBitmap.Encode([1, 1, 1, 1, 0, 1, 1, 1, 1], 3, 3);
        PolygonShape outline = MaskTracer.Trace(frame);
        Assert.Equal([4, 4], outline.Rings.Select(r => r.Length));
        Assert.Equal([new(3, 0), new(3, 3), new(0, 3), new(0, 0)], outline.Rings[0]);
        Assert.Equal([new(1, 2), new(1, 1), new(2, 1), new(2, 2)], outline.Rings[1].OrderBy(p => p.X).ThenBy(p => p.X == 1 ? -p.Y : p.Y));
    }

    [Fact]
    public void Pixels_that_touch_at_a_corner_are_two_rings()
    {
        Assert.Equal(2, MaskTracer.Trace(MaskBitmap.Encode([1, 0, 0, 1], 2, 2)).Rings.Length);
        Assert.Equal(2, MaskTracer.Trace(MaskBitmap.Encode([0, 1, 1, 0], 2, 2)).Rings.Length);
    }

    [Fact]
    public void A_box_on_pixel_borders_fills_its_pixels_and_no_other()
    {
        PolygonShape box = PolygonShape.FromRing([new(1, 1), new(4, 1), new(4, 3), new(1, 3)]);
        RunLengthMask mask = ScanlineRasterizer.Rasterize(box, new ImageSize(6, 5));
        Assert.Equal(6, mask.Area);
        Assert.Equal(new Box(1, 1, 3, 2), MaskOperations.Bounds(mask));
    }

    [Fact]
    public void What_lies_outside_the_image_is_cut_off()
    {
        PolygonShape box = PolygonShape.FromRing([new(-5, -5), new(2, -5), new(2, 9), new(-5, 9)]);
        Assert.Equal(new Box(0, 0, 2, 4), MaskOperations.Bounds(ScanlineRasterizer.Rasterize(box, new ImageSize(3, 4))));
        Assert.Equal(0, ScanlineRasterizer.Rasterize(PolygonShape.FromRing([new(-5, -5), new(-2, -5), new(-2, 9)]), new ImageSize(3, 4)).Area);
    }

    [Fact]
    public void A_pixel_belongs_to_a_polygon_when_its_centre_is_inside() =>
        Gen.Double[-3, 20].Array[6].Sample(c =>
        {
            ImagePoint[] ring = [new(c[0], c[1]), new(c[2], c[3]), new(c[4], c[5])];
            byte[] pixels = MaskBitmap.Decode(ScanlineRasterizer.Rasterize(PolygonShape.FromRing(ring), new ImageSize(16, 12)));
            for (int i = 0; i < pixels.Length; i++)
                if (Inside(ring, i % 16 + 0.5, i / 16 + 0.5) is { } inside)
                    Assert.Equal(inside, pixels[i] == 1);
        });

    [Fact]
    public void The_COCO_rasteriser_agrees_with_the_exact_one_but_for_the_border() =>
        Gen.Double[0, 60].Array[6].Sample(c =>
        {
            PolygonShape triangle = PolygonShape.FromRing([new(c[0], c[1]), new(c[2], c[3]), new(c[4], c[5])]);
            var size = new ImageSize(60, 60);
            RunLengthMask coco = CocoRasterizer.Rasterize(triangle, size), exact = ScanlineRasterizer.Rasterize(triangle, size);
            long different = coco.Area + exact.Area - 2 * MaskOperations.IntersectionArea(coco, exact);
            double perimeter = Enumerable.Range(0, 3).Sum(i => double.Hypot(c[2 * i] - c[(2 * i + 2) % 6], c[2 * i + 1] - c[(2 * i + 3) % 6]));
            Assert.InRange(different, 0, perimeter + 4);
        });

    // null: on the outline, where both answers are right.
    private static bool? Inside(ImagePoint[] t, double x, double y)
    {
        double Side(ImagePoint a, ImagePoint b) => (b.X - a.X) * (y - a.Y) - (b.Y - a.Y) * (x - a.X);
        double s0 = Side(t[0], t[1]), s1 = Side(t[1], t[2]), s2 = Side(t[2], t[0]);
        if (Math.Min(Math.Abs(s0), Math.Min(Math.Abs(s1), Math.Abs(s2))) < 1e-9)
            return null;
        return (s0 > 0 && s1 > 0 && s2 > 0) || (s0 < 0 && s1 < 0 && s2 < 0);
    }
}
