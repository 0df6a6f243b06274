using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Perenne.Formats.Json;

/// <summary>A text file written piece by piece, with a JSON writer for each record.</summary>
internal sealed class JsonFile : IAsyncDisposable
{
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };
    private readonly ArrayBufferWriter<byte> _buffer = new(64 * 1024);
    private readonly FileStream _stream;

    public JsonFile(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        _stream = new(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.Asynchronous);
        Record = new(_buffer, Compact);
    }

    /// <summary>Write one value, then call <see cref="EndRecordAsync"/>.</summary>
    public Utf8JsonWriter Record { get; }

    public void Text(ReadOnlySpan<byte> text) => _buffer.Write(text);

    public async ValueTask EndRecordAsync(CancellationToken cancellationToken)
    {
        Record.Flush();
        Record.Reset(_buffer);
        if (_buffer.WrittenCount > 60 * 1024)
            await FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        await _stream.WriteAsync(_buffer.WrittenMemory, cancellationToken).ConfigureAwait(false);
        _buffer.ResetWrittenCount();
    }

    /// <summary>Appends everything written to <paramref name="other"/>.</summary>
    public async Task AppendAsync(JsonFile other, CancellationToken cancellationToken)
    {
        await FlushAsync(cancellationToken).ConfigureAwait(false);
        await other.FlushAsync(cancellationToken).ConfigureAwait(false);
        other._stream.Position = 0;
        await other._stream.CopyToAsync(_stream, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await Record.DisposeAsync().ConfigureAwait(false);
        await _stream.DisposeAsync().ConfigureAwait(false);
    }
}
