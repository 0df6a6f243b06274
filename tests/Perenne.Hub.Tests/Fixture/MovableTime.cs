namespace Perenne.Hub.Tests;

/// <summary>The real clock plus what a test has skipped: ids stay ordered, and expiry can be waited for in no time.</summary>
internal sealed class MovableTime : TimeProvider
{
    private long skipped;

    public void Skip(TimeSpan time) => Interlocked.Add(ref skipped, time.Ticks);

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref skipped));
}
