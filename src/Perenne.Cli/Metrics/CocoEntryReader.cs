using System.Collections.Immutable;
using System.Text.Json;
using Perenne.Vision.Geometry;

namespace Perenne.Cli.Metrics;

/// <summary>Reads one annotation or detection, its fields in any order.</summary>
internal static class CocoEntryReader
{
    public static CocoEntry Read(ref JsonCursor json, string file, int index, bool isDetection, bool withMasks)
    {
        json.EnterObject(isDetection ? "a detection {image_id, category_id, bbox, score}" : "an annotation {id, image_id, category_id, bbox, …}");
        long? image = null, category = null;
        double? score = null, area = null;
        bool crowd = false;
        Box? box = null;
        CocoSegmentation? segmentation = null;
        while (json.NextProperty(out string name))
            switch (name)
            {
                case "image_id": image = json.Integer("a whole number (an image's id)"); break;
                case "category_id": category = json.Integer("a whole number (a category's id)"); break;
                case "score": score = json.Number("a number"); break;
                case "area": area = json.Token == JsonTokenType.Null ? null : json.Number("a number (pixels²)"); break;
                case "bbox": box = ReadBox(ref json); break;
                case "iscrowd": crowd = ReadFlag(ref json); break;
                case "segmentation" when withMasks && json.Token != JsonTokenType.Null: segmentation = ReadSegmentation(ref json); break;
                default: json.Skip(); break;
            }
        var entry = new CocoEntry(file, isDetection ? "" : "annotations", index, image ?? 0, category ?? 0, box, score, area, crowd, segmentation);
        string? missing = image is null ? "image_id" : category is null ? "category_id" : isDetection && score is null ? "score" : null;
        return missing is null ? entry : throw entry.Error($"\"{missing}\" is missing; expected a number");
    }

    private static bool ReadFlag(ref JsonCursor json) => json.Token switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        _ => json.Integer("0 or 1") != 0,
    };

    private static Box ReadBox(ref JsonCursor json)
    {
        const string expected = "4 numbers [x, y, width, height]";
        Span<double> values = stackalloc double[4];
        int count = 0;
        json.EnterArray(expected);
        while (json.NextElement())
        {
            if (count == 4)
                throw json.Error($"expected {expected}, found more");
            values[count++] = json.Number("a number");
        }
        if (count < 4)
            throw json.Error($"expected {expected}, found {count}");
        if (values[2] < 0 || values[3] < 0)
            throw json.Error("the box's width and height must not be negative ([x, y, width, height])");
        return new Box(values[0], values[1], values[2], values[3]);
    }

    private static CocoSegmentation ReadSegmentation(ref JsonCursor json) =>
        json.Token == JsonTokenType.StartObject ? ReadRuns(ref json) : ReadPolygons(ref json);

    private static CocoSegmentation ReadPolygons(ref JsonCursor json)
    {
        json.EnterArray("a list of polygons or an object {size, counts}");
        var rings = ImmutableArray.CreateBuilder<ImmutableArray<ImagePoint>>();
        while (json.NextElement())
        {
            json.EnterArray("a polygon [x1, y1, x2, y2, …]");
            var numbers = new List<double>();
            while (json.NextElement())
                numbers.Add(json.Number("a number"));
            if (numbers.Count < 6 || numbers.Count % 2 != 0)
                throw json.Error($"a polygon has an even count of numbers, at least 6, but this has {numbers.Count}");
            rings.Add([.. Enumerable.Range(0, numbers.Count / 2).Select(i => new ImagePoint(numbers[2 * i], numbers[2 * i + 1]))]);
        }
        return rings.Count > 0 ? new CocoSegmentation(new PolygonShape(rings.ToImmutable()), default, null, default)
            : throw json.Error("the list of polygons is empty");
    }

    private static CocoSegmentation ReadRuns(ref JsonCursor json)
    {
        json.EnterObject("an object {size, counts}");
        ImmutableArray<uint>.Builder? counts = null;
        string? compressed = null;
        var size = new List<long>();
        while (json.NextProperty(out string name))
            switch (name)
            {
                case "size":
                    json.EnterArray("[height, width]");
                    while (json.NextElement())
                        size.Add(json.Integer("a whole number"));
                    break;
                case "counts" when json.Token == JsonTokenType.String:
                    compressed = json.Text("run lengths");
                    break;
                case "counts":
                    counts = ImmutableArray.CreateBuilder<uint>();
                    json.EnterArray("a list of run lengths or a compressed text");
                    while (json.NextElement())
                        counts.Add(json.Integer("a run length") is >= 0 and <= uint.MaxValue and var run ? (uint)run : throw json.Error("a run length is not negative"));
                    break;
                default: json.Skip(); break;
            }
        if (size.Count != 2 || size.Any(s => s is < 0 or > int.MaxValue))
            throw json.Error("\"size\" must be [height, width]");
        if (counts is null && compressed is null)
            throw json.Error("\"counts\" is missing; expected run lengths");
        return new CocoSegmentation(null, counts?.ToImmutable() ?? default, compressed, new ImageSize((int)size[1], (int)size[0]));
    }
}
