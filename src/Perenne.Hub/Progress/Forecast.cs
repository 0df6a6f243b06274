namespace Perenne.Hub.Progress;

/// <param name="PerDay">Images finished a calendar day, over the last days.</param>
/// <param name="DoneOn">When the target is reached at this pace; null while there is no pace.</param>
/// <param name="NeededPerDay">Pace that reaches the target on its date; null without a date.</param>
internal sealed record Forecast(double PerDay, DateOnly? DoneOn, double? NeededPerDay)
{
    /// <summary>Days looked back on: a week holds the weekend.</summary>
    public const int Window = 7;

    /// <param name="answers">Answers submitted (less those rejected) on each day of the window.</param>
    /// <param name="answersPerImage">At least 1; more with overlap.</param>
    public static Forecast Of(DateOnly today, IReadOnlyDictionary<DateOnly, int> answers, double answersPerImage, int done, int target, DateOnly? due)
    {
        List<DateOnly> worked = [.. answers.Where(a => a.Value > 0 && a.Key <= today && a.Key > today.AddDays(-Window)).Select(a => a.Key)];
        int days = worked.Count == 0 ? 1 : today.DayNumber - worked.Min().DayNumber + 1;
        double perDay = worked.Sum(day => answers[day]) / Math.Max(1, answersPerImage) / days;
        int left = Math.Max(0, target - done);
        DateOnly? doneOn = left == 0 ? today : perDay <= 0 || left / perDay > 36_500 ? null : today.AddDays((int)Math.Ceiling(left / perDay));
        double? needed = due is { } date ? (double)left / Math.Max(1, date.DayNumber - today.DayNumber + 1) : null;
        return new(perDay, doneOn, needed);
    }
}
