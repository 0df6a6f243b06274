using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Progress;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Annotate;

/// <param name="SecondsPerTask">The median the person was measured at; the assumed one before.</param>
internal sealed record PreviewRow(Guid PersonId, string Name, bool IsPaused, int Tasks, double Days, double SecondsPerTask, bool IsMeasured);

/// <param name="Slots">Answers still to be given.</param>
/// <param name="LeftOver">Of them, what nobody in the pool may take by the rules.</param>
/// <param name="Considered">Where the queue is longer, its first so many were played through.</param>
internal sealed record DistributionForecast(IReadOnlyList<PreviewRow> People, int Slots, int Considered, int LeftOver, double Days);

/// <summary>Who would get how many and until when, before anything is given out: the pull's own rules played through.</summary>
internal sealed class PreviewDistribution(HubDbContext db, Counters counters)
{
    private const int MostConsidered = 50_000;

    /// <param name="minutesPerDay">Time a person has for it a day.</param>
    /// <param name="seconds">Assumed per image where nothing was measured yet.</param>
    public async Task<Result<DistributionForecast>> HandleAsync(Guid project, Guid campaignId, double minutesPerDay, double seconds, CancellationToken cancel)
    {
        if (minutesPerDay is not (>= 1 and <= 1440))
            return HubError.Invalid("minutesPerDay", "The time a person has a day lies between 1 and 1,440 minutes.");
        if (seconds is not (>= 1 and <= 86_400))
            return HubError.Invalid("seconds", "The time for an image lies between 1 second and a day.");
        Campaign? campaign = await db.Set<Campaign>().AsNoTracking().SingleOrDefaultAsync(c => c.Id == campaignId && c.ProjectId == project, cancel);
        if (campaign is null)
            return HubError.NotFound("The campaign");
        List<PoolPerson> pool = await CampaignPool.ReadAsync(db, campaignId, cancel);
        Dictionary<Guid, double> medians = await counters.MediansAsync(campaignId, cancel);
        double Pace(Guid person) => medians.TryGetValue(person, out double median) ? median : seconds;
        IQueryable<Assignment> free = db.Set<Assignment>().Where(a => a.CampaignId == campaignId && a.State == AssignmentState.Free && a.Task!.GoldTruthId == null);
        int slots = await free.CountAsync(cancel);
        List<PreviewSlot> queue = await free.OrderBy(a => a.QueueKey).Take(MostConsidered).Select(a => new PreviewSlot(a.TaskId, a.QueueKey, a.Task!.PartKey, a.Task.Skill, a.ReservedFor)).ToListAsync(cancel);
        var on = await db.Set<Assignment>().Where(a => a.CampaignId == campaignId && a.PersonId != null && a.Task!.State == TaskState.Open && a.Task.GoldTruthId == null
            && db.Set<Assignment>().Any(b => b.TaskId == a.TaskId && b.State == AssignmentState.Free)).Select(a => new { a.TaskId, Person = a.PersonId!.Value }).ToListAsync(cancel);
        List<PreviewPerson> people = [.. pool.Select(p => new PreviewPerson(new(p.PersonId, p.IsPaused, p.QuotaPerDay, 0, p.Skills), Pace(p.PersonId) / 60, minutesPerDay))];
        Preview preview = DistributionPreview.Simulate(campaign.Rules, people, queue, on.ToLookup(row => row.TaskId, row => row.Person));
        Guid[] ids = [.. pool.Select(p => p.PersonId)];
        Dictionary<Guid, string> names = await db.Users.Where(u => ids.Contains(u.Id)).ToDictionaryAsync(u => u.Id, u => u.DisplayName, cancel);
        return new DistributionForecast(
            [.. from share in preview.Shares
                join person in pool on share.PersonId equals person.PersonId
                orderby share.Tasks descending, names.GetValueOrDefault(share.PersonId)
                select new PreviewRow(share.PersonId, names.GetValueOrDefault(share.PersonId, "?"), person.IsPaused, share.Tasks, Math.Round(share.Days, 2), Pace(share.PersonId), medians.ContainsKey(share.PersonId))],
            slots, queue.Count, preview.LeftOver, Math.Round(preview.Days, 2));
    }

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/projects/{project}/campaigns/{campaign:guid}/preview", async (Guid campaign, double? minutesPerDay, double? seconds, PreviewDistribution handler, HttpContext http) =>
            (await handler.HandleAsync(http.ProjectId(), campaign, minutesPerDay ?? 240, seconds ?? 60, http.RequestAborted)).ToOk())
        .Requires(HubAction.CampaignsEdit).Produces<DistributionForecast>().WithTags("Campaigns").WithName("PreviewDistribution")
        .WithSummary("Who would get how many images and until when, by the very rules that give them out.");
}
