using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Perenne.Formats.Json;
using Perenne.Vision.Geometry;

namespace Perenne.Formats.Labelbox;

internal static class LabelboxShapes
{
    /// <summary>Null where the object has none of the shapes that can be read without fetching anything.</summary>
    public static Shape? Shape(JsonElement item, string path, string box, ImageSize? size)
    {
        if (item.Get(box) is { } b)
        {
            string at = $"{path}.{box}";
            return new BoxShape(new(b.Number("left", at), b.Number("top", at), b.Side("width", at), b.Side("height", at)));
        }
        if (item.Get("polygon") is not null)
        {
            ImmutableArray<ImagePoint> ring = item.Points("polygon", path, 3);
            return new PolygonShape([ring.Length > 3 && ring[0] == ring[^1] ? ring.RemoveAt(ring.Length - 1) : ring]);
        }
        if (item.Get("line") is not null)
            return new PolylineShape(item.Points("line", path, 2));
        if (item.Get("point") is { } p)
            return new PointShape(new(p.Number("x", path + ".point"), p.Number("y", path + ".point")));
        return null;
    }

    /// <summary>A classification of the image: one tag per chosen answer; a number as text is a value.</summary>
    public static IEnumerable<AnnotationRecord> Classification(JsonElement item, string path, AnnotationRecord common)
    {
        if (item.ValueKind != JsonValueKind.Object)
            throw JsonTree.Wrong(item, path, "a classification with an answer");
        string question = item.Scalar("name") ?? item.Scalar("title") ?? item.Scalar("value") ?? item.Scalar("schemaId") ?? "";
        common = common with { SourceId = item.Scalar("feature_id") ?? item.Scalar("featureId") };
        string? text = TextAnswer(item);
        if (text is not null && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number))
            return [common with { Label = question, Value = number }];
        return text is not null ? [common with { Label = question, Attributes = [new("text", text)] }]
            : Answers(item, path).Select(a => common with { Label = a });
    }

    /// <summary>Classifications of an object.</summary>
    public static ImmutableArray<AnnotationAttribute> Attributes(JsonElement item, string path)
    {
        var attributes = ImmutableArray.CreateBuilder<AnnotationAttribute>();
        int index = 0;
        foreach (JsonElement c in item.List("classifications", path))
        {
            string at = $"{path}.classifications[{index++}]";
            if (c.ValueKind != JsonValueKind.Object)
                throw JsonTree.Wrong(c, at, "a classification with an answer");
            string name = c.Scalar("name") ?? c.Scalar("title") ?? c.Scalar("value") ?? c.Scalar("schemaId") ?? "";
            attributes.Add(new(name, TextAnswer(c) ?? string.Join(", ", Answers(c, at))));
        }
        return attributes.DrainToImmutable();
    }

    private static string? TextAnswer(JsonElement c) => c.Get("text_answer")?.Scalar("content") ?? c.Scalar("answer");

    private static IEnumerable<string> Answers(JsonElement c, string path)
    {
        if (c.Get("radio_answer") is { } radio)
            return NameOf(radio);
        foreach (string list in (string[])["checklist_answers", "checklist_answer", "answers"])
            if (c.Get(list) is { ValueKind: JsonValueKind.Array } several)
                return several.EnumerateArray().SelectMany(NameOf);
        return c.Get("answer") switch
        {
            { ValueKind: JsonValueKind.Array } several => several.EnumerateArray().SelectMany(NameOf),
            { ValueKind: JsonValueKind.Object } one => NameOf(one),
            _ => throw new RecordException(path, "a classification without an answer", "radio_answer, checklist_answers, text_answer or answer"),
        };
    }

    private static IEnumerable<string> NameOf(JsonElement answer) =>
        (answer.ValueKind == JsonValueKind.Object ? answer.Scalar("name") ?? answer.Scalar("title") ?? answer.Scalar("value") ?? answer.Scalar("schemaId") : JsonTree.Scalar(answer)) is { } name ? [name] : [];
}
