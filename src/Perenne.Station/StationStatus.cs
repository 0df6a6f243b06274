using System.Collections.Concurrent;
using System.Threading.Channels;
using Perenne.Contracts.Observations;
using Perenne.Contracts.Stations;
using Perenne.Station.Judge;

namespace Perenne.Station;

/// <summary>What screen, heartbeat and outputs want to know: the last frames, counters of the shift, cameras, the last trouble.</summary>
internal sealed class StationStatus(TimeProvider time)
{
    /// <summary>Frames kept for the buttons: an operator judges what was seen in the last minutes.</summary>
    private const int Recent = 60;
    private const int LongestTrouble = 1000;
    private readonly Lock gate = new();
    private readonly LinkedList<Judged> recent = new();
    private readonly ConcurrentDictionary<string, CameraState> cameras = new();
    private readonly ConcurrentDictionary<Channel<Judged>, byte> listeners = new();
    private string? trouble;

    public DateTimeOffset StartedAt { get; } = time.GetUtcNow();
    public DateTimeOffset ShiftStart { get; private set; } = time.GetUtcNow();
    public long Ok { get; private set; }
    public long NotOk { get; private set; }
    public long CannotJudge { get; private set; }
    public bool HubReached { get; set; }

    public IReadOnlyCollection<CameraState> Cameras => [.. cameras.Values];

    public void FrameCame(string camera) =>
        cameras.AddOrUpdate(camera, c => new CameraState(c, true, time.GetUtcNow(), 1), (_, s) => s with { Connected = true, LastFrameAt = time.GetUtcNow(), Frames = s.Frames + 1 });

    public void Connection(string camera, bool connected) =>
        cameras.AddOrUpdate(camera, c => new CameraState(c, connected, null, 0), (_, s) => s with { Connected = connected });

    public void Judged(Judged judged)
    {
        lock (gate)
        {
            recent.AddFirst(judged);
            if (recent.Count > Recent)
                recent.RemoveLast();
            switch (judged.Observation.Verdict)
            {
                case Verdict.Ok: Ok++; break;
                case Verdict.NotOk: NotOk++; break;
                default: CannotJudge++; break;
            }
        }
        foreach (Channel<Judged> listener in listeners.Keys)
            listener.Writer.TryWrite(judged);
    }

    public Judged? Last() => Recently(null) is [{ } last, ..] ? last : null;

    /// <summary>The last frames of one camera or of all, newest first.</summary>
    public IReadOnlyList<Judged> Recently(string? camera)
    {
        lock (gate)
            return [.. recent.Where(j => camera is null || j.Observation.Camera == camera)];
    }

    public Judged? Find(Guid observation)
    {
        lock (gate)
            return recent.FirstOrDefault(j => j.Observation.Id == observation);
    }

    public void NewShift()
    {
        lock (gate)
            (Ok, NotOk, CannotJudge, ShiftStart) = (0, 0, 0, time.GetUtcNow());
    }

    /// <summary>Verdicts from now on. A listener that does not keep up loses the oldest ones: a screen shows the newest.</summary>
    public ChannelReader<Judged> Listen(int depth, CancellationToken until)
    {
        Channel<Judged> channel = Channel.CreateBounded<Judged>(new BoundedChannelOptions(depth) { FullMode = BoundedChannelFullMode.DropOldest });
        listeners[channel] = 0;
        until.Register(() =>
        {
            listeners.TryRemove(channel, out _);
            channel.Writer.TryComplete();
        });
        return channel.Reader;
    }

    /// <summary>The last trouble goes out with the next heartbeat, which takes sentences, not logs.</summary>
    public void Trouble(string sentence) => Volatile.Write(ref trouble, sentence.Length <= LongestTrouble ? sentence : sentence[..LongestTrouble]);

    public string? TakeTrouble() => Interlocked.Exchange(ref trouble, null);

    /// <summary>The heartbeat that took it did not arrive: the next one takes it again, unless there is newer trouble.</summary>
    public void GiveBack(string sentence) => Interlocked.CompareExchange(ref trouble, sentence, null);

    public string? CurrentTrouble => Volatile.Read(ref trouble);
}
