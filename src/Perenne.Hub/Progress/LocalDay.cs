namespace Perenne.Hub.Progress;

/// <summary>Calendar days in an organization's time zone.</summary>
internal static class LocalDay
{
    public static DateOnly Of(DateTimeOffset at, string zone) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, Zone(zone)).DateTime);

    /// <summary>The instant at which the day of <paramref name="at"/> began there.</summary>
    public static DateTimeOffset Midnight(DateTimeOffset at, string zone)
    {
        TimeZoneInfo info = Zone(zone);
        DateTime local = TimeZoneInfo.ConvertTime(at, info).Date;
        return new DateTimeOffset(local, info.GetUtcOffset(local)).ToUniversalTime();
    }

    private static TimeZoneInfo Zone(string zone) => TimeZoneInfo.TryFindSystemTimeZoneById(zone, out TimeZoneInfo? found) ? found : TimeZoneInfo.Utc;
}
