using System.Buffers;
using System.Security.Cryptography;

namespace Perenne.Imaging;

/// <param name="Sha256">64 lower-case hex digits.</param>
public readonly record struct ContentHash(string Sha256, long Bytes)
{
    /// <summary>Copies a stream to its destination and hashes it in the same pass.</summary>
    /// <exception cref="InvalidDataException">The stream is longer than <paramref name="maxBytes"/>; the destination then holds a part that must be discarded.</exception>
    public static async Task<ContentHash> CopyAsync(Stream from, Stream to, long maxBytes = long.MaxValue, CancellationToken stop = default)
    {
        using IncrementalHash sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(128 * 1024);
        try
        {
            long total = 0;
            for (int read; (read = await from.ReadAsync(buffer, stop)) > 0;)
            {
                total += read;
                if (total > maxBytes)
                    throw new InvalidDataException($"The file is longer than {maxBytes:N0} bytes. Compress or crop it.");
                sha.AppendData(buffer, 0, read);
                await to.WriteAsync(buffer.AsMemory(0, read), stop);
            }
            return new ContentHash(Convert.ToHexStringLower(sha.GetHashAndReset()), total);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public static ContentHash Of(ReadOnlySpan<byte> bytes) => new(Convert.ToHexStringLower(SHA256.HashData(bytes)), bytes.Length);
}
