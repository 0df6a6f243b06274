using System.Collections.Immutable;
using System.Text.Json;
using Perenne.Formats.Json;
using Perenne.Vision.Geometry;

namespace Perenne.Formats.Coco;

/// <summary>COCO's bbox, polygons and run lengths.</summary>
internal static class CocoGeometry
{
    public static BoxShape? Box(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null)
            return null;
        if (reader.TokenType != JsonTokenType.StartArray)
            throw JsonRead.Wrong(ref reader, ".bbox", "[x, y, width, height]");
        Span<double> n = stackalloc double[4];
        int count = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (count == 4)
                throw new RecordException(".bbox", "more than 4 numbers", "[x, y, width, height]");
            n[count] = JsonRead.Coordinate(ref reader, ".bbox");
            count++;
        }
        if (count == 0)
            return null;
        if (count < 4)
            throw new RecordException(".bbox", $"{count} numbers", "[x, y, width, height]");
        if (n[2] < 0 || n[3] < 0)
            throw new RecordException(".bbox", FormattableString.Invariant($"a width of {n[2]} and a height of {n[3]}"), "a width and height from 0");
        return new(new Box(n[0], n[1], n[2], n[3]));
    }

    /// <summary>Null where the segmentation is empty.</summary>
    public static Shape? Segmentation(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.Null:
                return null;
            case JsonTokenType.StartObject:
                return Runs(ref reader);
            case JsonTokenType.StartArray:
                break;
            default:
                throw JsonRead.Wrong(ref reader, ".segmentation", "polygons or run lengths");
        }
        var rings = ImmutableArray.CreateBuilder<ImmutableArray<ImagePoint>>(1);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartArray)
                throw JsonRead.Wrong(ref reader, ".segmentation", "lists [x1, y1, x2, y2, …]");
            rings.Add(Ring(ref reader, $".segmentation[{rings.Count}]"));
        }
        return rings.Count == 0 ? null : new PolygonShape(rings.DrainToImmutable());
    }

    private static ImmutableArray<ImagePoint> Ring(ref Utf8JsonReader reader, string path)
    {
        var points = ImmutableArray.CreateBuilder<ImagePoint>(16);
        double? x = null;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            double value = JsonRead.Coordinate(ref reader, path);
            if (x is { } known)
                points.Add(new(known, value));
            x = x is null ? value : null;
        }
        if (x is not null)
            throw new RecordException(path, $"{2 * points.Count + 1} numbers", "an even number, x and y in turn");
        if (points.Count > 3 && points[0] == points[^1])
            points.RemoveAt(points.Count - 1); // Some tools close the ring; ours are open.
        if (points.Count < 3)
            throw new RecordException(path, $"{points.Count} points", "at least 3");
        return points.DrainToImmutable();
    }

    private static MaskShape Runs(ref Utf8JsonReader reader)
    {
        string? text = null;
        ImmutableArray<uint>? counts = null;
        int height = -1, width = -1;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = JsonRead.PropertyName(ref reader, ".segmentation");
            reader.Read();
            if (name == "size")
                (height, width) = SizeOf(ref reader);
            else if (name == "counts" && reader.TokenType == JsonTokenType.String)
                text = JsonRead.Text(ref reader, ".segmentation.counts");
            else if (name == "counts")
                counts = Counts(ref reader);
            else
                reader.Skip();
        }
        if (width < 0)
            throw new RecordException(".segmentation.size", "nothing", "[height, width]");
        try
        {
            if (text is not null)
                return new(MaskString.Decode(text, width, height));
            return new(new RunLengthMask(width, height, counts ?? throw new RecordException(".segmentation.counts", "nothing", "run lengths")));
        }
        catch (FormatException e)
        {
            throw new RecordException(".segmentation.counts", e.Message.TrimEnd('.'), "run lengths of the given size");
        }
    }

    private static (int Height, int Width) SizeOf(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            throw JsonRead.Wrong(ref reader, ".segmentation.size", "[height, width]");
        List<int> sides = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            sides.Add(JsonRead.Whole(ref reader, ".segmentation.size"));
        return sides.Count == 2 ? (sides[0], sides[1]) : throw new RecordException(".segmentation.size", $"{sides.Count} numbers", "[height, width]");
    }

    private static ImmutableArray<uint> Counts(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            throw JsonRead.Wrong(ref reader, ".segmentation.counts", "a list of run lengths or compressed text");
        var counts = ImmutableArray.CreateBuilder<uint>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            counts.Add((uint)JsonRead.Whole(ref reader, ".segmentation.counts"));
        return counts.DrainToImmutable();
    }
}
