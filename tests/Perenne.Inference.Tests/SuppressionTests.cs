using CsCheck;
using Perenne.Contracts.Models;
using Perenne.Vision.Geometry;

namespace Perenne.Inference.Tests;

public class SuppressionTests
{
    private static readonly Gen<Scored[]> Boxes =
        Gen.Select(Gen.Int[0, 2], Gen.Double[0, 1], Gen.Double[0, 90], Gen.Double[0, 90], Gen.Double[1, 40], Gen.Double[1, 40])
            .Select((c, s, x, y, w, h) => new Scored(c, s, new Box(x, y, w, h))).Array[0, 60];

    [Fact]
    public void What_survives_does_not_overlap_and_what_went_overlapped_something_stronger()
    {
        NmsSettings settings = new(0.4);
        Boxes.Sample(all =>
        {
            List<Scored> kept = Nms.Apply(all, settings);
            Assert.Equal(kept.OrderByDescending(k => k.Score), kept);
            foreach (Scored a in kept)
                Assert.DoesNotContain(kept, b => b != a && b.Class == a.Class && BoxIou.Of(a.Box, b.Box) > settings.Iou);
            foreach (Scored gone in all.Except(kept))
                Assert.Contains(kept, k => k.Class == gone.Class && k.Score >= gone.Score && BoxIou.Of(gone.Box, k.Box) > settings.Iou);
        }, iter: 500);
    }

    [Fact]
    public void Across_classes_only_when_asked()
    {
        Scored[] two = [new(0, .9, new Box(0, 0, 10, 10)), new(1, .8, new Box(0, 0, 10, 10))];
        Assert.Equal(2, Nms.Apply(two, new NmsSettings()).Count);
        Assert.Single(Nms.Apply(two, new NmsSettings(PerClass: false)));
        Assert.Equal(2, Nms.Apply(two, null).Count);
    }

    [Fact]
    public void A_piece_cut_by_a_tile_border_disappears_in_the_whole_box_even_when_it_scores_higher()
    {
        Scored whole = new(0, .6, new Box(50, 10, 30, 20), Tile: 1), piece = new(0, .9, new Box(50, 10, 14, 20), Tile: 0, Cut: true);
        Assert.Equal(whole, Assert.Single(TileMerge.Apply([piece, whole])));
    }

    [Fact]
    public void Three_pieces_of_a_long_scratch_become_one_box()
    {
        Scored[] pieces = [new(0, .7, new Box(10, 40, 54, 6), 0, true), new(0, .8, new Box(48, 40, 64, 6), 1, true), new(0, .6, new Box(96, 40, 30, 6), 2, true)];
        Scored one = Assert.Single(TileMerge.Apply(pieces));
        Assert.Equal(new Box(10, 40, 116, 6), one.Box);
        Assert.Equal(.8, one.Score);
    }

    [Fact]
    public void Neighbours_of_another_class_or_within_one_tile_are_left_alone()
    {
        Scored[] boxes = [new(0, .7, new Box(10, 40, 20, 6), 0, true), new(1, .8, new Box(12, 40, 20, 6), 1, true), new(0, .6, new Box(12, 40, 20, 6), 0, true)];
        Assert.Equal(3, TileMerge.Apply(boxes).Count);
    }
}
