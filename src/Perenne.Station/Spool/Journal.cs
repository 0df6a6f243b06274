using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text.Json;
using Perenne.Contracts;
using Perenne.Contracts.Observations;

namespace Perenne.Station.Spool;

/// <summary>
/// The observations of the segment that is being filled: one file, records of length, checksum and JSON. What <see cref="Append"/>
/// returned from is on the disk; a record that a crash tore has never been promised to anybody and is cut off at the next start.
/// </summary>
internal sealed class Journal : IDisposable
{
    private const int MaxRecord = 16 << 20;
    private readonly FileStream file;

    private Journal(string path, FileStream file, long segment, List<Observation> rows)
    {
        (Path, this.file, Segment, Rows) = (path, file, segment, rows);
        Length = file.Length;
    }

    public string Path { get; }
    public long Segment { get; }
    public List<Observation> Rows { get; }

    /// <summary>Bytes of whole records.</summary>
    public long Length { get; private set; }

    public static string NameOf(long segment, long firstSequence) => $"journal-{segment:D12}-{firstSequence:D15}.log";

    public static (long Segment, long FirstSequence) ParseName(string path)
    {
        string[] parts = System.IO.Path.GetFileNameWithoutExtension(path).Split('-');
        return (long.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture), long.Parse(parts[2], System.Globalization.CultureInfo.InvariantCulture));
    }

    public static Journal Open(string path)
    {
        bool isNew = !File.Exists(path);
        FileStream file = new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, 1);
        try
        {
            (List<Observation> rows, long good) = Read(file);
            if (good < file.Length)
            {
                file.SetLength(good);
                file.Flush(flushToDisk: true);
            }
            file.Position = good;
            if (isNew)
                DurableFile.SyncFolder(System.IO.Path.GetDirectoryName(path)!);
            return new Journal(path, file, ParseName(path).Segment, rows);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Durable when it returns. When it throws (disk full) nothing was added.</summary>
    public void Append(IReadOnlyList<Observation> observations)
    {
        using MemoryStream records = new();
        Span<byte> head = stackalloc byte[8];
        foreach (Observation observation in observations)
        {
            byte[] json = JsonSerializer.SerializeToUtf8Bytes(observation, ContractJson.Options);
            BinaryPrimitives.WriteInt32LittleEndian(head, json.Length);
            BinaryPrimitives.WriteUInt32LittleEndian(head[4..], Crc32.HashToUInt32(json));
            records.Write(head);
            records.Write(json);
        }
        try
        {
            file.Position = Length;
            file.Write(records.GetBuffer(), 0, (int)records.Length);
            file.Flush(flushToDisk: true);
        }
        catch (Exception e) when (e is IOException or ArgumentOutOfRangeException)
        {
            // Half a record must not stand in the way of the next one.
            file.SetLength(Length);
            file.Position = Length;
            // .NET makes ArgumentOutOfRangeException of EFBIG, a file that may not grow.
            throw e as IOException ?? new IOException($"{Path} may not grow: {e.Message}", e);
        }
        Length += records.Length;
        Rows.AddRange(observations);
    }

    public void Dispose() => file.Dispose();

    private static (List<Observation> Rows, long Good) Read(FileStream file)
    {
        List<Observation> rows = [];
        long good = 0;
        byte[] head = new byte[8];
        file.Position = 0;
        while (file.ReadAtLeast(head, 8, throwOnEndOfStream: false) == 8)
        {
            int length = BinaryPrimitives.ReadInt32LittleEndian(head);
            if (length is < 2 or > MaxRecord || length > file.Length - good - 8)
                break;
            byte[] json = new byte[length];
            file.ReadExactly(json);
            if (Crc32.HashToUInt32(json) != BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(4)))
                break;
            rows.Add(JsonSerializer.Deserialize<Observation>(json, ContractJson.Options)!);
            good += 8 + length;
        }
        return (rows, good);
    }
}
