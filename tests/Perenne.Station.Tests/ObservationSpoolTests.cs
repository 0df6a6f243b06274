using Parquet.Serialization;
using Perenne.Station.Spool;

namespace Perenne.Station.Tests;

public sealed class ObservationSpoolTests : IDisposable
{
    private readonly TempFolder temp = new();

    public void Dispose() => temp.Dispose();

    [Fact]
    public async Task Observations_are_numbered_without_gaps_over_restarts()
    {
        for (int life = 0; life < 4; life++)
        {
            using ObservationSpool spool = await OpenAsync(rows: 5);
            for (int i = 0; i < 3; i++)
                Assert.Equal(3 * life + i + 1, (await spool.AppendAsync([Rows.New(i)]))[0].Sequence);
        }
        Assert.Equal(Enumerable.Range(1, 12).Select(i => (long)i), await EverythingAsync());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(20)]
    public async Task A_record_that_a_power_cut_tore_is_cut_off_and_the_number_is_given_again(int bytesLeft)
    {
        using (ObservationSpool spool = await OpenAsync())
            await spool.AppendAsync([Rows.New(1), Rows.New(2)]);
        string journal = Assert.Single(Directory.GetFiles(temp.Path, "journal-*"));
        using (FileStream file = new(journal, FileMode.Append))
        {
            byte[] torn = new byte[bytesLeft];
            torn.AsSpan().Fill(9);
            file.Write(torn);
        }
        using (ObservationSpool spool = await OpenAsync())
            Assert.Equal(3, (await spool.AppendAsync([Rows.New(3)]))[0].Sequence);
        Assert.Equal([1, 2, 3], await EverythingAsync());
    }

    [Theory]
    [InlineData("next journal")]
    [InlineData("segment made")]
    [InlineData("segment named")]
    [InlineData("journal gone")]
    public async Task A_crash_while_a_segment_is_closed_neither_loses_nor_doubles_an_observation(string where)
    {
        for (int life = 0; life < 5; life++)
        {
            ObservationSpool spool = await OpenAsync(rows: 3);
            spool.Checkpoint = at => { if (at == where) throw new InvalidOperationException("killed"); };
            await spool.AppendAsync([Rows.New(1)]);
            await spool.AppendAsync([Rows.New(2)]);
            // The third closes the segment; its observation is safe although the process dies before the answer.
            await Assert.ThrowsAsync<InvalidOperationException>(() => spool.AppendAsync([Rows.New(3)]));
            spool.Dispose();
        }
        Assert.Equal(Enumerable.Range(1, 15).Select(i => (long)i), await EverythingAsync());
    }

    [Fact]
    public async Task A_segment_waits_for_the_hub_only_after_its_journal_is_gone()
    {
        ObservationSpool spool = await OpenAsync(rows: 1);
        int seen = -1;
        spool.Checkpoint = at => { if (at == "segment named") seen = spool.Waiting().Count; };
        await spool.AppendAsync([Rows.New(1)]);
        Assert.Equal((0, 1), (seen, spool.Waiting().Count));
        spool.Dispose();
    }

    [Fact]
    public async Task Images_go_first_and_observations_only_above_their_own_limit_and_all_is_counted()
    {
        SpoolOptions options = new() { SegmentRows = 10, MaxBytes = 30_000, MaxSegmentBytes = 12_000 };
        using ObservationSpool spool = await ObservationSpool.OpenAsync(temp["observations"], options, TimeProvider.System);
        ImageSpool images = new(temp["images"]);
        SpoolBounds bounds = new(temp.Path, options, spool, images);
        for (int i = 0; i < 10; i++)
            images.Add(Image(i), new byte[5000]);
        await bounds.EnforceAsync();
        Assert.True(bounds.Bytes <= 30_000);
        Assert.Equal(["7", "8", "9"], images.Waiting().TakeLast(3).Select(w => w.Facts.Camera));
        Assert.Equal((10 - images.Count, 0L), ((int)bounds.Counted.Images, bounds.Counted.Observations));
        for (int i = 0; i < 100; i++)
            await spool.AppendAsync([Rows.New(i)]);
        long first = spool.Waiting()[0].Number;
        await bounds.EnforceAsync();
        Assert.True(spool.Waiting().Sum(w => w.Bytes) <= 12_000);
        Assert.True(spool.Waiting()[0].Number > first);
        Assert.Equal(10 * (10 - spool.Waiting().Count), new SpoolBounds(temp.Path, options, spool, images).Counted.Observations);
    }

    [Fact]
    public void An_image_without_facts_is_what_a_crash_left_and_disappears()
    {
        ImageSpool images = new(temp["images"]);
        images.Add(Image(1), [1, 2, 3]);
        File.WriteAllBytes(Path.Combine(temp["images"], "000000000009.image"), [1]);
        File.WriteAllBytes(Path.Combine(temp["images"], "000000000010.image.tmp"), [1]);
        ImageSpool again = new(temp["images"]);
        Assert.Equal("1", Assert.Single(again.Waiting()).Facts.Camera);
        Assert.Equal(2, Directory.GetFiles(temp["images"]).Length);
    }

    private static SampledImage Image(int i) => new() { Sha256 = new string('a', 64), Reason = "audit", Camera = $"{i}", CapturedAt = DateTimeOffset.UnixEpoch, ObservationId = Guid.Empty };

    private Task<ObservationSpool> OpenAsync(int rows = 100) => ObservationSpool.OpenAsync(temp.Path, new SpoolOptions { SegmentRows = rows }, TimeProvider.System);

    private async Task<List<long>> EverythingAsync()
    {
        using ObservationSpool spool = await OpenAsync();
        await spool.CloseSegmentAsync(now: true);
        List<long> all = [];
        foreach (WaitingSegment segment in spool.Waiting())
            foreach (SegmentRow row in (await ParquetSerializer.DeserializeAsync<SegmentRow>(segment.Path)).Data)
                all.Add(row.Sequence);
        return all;
    }
}
