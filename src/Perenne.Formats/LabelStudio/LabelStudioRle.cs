using System.Collections.Immutable;
using Perenne.Vision.Geometry;

namespace Perenne.Formats.LabelStudio;

/// <summary>
/// The run-length bytes of Label Studio's brush: a bit stream (thi.ng/rle-pack) of 32 bits for the number of values, 5 bits for the word
/// size, four times 4 bits for the run sizes; then records of a run flag, the size class, the run's length, and one value (run) or as many values.
/// The values are RGBA bytes row by row; a pixel is foreground where its alpha is over 127.
/// </summary>
internal static class LabelStudioRle
{
    /// <summary>Null where the stream is cut off or does not fit the size.</summary>
    public static RunLengthMask? Decode(ReadOnlySpan<byte> bytes, ImageSize size)
    {
        long expected = 4L * size.Width * size.Height;
        BitReader bits = new(bytes);
        // A record takes at least 20 bits and gives at most 65,536 values: a few bytes cannot ask for a huge bitmap.
        if (expected > int.MaxValue || expected > (8L * bytes.Length / 20 + 1) * 65536 || bits.Take(32) != expected)
            return null;
        int wordSize = (int)bits.Take(5) + 1;
        Span<int> sizes = stackalloc int[4];
        foreach (ref int s in sizes)
            s = (int)bits.Take(4) + 1;
        byte[] alpha = new byte[size.Width * size.Height];
        for (long at = 0; at < expected;)
        {
            bool repeated = bits.Take(1) == 1;
            long count = (long)bits.Take(sizes[(int)bits.Take(2)]) + 1;
            if (bits.Overrun || at + count > expected)
                return null;
            uint value = repeated ? bits.Take(wordSize) : 0;
            for (long end = at + count; at < end; at++)
            {
                if (!repeated)
                    value = bits.Take(wordSize);
                if ((at & 3) == 3)
                    alpha[at >> 2] = value > 127 ? (byte)1 : (byte)0;
            }
        }
        return bits.Overrun ? null : MaskBitmap.Encode(alpha, size.Width, size.Height);
    }

    /// <summary>The bytes of a mask: white foreground, transparent background.</summary>
    public static byte[] Encode(RunLengthMask mask)
    {
        byte[] pixels = MaskBitmap.Decode(mask);
        BitWriter bits = new();
        bits.Put((uint)(4L * mask.Width * mask.Height), 32);
        bits.Put(7, 5);
        foreach (uint sizeClass in (uint[])[2, 3, 7, 15])
            bits.Put(sizeClass, 4);
        long run = 0;
        int current = -1;
        void End()
        {
            for (long left = run * 4; left > 0; left -= Math.Min(left, 65536))
            {
                bits.Put(1, 1);
                bits.Put(3, 2);
                bits.Put((uint)(Math.Min(left, 65536) - 1), 16);
                bits.Put(current == 1 ? 255u : 0u, 8);
            }
        }
        foreach (byte value in pixels)
        {
            if (value != current)
            {
                End();
                (run, current) = (0, value);
            }
            run++;
        }
        End();
        return bits.ToArray();
    }

    private ref struct BitReader(ReadOnlySpan<byte> bytes)
    {
        private readonly ReadOnlySpan<byte> _bytes = bytes;
        private long _at;

        public bool Overrun { get; private set; }

        public uint Take(int count)
        {
            uint value = 0;
            for (int i = 0; i < count; i++, _at++)
            {
                Overrun |= _at >= 8L * _bytes.Length;
                value = value << 1 | (Overrun ? 0u : (uint)(_bytes[(int)(_at >> 3)] >> (int)(7 - (_at & 7)) & 1));
            }
            return value;
        }
    }

    private sealed class BitWriter
    {
        private readonly List<byte> _bytes = [];
        private int _bits;

        public void Put(uint value, int count)
        {
            for (int i = count - 1; i >= 0; i--, _bits++)
            {
                if ((_bits & 7) == 0)
                    _bytes.Add(0);
                _bytes[^1] |= (byte)((value >> i & 1) << 7 - (_bits & 7));
            }
        }

        public byte[] ToArray() => [.. _bytes];
    }
}
