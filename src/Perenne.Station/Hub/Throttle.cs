namespace Perenne.Station.Hub;

/// <summary>A shared limit on upload bytes per second: a plant's line is also used by others.</summary>
internal sealed class Throttle(TimeProvider time)
{
    private readonly Lock gate = new();
    private DateTimeOffset free;

    /// <summary>Null: no limit.</summary>
    public long? BytesPerSecond { get; set; }

    public Stream Limit(Stream inner) => BytesPerSecond is null ? inner : new Limited(inner, this);

    private async ValueTask WaitAsync(int bytes, CancellationToken cancel)
    {
        if (BytesPerSecond is not { } rate || rate <= 0)
            return;
        TimeSpan wait;
        lock (gate)
        {
            DateTimeOffset now = time.GetUtcNow();
            DateTimeOffset start = free > now ? free : now;
            free = start + TimeSpan.FromSeconds((double)bytes / rate);
            wait = start - now;
        }
        if (wait > TimeSpan.Zero)
            await Task.Delay(wait, time, cancel);
    }

    private sealed class Limited(Stream inner, Throttle throttle) : Stream
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            int read = await inner.ReadAsync(buffer[..Math.Min(buffer.Length, 16 << 10)], cancellationToken);
            await throttle.WaitAsync(read, cancellationToken);
            return read;
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => inner.Length;
        public override long Position { get => inner.Position; set => throw new NotSupportedException(); }
        public override void Flush() { }
        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Uploads are asynchronous.");
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
