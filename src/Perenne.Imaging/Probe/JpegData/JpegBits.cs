using System.Buffers.Binary;

namespace Perenne.Imaging;

/// <summary>
/// The entropy-coded bits of one restart interval, stuffing bytes removed, in windows: memory does not grow with the file. Behind the end come
/// ones, so that a walk never leaves the window; <see cref="IsOverrun"/> tells that it used them.
/// </summary>
internal sealed class JpegBits(ImageSource source)
{
    /// <summary>More than the bits of one block: 64 codes of 16 bits with amplitudes of 15.</summary>
    private const int BlockBytes = 256;

    private const int Window = 64 << 10;

    /// <summary>A lost page of a disk or of memory begins with many more; 85 coefficients of -1 in a row do not occur in pictures.</summary>
    private const int ZeroRun = 32;

    private static readonly byte[] Zeros = new byte[ZeroRun];

    private readonly byte[] data = new byte[Window + 2 * BlockBytes];
    private long at;
    private int position, length, count;
    private ulong bits;
    private bool ended;

    /// <summary>The offset of the marker that ends the interval, once it was reached.</summary>
    public long End => at;

    /// <summary>Somewhere before its end the interval has a long run of zeros.</summary>
    public bool HasZeroRun { get; private set; }

    public bool IsOverrun => ended && position - (count >> 3) > length;

    public void Start(long offset)
    {
        (at, position, length, count, bits, ended, HasZeroRun) = (offset, 0, 0, 0, 0, false, false);
        Load();
    }

    /// <summary>Whole bytes that nobody used, zeros aside (some cameras pad with them).</summary>
    public bool HasLeftOver()
    {
        if (!ended && length - position < BlockBytes)
            Load();
        int unread = position - (count >> 3);
        return !ended || (unread < length && data.AsSpan(unread, length - unread).ContainsAnyExcept((byte)0));
    }

    /// <summary>One block of a baseline scan; false where its bits make no sense.</summary>
    public bool SkipBlock(JpegHuffman dc, JpegHuffman ac)
    {
        Reserve();
        (ulong b, int n, int p) = (bits, count, position);
        Refill(ref b, ref n, ref p);
        int step = dc.Baseline(b);
        int k = 1;
        while (step != 0)
        {
            int used = step & 255;
            b <<= used;
            n -= used;
            if (n < 32)
                Refill(ref b, ref n, ref p);
            step = ac.Baseline(b);
            k += step >> 8;
            if (k < 64)
                continue;
            b <<= step & 255;
            n -= step & 255;
            break;
        }

        (bits, count, position) = (b, n, p);
        return step != 0 && (k == 64 || k >= JpegHuffman.EndOfBlock) && !IsOverrun;
    }

    /// <summary>The next code's symbol, or -1.</summary>
    public int Symbol(JpegHuffman table)
    {
        Reserve();
        Refill(ref bits, ref count, ref position);
        int code = table.Code(bits);
        Drop(code >> 8);
        return code == 0 ? -1 : code & 255;
    }

    /// <summary>Up to 16 bits as a number.</summary>
    public int Take(int number)
    {
        if (number == 0)
            return 0;
        Reserve();
        Refill(ref bits, ref count, ref position);
        int value = (int)(bits >> (64 - number));
        Drop(number);
        return value;
    }

    private void Drop(int number)
    {
        bits <<= number;
        count -= number;
    }

    private void Refill(ref ulong b, ref int n, ref int p)
    {
        b |= BinaryPrimitives.ReadUInt64BigEndian(data.AsSpan(p)) >> n;
        p += (63 - n) >> 3;
        n |= 56;
    }

    private void Reserve()
    {
        if (position <= length - BlockBytes)
            return;
        if (!ended)
            Load();
        else if (position > length + 8)
            position = length + 8; // Only ones from here on.
    }

    private void Load()
    {
        data.AsSpan(position, length - position).CopyTo(data);
        (length, position) = (length - position, 0);
        while (length < Window && !ended)
        {
            ReadOnlySpan<byte> piece = source.Peek(at, Math.Min(32_768, Window - length + 1));
            if (piece.Length < 2)
                throw ProbeException.Truncated("the JPEG picture data");
            int plain = piece.IndexOf((byte)0xFF);
            plain = plain < 0 ? piece.Length : plain;
            piece[..plain].CopyTo(data.AsSpan(length));
            length += plain;
            at += plain;
            if (plain >= piece.Length - 1)
                continue; // Nothing special, or its second byte lies in the next piece.
            if (piece[plain + 1] == 0)
            {
                data[length++] = 0xFF;
                at += 2;
            }
            else if (piece[plain + 1] == 0xFF)
                at++; // Fill byte before a marker.
            else
                ended = true;
        }

        int zeros = data.AsSpan(0, length).IndexOf(Zeros);
        HasZeroRun |= zeros >= 0 && data.AsSpan(zeros, length - zeros).ContainsAnyExcept((byte)0); // At the very end they are padding.
        if (ended)
            data.AsSpan(length, 2 * BlockBytes).Fill(0xFF);
    }
}
