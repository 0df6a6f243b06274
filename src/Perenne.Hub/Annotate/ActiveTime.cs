namespace Perenne.Hub.Annotate;

/// <summary>Active time as the canvas measured it, held to what the clock allows.</summary>
internal static class ActiveTime
{
    private const long OfflineAllowance = 8L * 60 * 60 * 1000;

    /// <summary>Milliseconds to add: never negative, never more than has passed since the lease was last touched (or a working day, for work done offline).</summary>
    public static long Of(long claimed, Assignment assignment, DateTimeOffset now)
    {
        long passed = assignment.LeasedAt is { } since ? (long)(now - since).TotalMilliseconds + 60_000 : OfflineAllowance;
        return Math.Clamp(claimed, 0, Math.Min(Math.Max(passed, 0), OfflineAllowance));
    }
}
