using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Perenne.Contracts.Annotation;
using Perenne.Formats;
using Perenne.Vision.Geometry;

namespace Perenne.Cli.Collect;

/// <summary>Between a data set's neutral records and the hub's annotation documents. Shape ids are their number, so the same file gives the same document.</summary>
internal static class DocumentMapping
{
    /// <summary>Null: nobody has answered for this image.</summary>
    public static AnnotationDocument? ToDocument(AnnotatedImage image)
    {
        if (image.Answer is ImageAnswer.NotAnnotated or ImageAnswer.Skipped)
            return null;
        ImmutableArray<DocumentShape> shapes = [.. image.Annotations.Where(a => a is { Shape: not null, Label: not null }).Select((a, n) => ToShape(a, (n + 1).ToString(CultureInfo.InvariantCulture)))];
        ImmutableArray<string> tags = [.. image.Annotations.Where(a => a is { Shape: null, Value: null, Label: not null }).Select(a => a.Label!)];
        ImmutableSortedDictionary<string, double> values = image.Annotations.Where(a => a is { Value: not null, Label: not null })
            .ToImmutableSortedDictionary(a => a.Label!, a => a.Value!.Value);
        return new(shapes, tags, values, image.Answer == ImageAnswer.NoDefect ? ImageVerdict.NoDefect : shapes.Length > 0 ? ImageVerdict.Defects : null);
    }

    public static AnnotatedImage ToImage(AnnotatedImage image, AnnotationDocument? document)
    {
        if (document is null)
            return image with { Answer = ImageAnswer.NotAnnotated };
        IEnumerable<AnnotationRecord> records = document.Shapes.Select(shape => new AnnotationRecord(shape.Label, ToShape(shape))
        {
            Score = shape.Score, Author = shape.CreatedBy, Attributes = [.. shape.Attributes.Select(a => ToAttribute(a.Key, a.Value))],
        }).Concat(document.Tags.Select(tag => new AnnotationRecord(tag, null))).Concat(document.Values.Select(v => new AnnotationRecord(v.Key, null) { Value = v.Value }));
        ImmutableArray<AnnotationRecord> all = [.. records];
        return image with { Annotations = all, Answer = all.Length > 0 ? ImageAnswer.Annotated : document.Verdict == ImageVerdict.NoDefect ? ImageAnswer.NoDefect : ImageAnswer.NotAnnotated };
    }

    private static DocumentShape ToShape(AnnotationRecord record, string id) => (record.Shape switch
    {
        BoxShape { Box: var b } => new DocumentBox(id, record.Label!, [b.X, b.Y, b.Width, b.Height]),
        RotatedBoxShape { Box: var r } => new DocumentRotatedBox(id, record.Label!, [r.CenterX, r.CenterY, r.Width, r.Height, r.AngleDegrees]),
        PolygonShape p => new DocumentPolygon(id, record.Label!, [.. p.Rings.Select(Positions)]),
        PolylineShape l => new DocumentPolyline(id, record.Label!, Positions(l.Points)),
        PointShape { Point: var p } => new DocumentPoint(id, record.Label!, [p.X, p.Y]),
        MaskShape { Mask: var m } => (DocumentShape)new DocumentMask(id, record.Label!, new([m.Height, m.Width], MaskString.Encode(m))),
        _ => throw new ArgumentOutOfRangeException(nameof(record), record.Shape, "An unknown kind of shape."),
    }) with
    { Score = record.Score, Attributes = record.Attributes.DistinctBy(a => a.Name).ToImmutableSortedDictionary(a => a.Name, ToJson) };

    private static Shape ToShape(DocumentShape shape) => shape switch
    {
        DocumentBox { Box: var b } => new BoxShape(new(b[0], b[1], b[2], b[3])),
        DocumentRotatedBox { RotatedBox: var r } => new RotatedBoxShape(new(r[0], r[1], r[2], r[3], r[4])),
        DocumentPolygon p => new PolygonShape([.. p.Rings.Select(Points)]),
        DocumentPolyline l => new PolylineShape(Points(l.Points)),
        DocumentPoint { Point: var p } => new PointShape(new(p[0], p[1])),
        DocumentMask { Mask: var m } => new MaskShape(MaskString.Decode(m.Counts, m.Size[1], m.Size[0])),
        _ => throw new ArgumentOutOfRangeException(nameof(shape), shape, "An unknown kind of shape."),
    };

    private static ImmutableArray<ImmutableArray<double>> Positions(ImmutableArray<ImagePoint> points) => [.. points.Select(p => ImmutableArray.Create(p.X, p.Y))];

    private static ImmutableArray<ImagePoint> Points(ImmutableArray<ImmutableArray<double>> positions) => [.. positions.Select(p => new ImagePoint(p[0], p[1]))];

    private static JsonElement ToJson(AnnotationAttribute attribute) => attribute.Kind switch
    {
        AttributeKind.Number => JsonSerializer.SerializeToElement(double.Parse(attribute.Value, CultureInfo.InvariantCulture)),
        AttributeKind.Boolean => JsonSerializer.SerializeToElement(attribute.Value == "true"),
        _ => JsonSerializer.SerializeToElement(attribute.Value),
    };

    private static AnnotationAttribute ToAttribute(string name, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => new(name, value.GetRawText(), AttributeKind.Number),
        JsonValueKind.True or JsonValueKind.False => new(name, value.GetRawText(), AttributeKind.Boolean),
        _ => new(name, value.ToString()),
    };
}
