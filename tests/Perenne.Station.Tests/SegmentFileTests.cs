using Parquet;
using Parquet.Serialization;
using Perenne.Contracts.Observations;
using Perenne.Station.Spool;

namespace Perenne.Station.Tests;

public class SegmentFileTests
{
    [Fact]
    public async Task A_segment_has_exactly_the_columns_that_hub_and_station_agreed_on()
    {
        await using ParquetReader reader = await ParquetReader.CreateAsync(new MemoryStream(await SegmentFile.WriteAsync([Rows.New(1)], 7)));
        Assert.Equal(ObservationColumns.All.Select(c => c.Name), reader.Schema.Fields.Select(f => f.Name));
        Assert.Equal("7", reader.CustomMetadata["perenne.segment"]);
    }

    [Fact]
    public async Task What_is_written_is_what_is_read_empty_lists_and_nulls_included()
    {
        Observation[] rows = [.. Enumerable.Range(0, 50).Select(i => Rows.New(i) with { Sequence = i + 1 })];
        byte[] parquet = await SegmentFile.WriteAsync(rows, 1);
        SegmentRow[] read = [.. (await ParquetSerializer.DeserializeAsync<SegmentRow>(new MemoryStream(parquet))).Data];
        Assert.Equal(rows.Length, read.Length);
        for (int i = 0; i < rows.Length; i++)
            Assert.Equivalent(SegmentRow.Of(rows[i]), read[i], strict: true);
    }

    [Fact]
    public async Task The_statistics_of_the_times_enclose_the_times_so_that_readers_may_skip_by_them()
    {
        Observation[] rows = [.. Enumerable.Range(0, 50).Select(i => Rows.New(i) with { Sequence = i + 1 })];
        await using ParquetReader reader = await ParquetReader.CreateAsync(new MemoryStream(await SegmentFile.WriteAsync(rows, 1)));
        var times = reader.Metadata!.RowGroups[0].Columns.Select(c => c.MetaData!).Single(c => string.Join(".", c.PathInSchema) == "captured_at");
        Assert.Equal(rows.Min(r => r.CapturedAt).ToUnixTimeMilliseconds(), BitConverter.ToInt64(times.Statistics!.MinValue!));
        Assert.Equal(rows.Max(r => r.CapturedAt).ToUnixTimeMilliseconds(), BitConverter.ToInt64(times.Statistics!.MaxValue!));
    }

    [Fact]
    public async Task The_same_observations_give_the_same_bytes() =>
        Assert.Equal(await SegmentFile.WriteAsync([Rows.New(1), Rows.New(2)], 3), await SegmentFile.WriteAsync([Rows.New(1), Rows.New(2)], 3));
}
