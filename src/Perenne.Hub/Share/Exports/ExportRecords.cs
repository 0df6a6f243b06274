using System.Text.Json;
using Perenne.Contracts.Annotation;
using Perenne.Contracts.Collect;
using Perenne.Formats;
using Perenne.Hub.Annotate;

namespace Perenne.Hub.Share.Exports;

/// <summary>From the hub's documents to the neutral record that every format is written from.</summary>
internal static class ExportRecords
{
    public static AnnotatedImage ToRecord(this ExportedImage image, string name)
    {
        AnnotatedImage record = new(name) { Size = new(image.Width, image.Height), Split = image.Split };
        if (image.Document is not { } document)
            return record with { Answer = ImageAnswer.NotAnnotated };
        AnnotationRecord[] all =
        [
            .. document.Shapes.Select(shape => new AnnotationRecord(shape.Label, shape.ToShape())
            {
                Score = shape.Score, Author = shape.CreatedBy, Attributes = [.. shape.Attributes.Select(a => ToAttribute(a.Key, a.Value))],
            }),
            .. document.Tags.Select(tag => new AnnotationRecord(tag, null)),
            .. document.Values.Select(value => new AnnotationRecord(value.Key, null) { Value = value.Value }),
        ];
        return record with
        {
            Annotations = [.. all],
            Answer = all.Length > 0 ? ImageAnswer.Annotated : document.Verdict == ImageVerdict.NoDefect ? ImageAnswer.NoDefect : ImageAnswer.NotAnnotated,
        };
    }

    private static AnnotationAttribute ToAttribute(string name, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => new(name, value.GetRawText(), AttributeKind.Number),
        JsonValueKind.True or JsonValueKind.False => new(name, value.GetRawText(), AttributeKind.Boolean),
        _ => new(name, value.ToString()),
    };
}
