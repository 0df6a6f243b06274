using System.Collections.Immutable;
using System.Text.Json;
using Perenne.Contracts.Annotation;

namespace Perenne.Hub.Tests.Annotate;

public class AnnotationDocumentTests
{
    private const string Full = """
        {"shapes":[
        {"kind":"box","id":"a","label":"open","attributes":{"depth":1.5},"createdBy":"u1","box":[1,2,3.5,4]},
        {"id":"b","label":"short","attributes":{},"score":0.5,"rotatedBox":[10,10,4,2,30],"kind":"rotatedBox"},
        {"kind":"polygon","id":"c","label":"open","attributes":{},"rings":[[[0,0],[4,0],[4,4]]]},
        {"kind":"polyline","id":"d","label":"open","attributes":{},"points":[[0,0],[4,0]]},
        {"kind":"point","id":"e","label":"open","attributes":{},"point":[7,8]},
        {"kind":"mask","id":"f","label":"open","attributes":{},"mask":{"size":[2,3],"counts":"06"}}],
        "tags":["ok"],"values":{"width":2.25},"verdict":"defects"}
        """;

    [Fact]
    public void A_document_with_every_kind_of_shape_survives_writing_and_reading()
    {
        AnnotationDocument document = AnnotationJson.Read(Full);
        Assert.Equal(document, AnnotationJson.Read(AnnotationJson.Write(document)));
        Assert.Equal(6, document.Shapes.Length);
        Assert.Equal([10, 10, 4, 2, 30], ((DocumentRotatedBox)document.Shapes[1]).RotatedBox.ToArray());
        Assert.Empty(DocumentCheck.Problems(document, new HashSet<string> { "open", "short", "ok" }));
    }

    [Fact]
    public void An_operation_applied_twice_gives_the_document_of_applying_it_once()
    {
        Operation operation = new("op", DateTimeOffset.UnixEpoch, 0, [
            new PutShape(new DocumentBox("new", "open", [1, 1, 2, 2]), 0),
            new RemoveShape("b"),
            new SetTags(["ok"]),
            new SetValue("width", 3),
            new SetVerdict(ImageVerdict.Defects)]);
        AnnotationDocument once = AnnotationJson.Read(Full).Apply([operation]);
        Assert.Equal(once, once.Apply([operation]));
        Assert.Equal(["new", "a", "c", "d", "e", "f"], once.Shapes.Select(s => s.Id));
    }

    [Theory]
    [InlineData("""{"kind":"box","id":"a","label":"open","box":[1,2,0,4]}""", "width and height must be greater than 0")]
    [InlineData("""{"kind":"box","id":"a","label":"open","box":[1,2,3]}""", "4 numbers are expected")]
    [InlineData("""{"kind":"polygon","id":"a","label":"open","rings":[[[0,0],[1,1]]]}""", "at least 3 points")]
    [InlineData("""{"kind":"polygon","id":"a","label":"open","rings":[]}""", "at least one ring")]
    [InlineData("""{"kind":"point","id":"a","label":"open","point":[1]}""", "a point is two finite numbers")]
    [InlineData("""{"kind":"point","id":"a","label":"scratch","point":[1,1]}""", "no label class 'scratch'")]
    [InlineData("""{"kind":"mask","id":"a","label":"open","mask":{"size":[0,3],"counts":"06"}}""", "a mask has a size")]
    public void A_shape_that_no_canvas_would_draw_is_named(string shape, string expected)
    {
        AnnotationDocument document = AnnotationJson.Read($$"""{"shapes":[{{shape}}],"tags":[],"values":{},"verdict":null}""");
        Assert.Contains(DocumentCheck.Problems(document, new HashSet<string> { "open" }), p => p.Contains(expected, StringComparison.Ordinal));
    }

    [Fact]
    public void No_defect_cannot_be_said_of_an_image_with_shapes()
    {
        AnnotationDocument document = AnnotationJson.Read(Full) with { Verdict = ImageVerdict.NoDefect };
        Assert.Contains(DocumentCheck.Problems(document, null), p => p.StartsWith("'No defect'", StringComparison.Ordinal));
    }

    [Fact]
    public void A_misspelt_member_is_refused_rather_than_lost() =>
        Assert.Throws<JsonException>(() => AnnotationJson.Read("""{"shapes":[],"tag":[],"tags":[],"values":{},"verdict":null}"""));

    [Fact]
    public void Value_equality_sees_coordinates() =>
        Assert.NotEqual(
            new DocumentBox("a", "open", [1, 2, 3, 4]),
            new DocumentBox("a", "open", ImmutableArray.Create(1.0, 2, 3, 5)));
}
