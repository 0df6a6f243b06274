using System.Buffers.Binary;
using System.IO.Hashing;

namespace Perenne.Hub.Annotate;

/// <summary>
/// The order of a campaign's slots as one number, so that "the next one" is one index scan:
/// 7 bits of inverted priority, 48 bits of place, 8 bits of slot. Lower comes first.
/// </summary>
internal static class QueueKey
{
    public const int MaxPriority = 127;
    public const int MaxSlot = 255;
    public const long MaxPlace = (1L << 48) - 1;

    public static long Of(int priority, long place, int slot)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)priority, (uint)MaxPriority, nameof(priority));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((ulong)place, (ulong)MaxPlace, nameof(place));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)slot, (uint)MaxSlot, nameof(slot));
        return ((long)(MaxPriority - priority) << 56) | (place << 8) | (long)slot;
    }

    public static int PriorityOf(long key) => MaxPriority - (int)(key >> 56);

    /// <summary>A number from 0 (inclusive) to 1 that depends on the campaign's seed and the image alone: overlap and samples never flip.</summary>
    public static double Draw(long seed, Guid image, string purpose) => Hash(seed, image, purpose) / (double)ulong.MaxValue is var draw && draw < 1 ? draw : 0;

    public static long RandomPlace(long seed, Guid image) => (long)(Hash(seed, image, "place") >> 16);

    private static ulong Hash(long seed, Guid image, string purpose)
    {
        Span<byte> bytes = stackalloc byte[24 + purpose.Length];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, seed);
        image.TryWriteBytes(bytes[8..], bigEndian: true, out _);
        for (int i = 0; i < purpose.Length; i++)
            bytes[24 + i] = (byte)purpose[i];
        return XxHash3.HashToUInt64(bytes);
    }
}
