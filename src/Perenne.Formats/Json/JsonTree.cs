using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Perenne.Vision.Geometry;

namespace Perenne.Formats.Json;

/// <summary>Reads from one bounded record as a tree, where the order of its properties does not matter.</summary>
internal static class JsonTree
{
    private static readonly JsonDocumentOptions Options = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    public static JsonElement Parse(ReadOnlyMemory<byte> record)
    {
        // Property names are read as text later on, where half a surrogate pair would throw without saying where.
        RefuseBrokenNames(record.Span);
        using JsonDocument document = JsonDocument.Parse(record, Options);
        return document.RootElement.Clone();
    }

    public static JsonElement? Get(this JsonElement e, string name) =>
        e.ValueKind == JsonValueKind.Object && e.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;

    public static IEnumerable<JsonElement> List(this JsonElement e, string name, string path)
    {
        if (e.Get(name) is not { } list)
            return [];
        return list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : throw Wrong(list, $"{path}.{name}", "an array");
    }

    /// <summary>Text or number as text; null for anything else.</summary>
    public static string? Scalar(this JsonElement e, string name) => e.Get(name) is { } value ? Scalar(value) : null;

    public static string? Scalar(JsonElement e) => e.ValueKind switch
    {
        JsonValueKind.String => Text(e),
        JsonValueKind.Number => e.GetRawText(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => null,
    };

    public static bool Flag(this JsonElement e, string name) => e.Get(name) is { ValueKind: JsonValueKind.True };

    public static double Number(this JsonElement e, string name, string path)
    {
        string at = $"{path}.{name}";
        JsonElement value = e.Get(name) ?? throw new RecordException(at, "nothing", "a finite number");
        double number = 0;
        bool ok = value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out number)
            || value.ValueKind == JsonValueKind.String && double.TryParse(Text(value), NumberStyles.Float, CultureInfo.InvariantCulture, out number);
        return ok && Math.Abs(number) <= 1e9 ? number : throw Wrong(value, at, "a finite number");
    }

    public static double NumberOr(this JsonElement e, string name, string path, double fallback) => e.Get(name) is null ? fallback : e.Number(name, path);

    public static double Side(this JsonElement e, string name, string path) =>
        e.Number(name, path) is >= 0 and double side ? side : throw Wrong(e.Get(name)!.Value, $"{path}.{name}", "a number from 0");

    public static ImageSize? Size(this JsonElement e, string width, string height, string path)
    {
        if (e.Get(width) is null || e.Get(height) is null)
            return null;
        double w = e.Number(width, path), h = e.Number(height, path);
        return w >= 1 && h >= 1 ? new((int)w, (int)h) : null;
    }

    public static DateTimeOffset? Time(this JsonElement e, string name, string path) => e.Scalar(name) is not { Length: > 0 } text ? null
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time) ? time
        : throw new RecordException($"{path}.{name}", $"\"{JsonRead.Short(text)}\"", "a time as in 2026-03-01T12:00:00Z");

    /// <summary>Points as objects with x and y.</summary>
    public static ImmutableArray<ImagePoint> Points(this JsonElement e, string name, string path, int atLeast)
    {
        var points = ImmutableArray.CreateBuilder<ImagePoint>();
        foreach (JsonElement p in e.List(name, path))
            points.Add(p.ValueKind == JsonValueKind.Object ? new(p.Number("x", $"{path}.{name}[{points.Count}]"), p.Number("y", $"{path}.{name}[{points.Count}]"))
                : throw Wrong(p, $"{path}.{name}[{points.Count}]", "a point with x and y"));
        return points.Count >= atLeast ? points.DrainToImmutable() : throw new RecordException($"{path}.{name}", $"{points.Count} points", $"at least {atLeast}");
    }

    public static RecordException Wrong(JsonElement e, string path, string expected) => new(path, e.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.Null => "null",
        _ => JsonRead.Short(e.GetRawText().Trim('"')),
    }, expected);

    private static void RefuseBrokenNames(ReadOnlySpan<byte> record)
    {
        Utf8JsonReader reader = new(record, JsonRead.Options);
        while (reader.Read())
            if (reader.TokenType == JsonTokenType.PropertyName)
                JsonRead.PropertyName(ref reader, "");
    }

    private static string Text(JsonElement e)
    {
        try
        {
            return e.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new RecordException("", "text that is not valid Unicode", "UTF-8 text");
        }
    }
}
