using Perenne.Hub.Agree;
using Perenne.Hub.Annotate;

namespace Perenne.Hub.Progress;

/// <summary>The counters of one campaign, and the report they make: pure.</summary>
internal sealed class ProgressFacts
{
    public required Campaign Campaign { get; init; }

    public required DateOnly Today { get; init; }

    public required DateOnly From { get; init; }

    public required CampaignTotals Totals { get; init; }

    public required List<CampaignDay> Days { get; init; }

    public required List<CampaignSkip> Skips { get; init; }

    public required List<CampaignPace> Paces { get; init; }

    public required List<AgreementTotal> Pairs { get; init; }

    public required Dictionary<Guid, (int Answers, double F1)> Gold { get; init; }

    public required List<PoolPerson> Pool { get; init; }

    public Dictionary<Guid, string> Names { get; set; } = [];

    public Dictionary<Guid, Blockage> Blocked { get; set; } = [];

    private ILookup<Guid, CampaignDay> ByPerson => byPerson ??= Days.ToLookup(d => d.PersonId);

    private ILookup<Guid, CampaignDay>? byPerson;

    /// <summary>Images submitted or skipped today.</summary>
    public int DoneToday(Guid person) => ByPerson[person].Where(d => d.Day == Today).Sum(d => d.Submitted + d.Skipped);

    public ProgressReport Report()
    {
        CampaignRow row = new(Campaign.Id, Campaign.OrganizationId, Campaign.ProjectId, Campaign.Name, Campaign.State, Campaign.Target, Campaign.DueOn, Campaign.CreatedAt, Totals);
        List<PersonProgress> people = [.. Names.Select(n => Person(n.Key, n.Value)).OrderBy(p => p.Name, StringComparer.CurrentCultureIgnoreCase)];
        return new(
            row, Today, Forecast.Of(Today, Answers(), PerImage, Totals.Done, Campaign.Target, Campaign.DueOn),
            PaceSteps.Median(Paces.Select(p => (p.Step, p.Answers))), Acceptance(Days), F1(Pairs),
            [.. Enumerable.Range(0, Today.DayNumber - From.DayNumber + 1).Select(i => Day(From.AddDays(i)))],
            people, [.. Teams(people)], [.. Skips.Select(s => new SkipCount(s.Day, s.Reason, s.Images))],
            [.. Days.Where(d => d.Day >= From).OrderBy(d => d.Day).Select(d => new PersonDay(d.PersonId, d.Day, d.Submitted, d.Skipped, Minutes(d.ActiveMilliseconds)))]);
    }

    private double PerImage => 1 + (Campaign.Rules.OverlapShare * (Campaign.Rules.OverlapCount - 1));

    private Dictionary<DateOnly, int> Answers() => Days.GroupBy(d => d.Day).ToDictionary(g => g.Key, g => g.Sum(d => d.Submitted - d.Rejected));

    private ProgressDay Day(DateOnly day)
    {
        List<CampaignDay> rows = [.. Days.Where(d => d.Day == day)];
        return new(day, rows.Sum(d => d.Submitted), rows.Sum(d => d.Skipped), rows.Sum(d => d.Accepted), rows.Sum(d => d.Fixed), rows.Sum(d => d.Rejected),
            Minutes(rows.Sum(d => d.ActiveMilliseconds)), rows.Count(d => d.Submitted + d.Skipped > 0));
    }

    private PersonProgress Person(Guid id, string name)
    {
        List<CampaignDay> rows = [.. ByPerson[id]];
        PoolPerson? member = Pool.FirstOrDefault(p => p.PersonId == id);
        return new(
            id, name, member?.Teams ?? [], member is not null, DoneToday(id), PerDay(rows),
            rows.Sum(d => d.Submitted), rows.Sum(d => d.Skipped), rows.Sum(d => d.Accepted), rows.Sum(d => d.Fixed), rows.Sum(d => d.Rejected), Acceptance(rows),
            PaceSteps.Median(Paces.Where(p => p.PersonId == id).Select(p => (p.Step, p.Answers))), F1(Pairs.Where(p => p.First == id || p.Second == id)),
            Gold.TryGetValue(id, out var score) ? score.F1 : null, Blocked.TryGetValue(id, out Blockage why) ? why : null);
    }

    private static IEnumerable<TeamProgress> Teams(List<PersonProgress> people) => people.SelectMany(p => p.Teams.Select(team => (team, p))).GroupBy(t => t.team, t => t.p)
        .OrderBy(g => g.Key, StringComparer.CurrentCultureIgnoreCase)
        .Select(g => new TeamProgress(g.Key, g.Count(), g.Sum(p => p.PerDay), g.Sum(p => p.Submitted), g.Sum(p => p.Skipped)));

    private double PerDay(List<CampaignDay> rows)
    {
        List<CampaignDay> last = [.. rows.Where(d => d.Day > Today.AddDays(-Forecast.Window) && d.Submitted > 0)];
        return last.Count == 0 ? 0 : (double)last.Sum(d => d.Submitted) / (Today.DayNumber - last.Min(d => d.Day).DayNumber + 1);
    }

    private static double? Acceptance(List<CampaignDay> rows) =>
        rows.Sum(d => d.Accepted + d.Fixed + d.Rejected) is > 0 and int reviewed ? (double)rows.Sum(d => d.Accepted) / reviewed : null;

    private static double? F1(IEnumerable<AgreementTotal> pairs)
    {
        List<AgreementTotal> rows = [.. pairs];
        double matched = 2.0 * rows.Sum(r => r.Matched), all = matched + rows.Sum(r => r.OnlyFirst + r.OnlySecond);
        return all > 0 ? matched / all : null;
    }

    private static double Minutes(long milliseconds) => Math.Round(milliseconds / 60_000.0, 1);
}
