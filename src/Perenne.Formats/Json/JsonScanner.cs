using System.Text.Json;

namespace Perenne.Formats.Json;

/// <summary>
/// Walks a JSON stream of any length and hands out one element at a time: each element of a root array, each element
/// of the wanted arrays of a root object, or each of several root values (NDJSON). Memory is one read buffer plus the largest element.
/// </summary>
internal sealed class JsonScanner(Stream stream, string file, int maxElementBytes, Func<string, bool>? wantsSection = null) : IDisposable
{
    private const int LargestFirstBuffer = 128 * 1024;

    // Comments and trailing commas are not JSON, but hand-edited label files have them; reading them costs nothing.
    private static readonly JsonReaderOptions ReaderOptions = new()
    {
        AllowMultipleValues = true, AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip,
    };

    private byte[] _buffer = new byte[stream.CanSeek ? (int)Math.Clamp(stream.Length + 1, 4096, LargestFirstBuffer) : LargestFirstBuffer];
    private JsonReaderState _state = new(ReaderOptions);
    private int _position, _filled;
    private long _bufferOffset;
    private bool _end;
    private int _rootDepth = -1;
    private bool _inSection;
    private long _elementStart = -1;
    private int _elementDepth;

    /// <summary>The wanted section the current element is in; empty for root elements.</summary>
    public string Section { get; private set; } = "";

    /// <summary>Index of the current element in its section.</summary>
    public long Index { get; private set; } = -1;

    /// <summary>The current element's bytes; valid until the next move.</summary>
    public ReadOnlyMemory<byte> Element { get; private set; }

    /// <summary>Position of the current element in the stream.</summary>
    public long Offset { get; private set; }

    public long BytesRead => _bufferOffset + _position;

    /// <summary>JSON path of the current element.</summary>
    public string Path => Section.Length == 0 ? $"$[{Index}]" : $"$.{Section}[{Index}]";

    public void Dispose() => stream.Dispose();

    /// <summary>Moves to the next element.</summary>
    /// <exception cref="DatasetFormatException">Not JSON, cut off, nested too deeply, or an element over the limit.</exception>
    public async ValueTask<bool> NextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                if (TryAdvance())
                    return true;
            }
            catch (JsonException e)
            {
                throw new DatasetFormatException(JsonProblems.NotJson(file, e), e);
            }
            catch (InvalidOperationException e) // a property name that is not valid UTF-8
            {
                throw new DatasetFormatException(new(file, Path, "a property name that is not valid Unicode", "UTF-8 text"), e);
            }
            if (_end)
                return false;
            await FillAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private bool TryAdvance()
    {
        Utf8JsonReader reader = new(_buffer.AsSpan(_position, _filled - _position), _end, _state);
        bool found = false;
        while (!found && reader.Read())
            found = Handle(ref reader);
        if (found)
            Element = _buffer.AsMemory((int)(_elementStart - _bufferOffset), (int)(_bufferOffset + _position + reader.BytesConsumed - _elementStart));
        _state = reader.CurrentState;
        _position += (int)reader.BytesConsumed;
        if (found)
        {
            Offset = _elementStart;
            _elementStart = -1;
            Index++;
        }
        return found;
    }

    /// <summary>True when the token just read completes an element.</summary>
    private bool Handle(ref Utf8JsonReader reader)
    {
        int depth = reader.CurrentDepth;
        if (_elementStart >= 0)
            return depth == _elementDepth && reader.TokenType is (JsonTokenType.EndObject or JsonTokenType.EndArray);
        if (_inSection && depth == _rootDepth + 1 && reader.TokenType == JsonTokenType.EndArray)
        {
            _inSection = false;
            return false;
        }
        if (depth == 0)
            return HandleRoot(ref reader);
        if (_rootDepth == 0 && depth == 1 && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString() ?? "";
            if (wantsSection!(name))
                (Section, Index) = (name, -1);
            else
                Section = "";
            return false;
        }
        if (_rootDepth == 0 && depth == 1)
        {
            bool begins = reader.TokenType is not (JsonTokenType.EndArray or JsonTokenType.EndObject);
            _inSection = Section.Length > 0 && reader.TokenType == JsonTokenType.StartArray;
            if (begins && Section.Length > 0 && !_inSection && reader.TokenType != JsonTokenType.Null)
                throw new DatasetFormatException(new(file, "$." + Section, "not an array", "an array of " + Section));
            return false;
        }
        bool isElement = _inSection ? depth == 2 : _rootDepth == -2 && depth == 1;
        return isElement && Begin(ref reader);
    }

    private bool HandleRoot(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartArray:
                _rootDepth = -2;
                return false;
            case JsonTokenType.StartObject when wantsSection is not null:
                _rootDepth = 0;
                return false;
            case JsonTokenType.EndArray or JsonTokenType.EndObject:
                return false;
            default:
                return Begin(ref reader);
        }
    }

    private bool Begin(ref Utf8JsonReader reader)
    {
        _elementStart = _bufferOffset + _position + reader.TokenStartIndex;
        _elementDepth = reader.CurrentDepth;
        return reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray);
    }

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        // Keep the bytes of the element in progress; drop what lies before.
        int keepFrom = _elementStart >= 0 ? (int)(_elementStart - _bufferOffset) : _position;
        int kept = _filled - keepFrom;
        if (kept > maxElementBytes)
            throw new DatasetFormatException(new(file, Section.Length == 0 ? $"$[{Index + 1}]" : $"$.{Section}[{Index + 1}]",
                $"a record of more than {maxElementBytes} bytes", "smaller records (or a higher limit)"));
        byte[] target = kept > _buffer.Length / 2 ? new byte[_buffer.Length * 2] : _buffer;
        Buffer.BlockCopy(_buffer, keepFrom, target, 0, kept);
        _buffer = target;
        _bufferOffset += keepFrom;
        _position -= keepFrom;
        _filled = kept;
        int got = await stream.ReadAsync(_buffer.AsMemory(_filled), cancellationToken).ConfigureAwait(false);
        _filled += got;
        _end = got == 0;
        if (_bufferOffset == 0 && _position == 0 && _elementStart < 0 && _buffer.AsSpan(0, _filled).StartsWith("\uFEFF"u8))
            _position = 3; // Windows tools write a byte order mark, which JSON does not allow.
    }
}
