using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Perenne.Formats.Json;
using Perenne.Vision.Geometry;

namespace Perenne.Formats.LabelStudio;

/// <summary>One entry of a result list.</summary>
internal static class LabelStudioResult
{
    private const long LargestMask = 1L << 26;

    public static bool IsRegion(JsonElement result) => result.Scalar("type") is { } type
        && (type.StartsWith("rectangle", StringComparison.Ordinal) || type.StartsWith("polygon", StringComparison.Ordinal) || type.StartsWith("keypoint", StringComparison.Ordinal)
            || type.StartsWith("ellipse", StringComparison.Ordinal) || type.StartsWith("brush", StringComparison.Ordinal));

    public static IEnumerable<string> Labels(JsonElement result)
    {
        if (result.Get("value") is not { ValueKind: JsonValueKind.Object } value)
            yield break;
        foreach (JsonProperty property in value.EnumerateObject())
            if (property.Name.EndsWith("labels", StringComparison.Ordinal) && property.Value.ValueKind == JsonValueKind.Array)
                foreach (JsonElement label in property.Value.EnumerateArray())
                    if (JsonTree.Scalar(label) is { Length: > 0 } text)
                        yield return text;
    }

    public static Shape Shape(JsonElement result, string path)
    {
        ImageSize size = result.Size("original_width", "original_height", path)
            ?? throw new RecordException($"{path}.original_width", "no image size", "original_width and original_height, because coordinates are percent");
        JsonElement value = result.Get("value") ?? throw new RecordException($"{path}.value", "nothing", "the region's coordinates");
        path += ".value";
        double X(string name) => value.Number(name, path) * size.Width / 100;
        double Y(string name) => value.Number(name, path) * size.Height / 100;
        double angle = value.NumberOr("rotation", path, 0);
        switch (result.Scalar("type")![0])
        {
            case 'r':
                return LabelStudioGeometry.FromCorner(X("x"), Y("y"), value.Side("width", path) * size.Width / 100, value.Side("height", path) * size.Height / 100, angle);
            case 'k':
                return new PointShape(new(X("x"), Y("y")));
            case 'e':
                return Ellipse(X("x"), Y("y"), X("radiusX"), Y("radiusY"), angle);
            case 'b':
                return Brush(value, size, path);
            default:
                ImmutableArray<ImagePoint> points = LabelStudioGeometry.ToPixels(Pairs(value, path), size);
                bool open = value.Get("closed") is { ValueKind: JsonValueKind.False };
                if (points.Length < (open ? 2 : 3))
                    throw new RecordException($"{path}.points", $"{points.Length} points", $"at least {(open ? 2 : 3)}");
                return open ? new PolylineShape(points) : new PolygonShape([points]);
        }
    }

    /// <summary>Choices as tags, numbers and ratings as values; empty for what has no place.</summary>
    public static IReadOnlyList<AnnotationRecord> WholeImage(JsonElement result, string path, AnnotationRecord common)
    {
        if (result.Get("value") is not { } value)
            return [];
        if (value.Get("choices") is { ValueKind: JsonValueKind.Array } choices)
            return [.. choices.EnumerateArray().Select(JsonTree.Scalar).OfType<string>().Select(c => common with { Label = c })];
        foreach (string kind in (string[])["number", "rating"])
            if (value.Get(kind) is not null)
                return [common with { Label = result.Scalar("from_name"), Value = value.Number(kind, path + ".value") }];
        return [];
    }

    public static IEnumerable<AnnotationAttribute> Attributes(JsonElement result)
    {
        string name = result.Scalar("from_name") ?? result.Scalar("type") ?? "";
        if (result.Get("value") is not { } value || Labels(result).Any())
            yield break;
        foreach (string kind in (string[])["choices", "text"])
            if (value.Get(kind) is { } texts)
                yield return new(name, texts.ValueKind == JsonValueKind.Array ? string.Join(", ", texts.EnumerateArray().Select(JsonTree.Scalar)) : JsonTree.Scalar(texts) ?? "");
        foreach (string kind in (string[])["number", "rating"])
            if (value.Scalar(kind) is { } number)
                yield return new(name, number, AttributeKind.Number);
    }

    private static IEnumerable<ImagePoint> Pairs(JsonElement value, string path)
    {
        int index = 0;
        foreach (JsonElement pair in value.List("points", path))
        {
            string at = $"{path}.points[{index++}]";
            yield return pair.ValueKind == JsonValueKind.Array && pair.GetArrayLength() == 2
                && pair[0].ValueKind == JsonValueKind.Number && pair[1].ValueKind == JsonValueKind.Number
                && pair[0].TryGetDouble(out double x) && pair[1].TryGetDouble(out double y) && Math.Abs(x) <= 1e9 && Math.Abs(y) <= 1e9
                ? new(x, y) : throw JsonTree.Wrong(pair, at, "[x, y]");
        }
    }

    private static PolygonShape Ellipse(double cx, double cy, double rx, double ry, double angle)
    {
        const int corners = 64;
        (double sin, double cos) = Math.SinCos(angle * Math.PI / 180);
        return PolygonShape.FromRing(Enumerable.Range(0, corners).Select(i =>
        {
            (double y, double x) = Math.SinCos(2 * Math.PI * i / corners);
            return new ImagePoint(cx + x * rx * cos - y * ry * sin, cy + x * rx * sin + y * ry * cos);
        }));
    }

    private static MaskShape Brush(JsonElement value, ImageSize size, string path)
    {
        List<byte> bytes = [];
        foreach (JsonElement b in value.List("rle", path))
            bytes.Add(b.ValueKind == JsonValueKind.Number && b.TryGetByte(out byte known) ? known : throw JsonTree.Wrong(b, $"{path}.rle[{bytes.Count}]", "a byte"));
        RunLengthMask? mask = (long)size.Width * size.Height <= LargestMask ? LabelStudioRle.Decode([.. bytes], size) : null;
        return new(mask ?? throw new RecordException($"{path}.rle", "a brush that is cut off or of another size", string.Create(CultureInfo.InvariantCulture, $"the runs of {size.Width} × {size.Height} pixels")));
    }
}
