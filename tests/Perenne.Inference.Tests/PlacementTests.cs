using CsCheck;
using Perenne.Contracts.Models;
using Perenne.Vision.Geometry;

namespace Perenne.Inference.Tests;

public class PlacementTests
{
    private static readonly Gen<(ModelInput Input, int Width, int Height)> Cases = CasesOf(Gen.Enum<ResizeMode>());

    [Fact]
    public void A_box_that_goes_to_the_tensor_and_back_is_the_same_box()
    {
        Gen.Select(Cases, Gen.Double[0, 1], Gen.Double[0, 1], Gen.Double[0, 1], Gen.Double[0, 1]).Sample((c, x1, y1, x2, y2) =>
        {
            foreach (Placement p in Placement.Of(c.Input, c.Width, c.Height))
            {
                Box box = Box.FromCorners(p.SourceX + x1 * p.SourceWidth, p.SourceY + y1 * p.SourceHeight, p.SourceX + x2 * p.SourceWidth, p.SourceY + y2 * p.SourceHeight);
                (double left, double top) = p.ToInput(box.X, box.Y);
                (double right, double bottom) = p.ToInput(box.Right, box.Bottom);
                Box back = p.ToImage((float)left, (float)top, (float)right, (float)bottom);
                // Tensor coordinates are float32; one of its steps at 8192 is 0.001 input pixels.
                double tolerance = 2e-3 * Math.Max(1, Math.Max(1 / p.ScaleX, 1 / p.ScaleY));
                Assert.Equal(box.X, back.X, tolerance);
                Assert.Equal(box.Y, back.Y, tolerance);
                Assert.Equal(box.Right, back.Right, tolerance);
                Assert.Equal(box.Bottom, back.Bottom, tolerance);
            }
        }, iter: 2000);
    }

    [Fact]
    public void The_content_lies_inside_the_tensor_and_every_pixel_of_the_image_is_shown()
    {
        Cases.Sample(c =>
        {
            Placement[] all = Placement.Of(c.Input, c.Width, c.Height);
            Assert.All(all, p =>
            {
                Assert.InRange(p.Left, 0, p.Width - p.ContentWidth);
                Assert.InRange(p.Top, 0, p.Height - p.ContentHeight);
                Assert.True(p.ContentWidth > 0 && p.ContentHeight > 0);
            });
            Assert.True(Covers(all.Select(p => (p.SourceX, p.SourceX + p.SourceWidth)), c.Width));
            Assert.True(Covers(all.Select(p => (p.SourceY, p.SourceY + p.SourceHeight)), c.Height));
        }, iter: 1000);
    }

    [Fact]
    public void Neighbouring_tiles_overlap_by_at_least_what_was_asked_for()
    {
        CasesOf(Gen.Const(ResizeMode.Tile)).Sample(c =>
        {
            int[] xs = [.. Placement.Of(c.Input, c.Width, c.Height).Select(p => p.SourceX).Distinct().Order()];
            for (int i = 1; i < xs.Length; i++)
                Assert.True(xs[i - 1] + c.Input.Width - xs[i] >= c.Input.TileOverlap);
        }, iter: 500);
    }

    [Theory]
    [InlineData(ResizeMode.Letterbox, 0, 80, 640, 480)]
    [InlineData(ResizeMode.LetterboxTopLeft, 0, 0, 640, 480)]
    [InlineData(ResizeMode.Stretch, 0, 0, 640, 640)]
    public void A_1280_by_960_image_lies_in_640_by_640_where_the_family_expects_it(ResizeMode mode, int left, int top, int width, int height)
    {
        Placement p = Assert.Single(Placement.Of(new ModelInput { Width = 640, Height = 640, Resize = mode }, 1280, 960));
        Assert.Equal((left, top, width, height), (p.Left, p.Top, p.ContentWidth, p.ContentHeight));
    }

    [Fact]
    public void Native_pads_to_the_next_multiple_of_32()
    {
        Placement p = Assert.Single(Placement.Of(new ModelInput { Width = 640, Height = 640, Resize = ResizeMode.Native, Dynamic = true }, 641, 64));
        Assert.Equal((672, 64, 1.0, 1.0), (p.Width, p.Height, p.ScaleX, p.ScaleY));
    }

    private static Gen<(ModelInput Input, int Width, int Height)> CasesOf(Gen<ResizeMode> modes) =>
        Gen.Select(Gen.Int[1, 40], Gen.Int[1, 40], modes, Gen.Int[1, 3000], Gen.Int[1, 3000], Gen.Double[0, 0.5])
            .Select((w, h, mode, iw, ih, overlap) => (new ModelInput
            {
                Width = 32 * w,
                Height = 32 * h,
                Resize = mode,
                Dynamic = true,
                TileOverlap = (int)(overlap * 32 * Math.Min(w, h)),
            }, iw, ih));

    private static bool Covers(IEnumerable<(int From, int To)> spans, int length)
    {
        int reached = 0;
        foreach ((int from, int to) in spans.Order())
            reached = from <= reached ? Math.Max(reached, to) : int.MinValue;
        return reached == length;
    }
}
