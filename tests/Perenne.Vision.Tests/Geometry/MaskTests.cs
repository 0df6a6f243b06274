using CsCheck;
using Perenne.Vision.Geometry;

namespace Perenne.Vision.Tests.Geometry;

public class MaskTests
{
    [Fact]
    public void Encoding_and_decoding_a_bitmap_gives_it_back() => Generators.Bitmap.Sample(bitmap =>
        Assert.Equal(bitmap.Pixels, MaskBitmap.Decode(MaskBitmap.Encode(bitmap.Pixels, bitmap.Size.Width, bitmap.Size.Height))));

    [Fact]
    public void Compressed_text_reads_back_to_the_same_mask() => Generators.Mask.Sample(mask =>
        Assert.Equal(mask, MaskString.Decode(MaskString.Encode(mask), mask.Width, mask.Height)));

    [Theory]
    // By hand: 6 -> 6+48='6'; 1 -> '1'; 40 = 8 + 1·32 -> (8|32)+48='X', then 1 -> '1'; the 4th run 1 is stored as 1-1=0 -> '0'; the 5th, 60, as 60-40=20: bit 16 is its sign bit, so (20|32)+48='d', then '0'.
    [InlineData("6", new uint[] { 6 })]
    [InlineData("61X1", new uint[] { 6, 1, 40 })]
    [InlineData("61X10d0", new uint[] { 6, 1, 40, 1, 60 })]
    public void Compressed_text_follows_the_format_by_hand(string text, uint[] counts)
    {
        int pixels = (int)counts.Sum(c => (long)c);
        var mask = new RunLengthMask(pixels, 1, [.. counts]);
        Assert.Equal(text, MaskString.Encode(mask));
        Assert.Equal(mask, MaskString.Decode(text, pixels, 1));
    }

    [Theory]
    [InlineData("6", 5, 1, "must sum to 5")]
    [InlineData("X", 8, 1, "cut off")]
    [InlineData("6\u00e9", 6, 1, "Character 1")]
    [InlineData("N", 6, 1, "Run 0")]
    [InlineData("XXXXXXXXXXXXXXX1", 6, 1, "too long")]
    public void Malformed_compressed_text_is_refused_with_what_is_wrong(string text, int width, int height, string expected) =>
        Assert.Contains(expected, Assert.Throws<FormatException>(() => MaskString.Decode(text, width, height)).Message, StringComparison.Ordinal);

    [Fact]
    public void Runs_that_do_not_fill_the_image_are_refused()
    {
        var error = Assert.Throws<FormatException>(() => new RunLengthMask(4, 3, [5, 6]));
        Assert.Equal("The run lengths must sum to 12 (4 × 3), but they sum to 11.", error.Message);
    }

    [Fact]
    public void Area_bounds_and_merges_agree_with_the_bitmaps() => Generators.MaskPair.Sample(pair =>
    {
        byte[] a = MaskBitmap.Decode(pair.A), b = MaskBitmap.Decode(pair.B);
        int both = a.Zip(b).Count(p => p is { First: 1, Second: 1 }), either = a.Zip(b).Count(p => p.First + p.Second > 0);
        Assert.Equal(a.Count(v => v == 1), pair.A.Area);
        Assert.Equal(both, MaskOperations.IntersectionArea(pair.A, pair.B));
        Assert.Equal(a.Zip(b, (x, y) => (byte)(x & y)), MaskBitmap.Decode(MaskOperations.Intersection(pair.A, pair.B)));
        Assert.Equal(a.Zip(b, (x, y) => (byte)(x | y)), MaskBitmap.Decode(MaskOperations.Union(pair.A, pair.B)));
        Assert.Equal(a.Zip(b, (x, y) => (byte)(x & ~y)), MaskBitmap.Decode(MaskOperations.Difference(pair.A, pair.B)));
        Assert.Equal(either == 0 ? 0 : (double)both / either, MaskOperations.Iou(pair.A, pair.B));
        Assert.Equal(BoundsOf(a, pair.A.Size), MaskOperations.Bounds(pair.A));
    });

    [Fact]
    public void Against_a_crowd_the_union_is_the_area_of_the_detection()
    {
        var detection = new RunLengthMask(4, 1, [0, 2, 2]);
        var crowd = new RunLengthMask(4, 1, [1, 3]);
        Assert.Equal(1.0 / 4, MaskOperations.Iou(detection, crowd));
        Assert.Equal(1.0 / 2, MaskOperations.Iou(detection, crowd, isCrowd: true));
    }

    [Fact]
    public void Masks_of_different_sizes_are_not_compared() =>
        Assert.Throws<ArgumentException>(() => MaskOperations.Iou(new RunLengthMask(4, 1, [4]), new RunLengthMask(1, 4, [4])));

    [Fact]
    public void Runs_need_not_be_minimal_for_any_operation()
    {
        var padded = new RunLengthMask(3, 2, [0, 0, 1, 0, 1, 2, 0, 0, 2]);
        var minimal = new RunLengthMask(3, 2, [2, 2, 2]);
        Assert.Equal(2, padded.Area);
        Assert.Equal(1, MaskOperations.Iou(padded, minimal));
        Assert.Equal(MaskOperations.Bounds(minimal), MaskOperations.Bounds(padded));
        Assert.Equal(minimal, MaskOperations.Union(padded, padded));
    }

    private static Box? BoundsOf(byte[] pixels, ImageSize size)
    {
        var set = pixels.Index().Where(p => p.Item == 1).Select(p => (X: p.Index % size.Width, Y: p.Index / size.Width)).ToList();
        return set.Count == 0 ? null : Box.FromCorners(set.Min(p => p.X), set.Min(p => p.Y), set.Max(p => p.X) + 1, set.Max(p => p.Y) + 1);
    }
}
