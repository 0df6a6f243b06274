using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Perenne.Cli.Metrics;

/// <summary>
/// Walks a JSON stream forward and knows where it is, so that an error names the place and what was expected there.
/// Memory is one buffer, larger than the largest single token, whatever the length of the file.
/// </summary>
internal ref struct JsonCursor
{
    private const int FirstBuffer = 64 * 1024;

    private readonly Stream stream;
    private readonly string file;
    private readonly List<Step> path = [];
    private byte[] buffer = new byte[FirstBuffer];
    private int filled, viewStart;
    private bool end;
    private Utf8JsonReader reader;

    public JsonCursor(Stream stream, string file)
    {
        (this.stream, this.file) = (stream, file);
        Fill(0);
        viewStart = buffer.AsSpan(0, filled).StartsWith("\uFEFF"u8) ? 3 : 0;
        reader = new Utf8JsonReader(buffer.AsSpan(viewStart, filled - viewStart), end, new JsonReaderState());
    }

    public readonly JsonTokenType Token => reader.TokenType;

    public void Read()
    {
        try
        {
            while (!reader.Read() && !end)
            {
                Fill(viewStart + (int)reader.BytesConsumed);
                viewStart = 0;
                reader = new Utf8JsonReader(buffer.AsSpan(0, filled), end, reader.CurrentState);
            }
        }
        catch (JsonException e)
        {
            throw new FormatException($"{file}: not valid JSON at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}{Where(" (in ", ")")}.", e);
        }
    }

    /// <summary>Enters the object the cursor is on.</summary>
    public void EnterObject(string expected)
    {
        Require(JsonTokenType.StartObject, expected);
        path.Add(default);
    }

    /// <summary>Moves to the value of the object's next property; false (and past the object) when there is none.</summary>
    public bool NextProperty(out string name)
    {
        Read();
        if (reader.TokenType == JsonTokenType.EndObject)
        {
            path.RemoveAt(path.Count - 1);
            name = "";
            return false;
        }
        name = Decoded();
        path[^1] = new Step(name, 0);
        Read();
        return true;
    }

    /// <summary>Enters the array the cursor is on.</summary>
    public void EnterArray(string expected)
    {
        Require(JsonTokenType.StartArray, expected);
        path.Add(new Step(null, -1));
    }

    /// <summary>Moves to the array's next element; false (and past the array) when there is none.</summary>
    public bool NextElement()
    {
        Read();
        if (reader.TokenType == JsonTokenType.EndArray)
        {
            path.RemoveAt(path.Count - 1);
            return false;
        }
        path[^1] = new Step(null, path[^1].Index + 1);
        return true;
    }

    public double Number(string expected)
    {
        Require(JsonTokenType.Number, expected);
        double value = reader.GetDouble();
        return double.IsFinite(value) ? value : throw Error("the number is too large");
    }

    public long Integer(string expected)
    {
        Require(JsonTokenType.Number, expected);
        if (reader.TryGetInt64(out long value))
            return value;
        double d = reader.GetDouble();
        return d == Math.Floor(d) && Math.Abs(d) < 1e15 ? (long)d : throw Error($"expected {expected}, found {d.ToString(CultureInfo.InvariantCulture)}");
    }

    public string Text(string expected)
    {
        Require(JsonTokenType.String, expected);
        return Decoded();
    }

    private readonly string Decoded()
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw Error("a text here is not valid UTF-8");
        }
    }

    /// <summary>Goes past the value the cursor is on.</summary>
    public void Skip()
    {
        int depth = 0;
        do
        {
            depth += reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray ? 1 : reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray ? -1 : 0;
            if (depth > 0)
                Read();
        }
        while (depth > 0);
    }

    public readonly FormatException Error(string problem) => new($"{file}: {Where("", ": ")}{problem}.");

    /// <summary>The place of the cursor, as <c>annotations[3].bbox</c>.</summary>
    public readonly string Where(string before = "", string after = "")
    {
        var text = new StringBuilder();
        foreach (Step step in path)
        {
            if (step.Name is not null)
                text.Append(text.Length > 0 ? "." : "").Append(step.Name);
            else if (step.Index >= 0)
                text.Append(CultureInfo.InvariantCulture, $"[{step.Index}]");
        }
        return text.Length == 0 ? "" : before + text + after;
    }

    /// <summary>Moves what is not yet read to the front and reads on, into a larger buffer where one token fills it.</summary>
    private void Fill(int keepFrom)
    {
        int kept = filled - keepFrom;
        byte[] target = kept > buffer.Length / 2 ? new byte[buffer.Length * 2] : buffer;
        Buffer.BlockCopy(buffer, keepFrom, target, 0, kept);
        (buffer, filled) = (target, kept + stream.ReadAtLeast(target.AsSpan(kept), target.Length - kept, throwOnEndOfStream: false));
        end = filled < buffer.Length;
    }

    private readonly void Require(JsonTokenType wanted, string expected)
    {
        if (reader.TokenType != wanted)
            throw Error($"expected {expected}, found {Name(reader.TokenType)}");
    }

    private static string Name(JsonTokenType token) => token switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "a list",
        JsonTokenType.String => "a text",
        JsonTokenType.Number => "a number",
        JsonTokenType.True or JsonTokenType.False => "true or false",
        JsonTokenType.Null => "null",
        _ => "nothing",
    };

    private readonly record struct Step(string? Name, int Index);
}
