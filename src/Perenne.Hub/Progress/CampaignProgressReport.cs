using Perenne.Hub.Annotate;

namespace Perenne.Hub.Progress;

/// <param name="People">Who submitted or skipped something that day.</param>
internal sealed record ProgressDay(DateOnly Day, int Submitted, int Skipped, int Accepted, int Fixed, int Rejected, double ActiveMinutes, int People);

/// <param name="PerDay">Answers a calendar day, over the last week.</param>
/// <param name="Acceptance">Share of reviewed answers that were accepted as they were; null before the first review.</param>
/// <param name="MedianSeconds">Median active time of an answer.</param>
/// <param name="Agreement">F1 with others who answered the same images.</param>
/// <param name="Gold">F1 against known answers.</param>
/// <param name="Blocked">Why the person gets no task at the moment; null: they get one.</param>
internal sealed record PersonProgress(
    Guid PersonId, string Name, IReadOnlyList<string> Teams, bool InPool, int Today, double PerDay, int Submitted, int Skipped, int Accepted, int Fixed, int Rejected,
    double? Acceptance, double? MedianSeconds, double? Agreement, double? Gold, Blockage? Blocked);

internal enum Blockage
{
    Paused,
    QuotaReached,
    CampaignNotRunning,

    /// <summary>What is free is not for them: answered already, reserved, or of another skill.</summary>
    NothingForThem,
}

internal sealed record TeamProgress(string Name, int People, double PerDay, int Submitted, int Skipped);

internal sealed record SkipCount(DateOnly Day, SkipReason Reason, int Images);

internal sealed record PersonDay(Guid PersonId, DateOnly Day, int Submitted, int Skipped, double ActiveMinutes);

internal sealed record ProgressReport(
    CampaignRow Campaign, DateOnly Today, Forecast Forecast, double? MedianSeconds, double? Acceptance, double? Agreement,
    IReadOnlyList<ProgressDay> Days, IReadOnlyList<PersonProgress> People, IReadOnlyList<TeamProgress> Teams, IReadOnlyList<SkipCount> Skips, IReadOnlyList<PersonDay> PersonDays);
