using System.Collections.Immutable;
using CsCheck;
using Perenne.Vision.Agreement;
using Perenne.Vision.Geometry;
using static Perenne.Vision.Tests.Agreement.AnnotationFixture;

namespace Perenne.Vision.Tests.Agreement;

public class ConsensusTests
{
    [Fact]
    public void A_quorum_makes_the_mean_box_and_names_its_sources()
    {
        ConsensusResult result = Consensus.Of(
            [Says("a", Box(0, id: "1")), Says("b", Box(1, id: "1")), Says("c", Box(2, label: "dent", id: "1"), Box(70, id: "2")), Says("d")], 3, Options);
        ConsensusShape shape = Assert.Single(result.Shapes);
        Assert.Equal(("scratch", 2), (shape.LabelClass, shape.ClassVotes));
        Assert.Equal(new BoxShape(new Box(1, 0, 10, 10)), shape.Shape);
        Assert.Equal(["a", "b", "c"], shape.Sources.Select(s => s.AnnotatorId));
        UndecidedGroup alone = Assert.Single(result.Undecided);
        Assert.Equal((UndecidedReason.TooFewAnnotators, "2"), (alone.Reason, alone.Sources[0].Shape.Id));
        Assert.False(result.IsDecided);
    }

    [Fact]
    public void A_tied_class_is_left_to_a_person() => Assert.Equal(UndecidedReason.LabelClassTied,
        Assert.Single(Consensus.Of([Says("a", Box(0)), Says("b", Box(0, label: "dent"))], 2, Options).Undecided).Reason);

    [Fact]
    public void No_defect_needs_its_own_quorum()
    {
        Assert.True(Consensus.Of([Says("a"), Says("b"), Says("c", Box(0))], 2, Options).NoDefect);
        Assert.False(Consensus.Of([Says("a"), Says("b", Box(0)), Says("c", Box(0))], 2, Options).NoDefect);
    }

    [Fact]
    public void Rotated_boxes_written_in_different_ways_have_the_mean_of_the_same_rectangle()
    {
        Shape[] same = [new RotatedBoxShape(new(50, 40, 30, 10, 10)), new RotatedBoxShape(new(50, 40, 10, 30, 100)),
            new RotatedBoxShape(new(50, 40, 30, 10, -170)), new RotatedBoxShape(new(50, 40, 30, 10, 370))];
        RotatedBox mean = ((RotatedBoxShape)MeanShape.Of(same)!).Box;
        Assert.Equal((50, 40, 30, 10, 10), (mean.CenterX, mean.CenterY, mean.Width, mean.Height, Math.Round(mean.AngleDegrees, 9)));
        RotatedBox across = ((RotatedBoxShape)MeanShape.Of([new RotatedBoxShape(new(0, 0, 4, 2, 358)), new RotatedBoxShape(new(0, 0, 4, 2, 4))])!).Box;
        Assert.Equal(1, (across.AngleDegrees % 180 + 180) % 180, 1e-9);
    }

    [Fact]
    public void Polygons_give_the_medoid_that_somebody_really_drew()
    {
        AnnotatedShape Polygon(double x) => new("p", "scratch", PolygonShape.FromRing(ImmutableArray.Create<ImagePoint>(new(x, 0), new(x + 10, 0), new(x + 10, 10), new(x, 10))));
        ConsensusShape shape = Assert.Single(Consensus.Of([Says("a", Polygon(0)), Says("b", Polygon(1)), Says("c", Polygon(2))], 2, Options).Shapes);
        Assert.Equal(Polygon(1).Shape, shape.Shape);
    }

    [Fact]
    public void Every_source_shape_is_accounted_for_once() =>
        Gen.Select(Gen.Double[0, 40].Array[0, 5].Array[2, 6], Gen.Int[1, 2]).Sample((drawn, quorum) =>
        {
            AnnotatorAnswer[] answers = [.. drawn.Select((xs, a) => Says($"p{a}", [.. xs.Select((x, i) => Box(x, id: $"{i}", label: i % 2 == 0 ? "x" : "y"))]))];
            ConsensusResult result = Consensus.Of(answers, quorum, Options);
            Assert.Equal(answers.SelectMany(a => a.Shapes.Select(s => (a.AnnotatorId, s.Id))).Order(),
                result.Shapes.SelectMany(s => s.Sources).Concat(result.Undecided.SelectMany(u => u.Sources)).Select(s => (s.AnnotatorId, s.Shape.Id)).Order());
        }, iter: 200, threads: 2);
}
