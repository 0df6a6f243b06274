namespace Perenne.Station.Sources;

/// <summary>Cuts a stream of JPEG files, one after the other (ffmpeg's image2pipe), into files. A marker FF D9 inside a segment's payload does not end a picture: segments are skipped by their length.</summary>
internal sealed class JpegStream(Stream stream)
{
    private const int MaxFrame = 64 << 20;
    private readonly byte[] buffer = new byte[64 << 10];
    private int at, end;

    /// <summary>The next picture, or null at the end of the stream. What stands between pictures is skipped.</summary>
    public async Task<byte[]?> NextAsync(CancellationToken cancel)
    {
        using MemoryStream picture = new();
        if (!await StartAsync(picture, cancel))
            return null;
        while (picture.Length < MaxFrame)
        {
            if (await MarkerAsync(picture, cancel) is not { } marker)
                return null;
            if (marker == 0xD9)
                return picture.ToArray();
            // Markers without a payload: restart and TEM.
            if (marker is 0x01 or (>= 0xD0 and <= 0xD7))
                continue;
            if (!await SegmentAsync(picture, cancel) || (marker == 0xDA && !await ScanAsync(picture, cancel)))
                return null;
        }
        return null;
    }

    private async Task<bool> StartAsync(MemoryStream picture, CancellationToken cancel)
    {
        for (int previous = -1; await ByteAsync(cancel) is >= 0 and var b; previous = b)
        {
            if (previous != 0xFF || b != 0xD8)
                continue;
            picture.WriteByte(0xFF);
            picture.WriteByte(0xD8);
            return true;
        }
        return false;
    }

    private async Task<int?> MarkerAsync(MemoryStream picture, CancellationToken cancel)
    {
        if (pending is { } waiting)
        {
            pending = null;
            return waiting;
        }
        int b = await CopyAsync(picture, cancel);
        if (b != 0xFF)
            return null;
        while ((b = await CopyAsync(picture, cancel)) == 0xFF)
        {
            // Fill bytes.
        }
        return b > 0 ? b : null;
    }

    private async Task<bool> SegmentAsync(MemoryStream picture, CancellationToken cancel)
    {
        int high = await CopyAsync(picture, cancel), low = await CopyAsync(picture, cancel);
        for (int left = (high << 8 | low) - 2; left > 0; left--)
            if (await CopyAsync(picture, cancel) < 0)
                return false;
        return high >= 0 && low >= 0;
    }

    private int? pending;

    /// <summary>Entropy-coded data: FF 00 and restarts belong to it, any other marker ends it.</summary>
    private async Task<bool> ScanAsync(MemoryStream picture, CancellationToken cancel)
    {
        for (int previous = -1; await CopyAsync(picture, cancel) is >= 0 and var b; previous = b)
        {
            if (previous != 0xFF || b is 0 or 0xFF or (>= 0xD0 and <= 0xD7))
                continue;
            pending = b;
            return true;
        }
        return false;
    }

    private async ValueTask<int> CopyAsync(MemoryStream picture, CancellationToken cancel)
    {
        int b = await ByteAsync(cancel);
        if (b >= 0)
            picture.WriteByte((byte)b);
        return b;
    }

    private async ValueTask<int> ByteAsync(CancellationToken cancel)
    {
        if (at == end)
        {
            (at, end) = (0, await stream.ReadAsync(buffer, cancel));
            if (end == 0)
                return -1;
        }
        return buffer[at++];
    }
}
