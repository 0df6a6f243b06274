using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Perenne.Vision.Geometry;

/// <summary>The compressed text COCO stores masks in: each run is a little-endian base-32 number with a sign bit, one printable character (from '0') per 5 bits; from the fourth run on, the difference to the run two before.</summary>
/// <remarks>Source: the mask format of the COCO API, <c>maskApi.c</c>, "rleToString".</remarks>
public static class MaskString
{
    private const int Offset = 48;
    private const int ContinueBit = 0x20;
    private const int SignBit = 0x10;

    /// <summary>The compressed text of a mask, as pycocotools writes it.</summary>
    public static string Encode(RunLengthMask mask)
    {
        ReadOnlySpan<uint> counts = mask.Counts.AsSpan();
        var text = new System.Text.StringBuilder(counts.Length * 2);
        for (int i = 0; i < counts.Length; i++)
        {
            long value = i > 2 ? (long)counts[i] - counts[i - 2] : counts[i];
            bool more = true;
            while (more)
            {
                int digit = (int)(value & 0x1f);
                value >>= 5;
                more = (digit & SignBit) != 0 ? value != -1 : value != 0;
                text.Append((char)((more ? digit | ContinueBit : digit) + Offset));
            }
        }
        return text.ToString();
    }

    /// <summary>Reads the compressed text of a mask of this size.</summary>
    /// <exception cref="FormatException">A character is outside the alphabet, a number is cut off or out of range, or the runs do not sum to width × height.</exception>
    public static RunLengthMask Decode(ReadOnlySpan<char> text, int width, int height)
    {
        var counts = new List<uint>(text.Length);
        int position = 0;
        while (position < text.Length)
        {
            long value = ReadNumber(text, ref position);
            if (counts.Count > 2)
                value += counts[^2];
            if (value is < 0 or > uint.MaxValue)
                throw new FormatException($"Run {counts.Count} of the compressed mask is {value}; a run length is between 0 and {uint.MaxValue}.");
            counts.Add((uint)value);
        }
        return new RunLengthMask(width, height, ImmutableCollectionsMarshal.AsImmutableArray(counts.ToArray()));
    }

    private static long ReadNumber(ReadOnlySpan<char> text, ref int position)
    {
        long value = 0;
        for (int shift = 0; ; shift += 5)
        {
            if (position == text.Length)
                throw new FormatException("The compressed mask ends in the middle of a number; it was cut off.");
            if (shift > 35)
                throw new FormatException($"The number that ends at character {position} of the compressed mask is too long.");
            int digit = text[position++] - Offset;
            if (digit is < 0 or > 0x3f)
                throw new FormatException($"Character {position - 1} of the compressed mask is '{text[position - 1]}'; expected one between '0' and 'o'.");
            value |= (long)(digit & 0x1f) << shift;
            if ((digit & ContinueBit) != 0)
                continue;
            return (digit & SignBit) != 0 ? value | (-1L << (shift + 5)) : value;
        }
    }
}
