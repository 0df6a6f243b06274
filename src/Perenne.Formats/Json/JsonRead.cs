using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Perenne.Formats.Json;

/// <summary>Small typed reads from one complete record, with errors that name the path.</summary>
internal static class JsonRead
{
    public static readonly JsonReaderOptions Options = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    public static void ExpectObject(ref Utf8JsonReader reader, string path)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw Wrong(ref reader, path, "an object");
    }

    /// <summary>A finite number; numbers in quotes are taken, because some tools write them.</summary>
    public static double Number(ref Utf8JsonReader reader, string path)
    {
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out double value) && double.IsFinite(value))
            return value;
        if (reader.TokenType == JsonTokenType.String
            && double.TryParse(Text(ref reader, path), NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value))
            return value;
        throw Wrong(ref reader, path, "a finite number");
    }

    /// <summary>A coordinate in pixels or percent. The bound keeps later arithmetic finite; no image comes near it.</summary>
    public static double Coordinate(ref Utf8JsonReader reader, string path)
    {
        double value = Number(ref reader, path);
        return Math.Abs(value) <= 1e9 ? value : throw Wrong(ref reader, path, "a coordinate between -1e9 and 1e9");
    }

    public static double? OptionalNumber(ref Utf8JsonReader reader, string path) =>
        reader.TokenType == JsonTokenType.Null ? null : Number(ref reader, path);

    public static int Whole(ref Utf8JsonReader reader, string path)
    {
        double value = Number(ref reader, path);
        return value is >= 0 and <= int.MaxValue && value == Math.Floor(value) ? (int)value : throw Wrong(ref reader, path, "a whole number from 0");
    }

    public static bool Flag(ref Utf8JsonReader reader, string path) => reader.TokenType switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False or JsonTokenType.Null => false,
        JsonTokenType.Number or JsonTokenType.String => Number(ref reader, path) != 0,
        _ => throw Wrong(ref reader, path, "0 or 1"),
    };

    public static string Text(ref Utf8JsonReader reader, string path)
    {
        if (reader.TokenType != JsonTokenType.String)
            throw Wrong(ref reader, path, "text");
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException) // half a surrogate pair or broken UTF-8
        {
            throw new RecordException(path, "text that is not valid Unicode", "UTF-8 text");
        }
    }

    /// <summary>Text or number as text; null for null, objects and arrays (which are skipped).</summary>
    public static string? Scalar(ref Utf8JsonReader reader, string path)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                return Text(ref reader, path);
            case JsonTokenType.Number:
                return Encoding.UTF8.GetString(reader.ValueSpan);
            case JsonTokenType.True:
                return "true";
            case JsonTokenType.False:
                return "false";
            default:
                reader.Skip();
                return null;
        }
    }

    public static DateTimeOffset? Time(ref Utf8JsonReader reader, string path)
    {
        if (reader.TokenType == JsonTokenType.Null)
            return null;
        string text = Text(ref reader, path);
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time)
            ? time : throw new RecordException(path, $"\"{Short(text)}\"", "a time as in 2026-03-01T12:00:00Z");
    }

    /// <summary>Scalars of an object as attributes; nested values are kept as their JSON text.</summary>
    public static ImmutableArray<AnnotationAttribute> Attributes(ref Utf8JsonReader reader, string path)
    {
        if (reader.TokenType == JsonTokenType.Null)
            return [];
        ExpectObject(ref reader, path);
        var attributes = ImmutableArray.CreateBuilder<AnnotationAttribute>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = PropertyName(ref reader, path);
            reader.Read();
            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                attributes.Add(new(name, JsonElement.ParseValue(ref reader).GetRawText()));
            else if (reader.TokenType != JsonTokenType.Null)
                attributes.Add(new(name, Scalar(ref reader, path)!, KindOf(reader.TokenType)));
        }
        return attributes.DrainToImmutable();
    }

    public static string PropertyName(ref Utf8JsonReader reader, string path)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new RecordException(path, "a property name that is not valid Unicode", "UTF-8 text");
        }
    }

    public static RecordException Wrong(ref Utf8JsonReader reader, string path, string expected) => new(path, Describe(ref reader), expected);

    public static string Short(string text) => text.Length <= 40 ? text : text[..40] + "…";

    private static AttributeKind KindOf(JsonTokenType token) => token switch
    {
        JsonTokenType.Number => AttributeKind.Number,
        JsonTokenType.True or JsonTokenType.False => AttributeKind.Boolean,
        _ => AttributeKind.Text,
    };

    private static string Describe(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray or JsonTokenType.EndArray => "an array",
        JsonTokenType.Null => "null",
        JsonTokenType.None => "nothing",
        JsonTokenType.String or JsonTokenType.Number => Short(Encoding.UTF8.GetString(reader.ValueSpan)),
        _ => reader.TokenType.ToString().ToLowerInvariant(),
    };
}
