using System.Globalization;
using Perenne.Contracts.Observations;

namespace Perenne.Station.Spool;

/// <param name="Number">Number of the segment, from 1, without gaps.</param>
internal sealed record WaitingSegment(long Number, string Path, long Bytes);

/// <summary>
/// Observations on their way to the hub: appended to a journal, closed into numbered Parquet segments, deleted when the hub has them.
/// At every moment each observation is in exactly one of journal, segment or hub, whatever is killed when:
/// the next journal exists before a segment is made, the segment has its final name before its journal goes.
/// </summary>
internal sealed class ObservationSpool : IDisposable
{
    private readonly string folder;
    private readonly SpoolOptions options;
    private readonly TimeProvider time;
    private readonly SemaphoreSlim gate = new(1);
    private Journal journal;
    private DateTimeOffset? firstAppend;

    private ObservationSpool(string folder, SpoolOptions options, TimeProvider time, Journal journal, long last) =>
        (this.folder, this.options, this.time, this.journal, LastSequence) = (folder, options, time, journal, last);

    /// <summary>Number of the last observation that is safe.</summary>
    public long LastSequence { get; private set; }

    /// <summary>Called at points between which a crash is interesting; tests kill there.</summary>
    internal Action<string> Checkpoint { get; set; } = _ => { };

    /// <summary>Repairs what a crash left and goes on.</summary>
    public static async Task<ObservationSpool> OpenAsync(string folder, SpoolOptions options, TimeProvider time)
    {
        Directory.CreateDirectory(folder);
        foreach (string torn in Directory.GetFiles(folder, "*.tmp"))
            File.Delete(torn);
        string[] journals = [.. Directory.GetFiles(folder, "journal-*.log").Order(StringComparer.Ordinal)];
        if (journals.Length == 0)
            journals = [Path.Combine(folder, Journal.NameOf(1, 1))];
        foreach (string older in journals[..^1])
        {
            using Journal closed = Journal.Open(older);
            try
            {
                await CloseAsync(folder, closed, options.CopyTo, _ => { });
            }
            catch (IOException)
            {
                // A full disk must not keep a station from starting: CloseLeftAsync tries again.
            }
        }
        Journal current = Journal.Open(journals[^1]);
        ObservationSpool spool = new(folder, options, time, current, Journal.ParseName(current.Path).FirstSequence - 1 + current.Rows.Count);
        spool.firstAppend = current.Rows.Count > 0 ? time.GetUtcNow() : null;
        return spool;
    }

    /// <summary>Numbers the observations and keeps them; when it returns they survive a power cut. Throws <see cref="IOException"/> when the disk is full: none is kept then.</summary>
    public async Task<IReadOnlyList<Observation>> AppendAsync(IReadOnlyList<Observation> observations, CancellationToken cancel = default)
    {
        await gate.WaitAsync(cancel);
        try
        {
            Observation[] numbered = [.. observations.Select((o, i) => o with { Sequence = LastSequence + 1 + i })];
            journal.Append(numbered);
            LastSequence += numbered.Length;
            firstAppend ??= time.GetUtcNow();
            if (journal.Rows.Count >= options.SegmentRows)
                await RollAsync();
            return numbered;
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Closes the segment when it is old enough, or now.</summary>
    public async Task CloseSegmentAsync(bool now = false)
    {
        await gate.WaitAsync();
        try
        {
            if (journal.Rows.Count > 0 && (now || time.GetUtcNow() - firstAppend >= TimeSpan.FromSeconds(options.SegmentSeconds)))
                await RollAsync();
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Closed segments, oldest first. One whose journal is still there is not ready: were it delivered and deleted before a crash, its journal would make it again.</summary>
    public IReadOnlyList<WaitingSegment> Waiting()
    {
        HashSet<long> open = [.. Directory.GetFiles(folder, "journal-*.log").Select(p => Journal.ParseName(p).Segment)];
        return [.. new DirectoryInfo(folder).GetFiles("segment-*.parquet").OrderBy(f => f.Name, StringComparer.Ordinal)
            .Select(f => new WaitingSegment(long.Parse(Path.GetFileNameWithoutExtension(f.Name)["segment-".Length..], CultureInfo.InvariantCulture), f.FullName, f.Length))
            .Where(w => !open.Contains(w.Number))];
    }

    /// <summary>The hub has it.</summary>
    public static void Delivered(WaitingSegment segment) => DurableFile.Delete(segment.Path);

    public void Dispose()
    {
        journal.Dispose();
        gate.Dispose();
    }

    private async Task RollAsync()
    {
        // A full disk may stop us after the observations are safe: then the journal just grows, and the next append tries again.
        string path = Path.Combine(folder, Journal.NameOf(journal.Segment + 1, LastSequence + 1));
        Journal next, full = journal;
        try
        {
            next = Journal.Open(path);
        }
        catch (IOException)
        {
            return;
        }
        Checkpoint("next journal");
        (journal, firstAppend) = (next, null);
        using (full)
        {
            try
            {
                await CloseAsync(folder, full, options.CopyTo, Checkpoint);
            }
            catch (IOException)
            {
                // The full journal stays; the next start, or the next call of CloseLeftAsync, makes its segment.
            }
        }
    }

    /// <summary>Makes the segments of journals that a full disk left behind.</summary>
    public async Task CloseLeftAsync()
    {
        await gate.WaitAsync();
        try
        {
            foreach (string path in Directory.GetFiles(folder, "journal-*.log").Where(p => p != journal.Path).Order(StringComparer.Ordinal))
            {
                using Journal left = Journal.Open(path);
                await CloseAsync(folder, left, options.CopyTo, Checkpoint);
            }
        }
        finally
        {
            gate.Release();
        }
    }

    private static async Task CloseAsync(string folder, Journal full, string? copyTo, Action<string> checkpoint)
    {
        string path = Path.Combine(folder, $"segment-{full.Segment:D12}.parquet");
        if (!File.Exists(path) && full.Rows.Count > 0)
        {
            byte[] parquet = await SegmentFile.WriteAsync(full.Rows, full.Segment);
            checkpoint("segment made");
            DurableFile.Write(path, parquet);
        }
        checkpoint("segment named");
        if (copyTo is not null && File.Exists(path))
            SegmentFile.Copy(path, copyTo);
        DurableFile.Delete(full.Path);
        checkpoint("journal gone");
    }
}
