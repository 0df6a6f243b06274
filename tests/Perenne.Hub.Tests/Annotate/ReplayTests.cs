using System.Text.Json;
using Perenne.Contracts.Annotation;
using Perenne.Hub.Annotate;
using Perenne.Hub.Review;

namespace Perenne.Hub.Tests.Annotate;

public class ReplayTests
{
    private static readonly Guid Anna = new("0194d3c0-7a1e-7c3b-9f10-2b6f0c4d5e6f"), Rita = new("0194d3c0-7a1e-7c3b-9f10-2b6f0c4d5e70");

    private static AnnotationRevision Step(int number, RevisionKind kind, Guid by, params Change[] changes) => new()
    {
        Id = Anna, OrganizationId = Anna, AnnotationId = Anna, Number = number, Kind = kind, MadeBy = by, At = DateTimeOffset.UnixEpoch.AddMinutes(number),
        Operations = JsonSerializer.Serialize(new[] { new Operation($"o{number}", DateTimeOffset.UnixEpoch.AddMinutes(number), 1, [.. changes]) }, AnnotationJson.Options),
    };

    private static PutShape Box(double x, string label = "open") => new(new DocumentBox("b", label, [x, 0, 10, 10]));

    [Fact]
    public void The_history_of_a_shape_has_every_step_with_who_made_it()
    {
        ShapeHistory history = Assert.Single(ShapeReplay.Of(
            [Step(1, RevisionKind.Draft, Anna, Box(0)), Step(2, RevisionKind.Draft, Anna, Box(5)), Step(3, RevisionKind.Fixed, Rita, Box(5, "short")), Step(4, RevisionKind.Fixed, Rita, new RemoveShape("b"))],
            Anna, new Dictionary<Guid, string> { [Anna] = "Anna", [Rita] = "Rita" }));
        Assert.Equal("b", history.ShapeId);
        Assert.Equal([("Anna", false, "open"), ("Anna", false, "open"), ("Rita", true, "short"), ("Rita", true, "gone")], history.Steps.Select(s => (s.By!, s.Fix, s.Shape?.Label ?? "gone")));
        Assert.Equal(DateTimeOffset.UnixEpoch.AddMinutes(2), history.Steps[1].At);
    }

    [Fact]
    public void A_step_that_leaves_a_shape_as_it_was_is_none()
    {
        AnnotationRevision submitted = new()
        {
            Id = Anna, OrganizationId = Anna, AnnotationId = Anna, Number = 2, Kind = RevisionKind.Submitted, MadeBy = Anna, At = DateTimeOffset.UnixEpoch,
            Document = AnnotationDocument.Empty with { Shapes = [new DocumentBox("b", "open", [0, 0, 10, 10])] },
        };
        Assert.Single(Assert.Single(ShapeReplay.Of([Step(1, RevisionKind.Draft, Anna, Box(0)), submitted], Anna, new Dictionary<Guid, string>())).Steps);
    }
}
