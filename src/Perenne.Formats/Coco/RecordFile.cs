using Microsoft.Win32.SafeHandles;

namespace Perenne.Formats.Coco;

/// <summary>Random reads of small records: reads ahead while they come in file order, reads exactly while they do not.</summary>
internal sealed class RecordFile(string path) : IDisposable
{
    private const int ReadAhead = 128 * 1024;
    private readonly SafeFileHandle _handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read, FileOptions.None);
    private byte[] _buffer = [];
    private long _start;
    private int _length;

    public ReadOnlyMemory<byte> Read(long offset, int length)
    {
        long end = _start + _length;
        if (offset < _start || offset + length > end)
        {
            bool ahead = offset >= _start && offset < end + ReadAhead;
            int want = ahead ? (int)Math.Max(length, Math.Min(ReadAhead, RandomAccess.GetLength(_handle) - offset)) : length;
            if (_buffer.Length < want)
                _buffer = new byte[want];
            _start = offset;
            _length = 0;
            while (_length < want && RandomAccess.Read(_handle, _buffer.AsSpan(_length, want - _length), offset + _length) is > 0 and int got)
                _length += got;
        }
        int from = (int)(offset - _start);
        return _buffer.AsMemory(from, Math.Min(length, Math.Max(0, _length - from)));
    }

    public void Dispose() => _handle.Dispose();
}
