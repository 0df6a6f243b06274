using System.Globalization;
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
        await ParquetSerializer.SerializeAsync(rows.Select(SegmentRow.Of), stream, new ParquetOptions { CompressionMethod = CompressionMethod.Zstd }, facts, cancel);
        return stream.ToArray();
    }

    /// <summary>Observations in a segment.</summary>
    public static async Task<int> RowsOfAsync(string path)
    {
        await using FileStream file = File.OpenRead(path);
        await using ParquetReader reader = await ParquetReader.CreateAsync(file);
        return (int)(reader.Metadata?.NumRows ?? 0);
    }
}
