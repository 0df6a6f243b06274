using Perenne.Vision.Agreement;
using Perenne.Vision.Statistics;
using static Perenne.Vision.Tests.Agreement.AnnotationFixture;

namespace Perenne.Vision.Tests.Agreement;

public class ShapeAgreementTests
{
    [Fact]
    public void Figures_follow_by_hand_from_matches_misses_and_classes()
    {
        // Image 1: one match (IoU 8/12, same class), one match with other class (IoU 1), one box of b alone. Image 2: both see nothing.
        ShapeAgreementReport report = ShapeAgreement.Evaluate(
        [
            Image("1", Says("a", Box(0), Box(50, label: "dent")), Says("b", Box(2), Box(50), Box(90))),
            Image("2", Says("a"), Says("b")),
        ], Options);
        Assert.Equal((8.0 / 12 + 1) / 2, report.Overall.MeanIou.Value!.Value, 1e-12);
        Assert.Equal(2.0 * 1 / 5, report.Overall.F1.Value!.Value, 1e-12);
        Assert.Equal(1, report.Overall.ImageAlpha.Value);
        // Items (a,b): scratch-scratch, dent-scratch, nothing-scratch, nothing-nothing.
        int[] a = [1, 2, 0, 0], b = [1, 1, 1, 0];
        Assert.Equal(CohenKappa.Of(a, b)!.Value, report.Pairs.Single().Kappa.Value!.Value, 1e-12);
        Assert.Equal(KrippendorffAlpha.Of([[.. a.Select(x => (double)x)], [.. b.Select(x => (double)x)]], MeasurementLevel.Nominal)!.Value,
            report.Overall.Alpha.Value!.Value, 1e-12);
        Assert.Equal(0, report.ByClass["dent"].F1.Value);
        Assert.Equal(2.0 / 4, report.ByClass["scratch"].F1.Value);
    }

    [Fact]
    public void Missed_boxes_cost_in_every_figure_that_could_hide_them()
    {
        // Where both find the first box with the same class, only the second box tells the sets apart.
        AnnotatedImage[] Set(bool missed) => [.. Enumerable.Range(0, 20).Select(i => i % 4 == 0 ? Image($"{i}", Says("a"), Says("b"))
            : Image($"{i}", Says("a", Box(0), Box(30)), missed ? Says("b", Box(0)) : Says("b", Box(0), Box(30))))];
        ShapeAgreementReport full = ShapeAgreement.Evaluate(Set(false), Options), missing = ShapeAgreement.Evaluate(Set(true), Options);
        Assert.True(missing.Overall.Alpha.Value < full.Overall.Alpha.Value);
        Assert.True(missing.Pairs[0].Kappa.Value < full.Pairs[0].Kappa.Value);
        Assert.True(missing.Overall.F1.Value < full.Overall.F1.Value);
    }

    [Fact]
    public void Identical_annotators_agree_perfectly_and_undefined_figures_say_so()
    {
        AnnotatorAnswer[] answers = [.. "abc".Select(p => Says($"{p}", Box(0), Box(30, label: "dent")))];
        ShapeAgreementReport report = ShapeAgreement.Evaluate([Image("1", answers), Image("2", Says("a"), Says("b"), Says("c"))], Options with { Resamples = 50 });
        Assert.Equal((1, 1, 1, 1), (report.Overall.Alpha.Value, report.Overall.MeanIou.Value, report.Overall.F1.Value, report.Overall.ImageAlpha.Value));
        Assert.All(report.Pairs, p => Assert.Equal(1, p.Kappa.Value));
        Assert.Empty(report.Contradictions);
        ShapeAgreementReport empty = ShapeAgreement.Evaluate([Image("1", Says("a"), Says("b"))], Options);
        Assert.Null(empty.Overall.Alpha.Value);
        Assert.Null(empty.Overall.F1.Value);
        Assert.Equal(1, empty.Overall.ImageAgreement.Value);
    }

    [Fact]
    public void Two_who_see_a_defect_against_eight_who_see_none_surface_at_the_top_of_hundreds_of_images()
    {
        SeededRandom random = new(3);
        string[] people = [.. Enumerable.Range(0, 10).Select(i => $"p{i}")];
        List<AnnotatedImage> images = [.. Enumerable.Range(0, 400).Select(i => Image($"i{i:000}", [.. people.Select((p, k) =>
            i % 2 == 0 && !(random.NextDouble() < 0.01) ? Says(p, Box(random.NextDouble(), id: "1")) : i % 2 == 1 && k == i % 97 ? Says(p, Box(60)) : Says(p))]))];
        images[201] = Image("special", [.. people.Select((p, k) => k is 4 or 7 ? Says(p, Box(0)) : Says(p))]);
        images = [.. images.Where((im, i) => im.ImageId == "special" || im.Answers.Count(a => a.SeesDefect) is 0 or 1 or 9 or 10)];
        Contradiction top = ShapeAgreement.Evaluate(images, Options).Contradictions[0];
        Assert.Equal(("special", ContradictionKind.Presence), (top.ImageId, top.Kind));
        Assert.Equal("2 say defect (p4, p7), 8 say no defect (p0, p1, p2, p3, p5, p6, p8, p9)", top.Sentence);
        Assert.Equal(["p4", "p7"], top.Shapes.Select(s => s.AnnotatorId));
    }

    [Fact]
    public void Contradictions_name_classes_and_missed_shapes_on_images_where_all_see_something()
    {
        var found = ShapeAgreement.Evaluate(
            [Image("1", Says("a", Box(0), Box(40)), Says("b", Box(0, label: "dent")), Says("c", Box(0), Box(40)))], Options).Contradictions;
        Assert.Equal(["1 say dent (b), 2 say scratch (a, c)", "1 say nothing here (b), 2 say scratch (a, c)"], found.Select(c => c.Sentence));
    }

    [Fact]
    public void Intervals_are_seeded_hold_the_value_and_organizations_are_told_apart()
    {
        SeededRandom random = new(8);
        AnnotatedImage[] images = [.. Enumerable.Range(0, 80).Select(i => Image($"{i}",
            Says("a", Box(0)), random.NextDouble() < (i % 2 == 0 ? 0.9 : 0.3) ? Says("b", Box(1)) : Says("b")) with { OrganizationId = i % 2 == 0 ? "good" : "bad" })];
        ShapeAgreementReport report = ShapeAgreement.Evaluate(images, Options with { Resamples = 200 }), again = ShapeAgreement.Evaluate(images, Options with { Resamples = 200 });
        Assert.Equal(report.Overall, again.Overall);
        Assert.True(report.Overall.F1.Interval!.Value.Contains(report.Overall.F1.Value!.Value));
        Assert.True(report.ByOrganization["bad"].F1.Interval!.Value.High < report.ByOrganization["good"].F1.Interval!.Value.Low);
    }
}
