using CsCheck;
using Perenne.Vision.Agreement;
using static Perenne.Vision.Tests.Agreement.AnnotationFixture;

namespace Perenne.Vision.Tests.Agreement;

public class ShapeGroupingTests
{
    [Fact]
    public void Two_annotators_are_matched_optimally_where_taking_the_best_first_would_lose_a_match()
    {
        // b1 overlaps a1 most (9/11), but then a2 (b1 only) stays alone; a1 can also take b2.
        var groups = ShapeGrouping.Of(
            [Says("a", Box(0, id: "a1"), Box(3, id: "a2")), Says("b", Box(1, id: "b1"), Box(-2, id: "b2"))], 0.5);
        Assert.Equal([["a:a1", "b:b2"], ["a:a2", "b:b1"]], Names(groups));
    }

    [Fact]
    public void A_chain_of_half_overlapping_shapes_is_not_one_defect()
    {
        var groups = ShapeGrouping.Of(
            [Says("a", Box(0, id: "1")), Says("b", Box(2.5, id: "1")), Says("c", Box(5, id: "1")), Says("d", Box(7.5, id: "1"))], 0.5);
        Assert.Equal([["a:1", "b:1"], ["c:1", "d:1"]], Names(groups));
    }

    [Fact]
    public void Every_shape_is_in_one_group_with_at_most_one_of_each_annotator_in_any_order_of_input() =>
        Gen.Select(Gen.Double[0, 40].Array[0, 5].Array[1, 6], Gen.Int[0, 1000]).Sample((drawn, seed) =>
        {
            AnnotatorAnswer[] answers = [.. drawn.Select((xs, a) => Says($"p{a}", [.. xs.Select((x, i) => Box(x, id: $"{i}"))]))];
            var groups = ShapeGrouping.Of(answers, 0.4);
            Assert.Equal(drawn.Sum(xs => xs.Length), groups.Sum(g => g.Members.Length));
            Assert.All(groups, g => Assert.Distinct(g.Members.Select(m => m.AnnotatorId)));
            Assert.All(groups, g => Assert.True(g.Members.Length == 1 || g.Overlaps.Average() >= 0.4 - 1e-9));
            AnnotatorAnswer[] other = [.. answers.Select(a => a with { Shapes = [.. a.Shapes.Reverse()] })];
            new Random(seed).Shuffle(other);
            Assert.Equal(Names(groups), Names(ShapeGrouping.Of(other, 0.4)));
        }, iter: 300, threads: 2);

    [Fact]
    public void Two_answers_of_one_annotator_are_refused() => Assert.Contains("latest revision",
        Assert.Throws<ArgumentException>(() => ShapeGrouping.Of([Says("a"), Says("a")], 0.5)).Message, StringComparison.Ordinal);
}
