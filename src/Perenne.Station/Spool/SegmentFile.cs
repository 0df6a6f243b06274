using System.Globalization;
using System.IO.Compression;
using Parquet;
using Parquet.Serialization;
using Perenne.Contracts.Observations;

namespace Perenne.Station.Spool;

/// <summary>Observations as a Parquet file.</summary>
internal static class SegmentFile
{
    public static async Task<byte[]> WriteAsync(IReadOnlyList<Observation> rows, long number, CancellationToken cancel = default)
    {
        using MemoryStream stream = new();
        Dictionary<string, string> facts = new() { ["perenne.format"] = "perenne-observations/1", ["perenne.segment"] = number.ToString(CultureInfo.InvariantCulture) };
        // The library's default is Zstandard's slowest level: nine tenths of the time for a few per cent of the bytes.
        await ParquetSerializer.SerializeAsync(rows.Select(SegmentRow.Of), stream, new ParquetOptions { CompressionMethod = CompressionMethod.Zstd, CompressionLevel = CompressionLevel.Fastest }, facts, cancel);
        return stream.ToArray();
    }

    /// <summary>A help for the plant, not a need: a folder that cannot be written holds nothing up.</summary>
    public static void Copy(string path, string folder)
    {
        string copy = Path.Combine(folder, Path.GetFileName(path));
        try
        {
            Directory.CreateDirectory(folder);
            File.Copy(path, copy + ".tmp", overwrite: true);
            File.Move(copy + ".tmp", copy, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException)
        {
            // The segment itself is safe in the spool.
        }
    }

    /// <summary>Observations in a segment.</summary>
    public static async Task<int> RowsOfAsync(string path)
    {
        await using FileStream file = File.OpenRead(path);
        await using ParquetReader reader = await ParquetReader.CreateAsync(file);
        return (int)(reader.Metadata?.NumRows ?? 0);
    }
}
