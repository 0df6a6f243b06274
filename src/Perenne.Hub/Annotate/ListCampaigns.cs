using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Organizations;
using Perenne.Hub.Progress;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Annotate;

internal sealed record CampaignTotals(int Open, int InReview, int Disputed, int Done, int Unannotatable)
{
    public int Tasks => Open + InReview + Disputed + Done + Unannotatable;

    public static CampaignTotals Of(IEnumerable<CampaignTotal> rows)
    {
        Dictionary<TaskState, int> by = rows.ToDictionary(r => r.State, r => r.Tasks);
        return new(by.GetValueOrDefault(TaskState.Open), by.GetValueOrDefault(TaskState.InReview), by.GetValueOrDefault(TaskState.Disputed),
            by.GetValueOrDefault(TaskState.Done), by.GetValueOrDefault(TaskState.Unannotatable));
    }
}

internal sealed record CampaignRow(Guid Id, Guid OrganizationId, Guid ProjectId, string Name, CampaignState State, int Target, DateOnly? DueOn, DateTimeOffset CreatedAt, CampaignTotals Totals);

/// <summary>The campaigns in scope with their totals, which are counters: it costs the same at a thousand and at a million tasks.</summary>
internal sealed class ListCampaigns(HubDbContext db)
{
    private const int MostListed = 500, PageSize = 50;

    /// <param name="project">Null: of all projects.</param>
    /// <param name="person">Only running campaigns with this person in the pool; null: all.</param>
    public async Task<IReadOnlyList<CampaignRow>> HandleAsync(Guid? project, Guid? person, CancellationToken cancel)
    {
        return await RowsAsync(await db.Set<Campaign>().AsNoTracking().Where(c => project == null || c.ProjectId == project)
            .Where(c => person == null || (c.State == CampaignState.Running && (db.Set<CampaignMember>().Any(m => m.CampaignId == c.Id && m.PersonId == person)
                || db.Set<TeamMember>().Any(m => m.UserId == person && db.Set<CampaignTeam>().Any(t => t.CampaignId == c.Id && t.TeamId == m.TeamId)))))
            .OrderByDescending(c => c.Id).Take(MostListed).ToListAsync(cancel), cancel);
    }

    /// <summary>A page of them, newest first.</summary>
    /// <param name="projects">Those the reader sees.</param>
    /// <param name="text">Part of a name; empty: all.</param>
    /// <param name="after">The last campaign of the page before.</param>
    public async Task<(IReadOnlyList<CampaignRow> Rows, string? Next)> PageAsync(IReadOnlyCollection<Guid> projects, CampaignState? state, string text, Guid? after, CancellationToken cancel)
    {
        IQueryable<Campaign> campaigns = db.Set<Campaign>().AsNoTracking().Where(c => projects.Contains(c.ProjectId) && (state == null || c.State == state));
        if (text.Trim() is { Length: > 0 } wanted)
        {
            // Names are few and short; the two databases do not agree on what upper and lower case are.
            var names = await campaigns.Select(c => new { c.Id, c.Name }).ToListAsync(cancel);
            Guid[] named = [.. names.Where(c => c.Name.Contains(wanted, StringComparison.CurrentCultureIgnoreCase)).Select(c => c.Id)];
            campaigns = campaigns.Where(c => named.Contains(c.Id));
        }

        List<Campaign> found = await campaigns.Where(c => after == null || c.Id.CompareTo(after.Value) < 0).OrderByDescending(c => c.Id).Take(PageSize + 1).ToListAsync(cancel);
        IReadOnlyList<CampaignRow> rows = await RowsAsync([.. found.Take(PageSize)], cancel);
        return (rows, found.Count > PageSize ? rows[^1].Id.ToString() : null);
    }

    private async Task<IReadOnlyList<CampaignRow>> RowsAsync(List<Campaign> campaigns, CancellationToken cancel)
    {
        Guid[] ids = [.. campaigns.Select(c => c.Id)];
        ILookup<Guid, CampaignTotal> totals = (await db.Set<CampaignTotal>().AsNoTracking().Where(t => ids.Contains(t.CampaignId)).ToListAsync(cancel)).ToLookup(t => t.CampaignId);
        return [.. campaigns.Select(c => new CampaignRow(c.Id, c.OrganizationId, c.ProjectId, c.Name, c.State, c.Target, c.DueOn, c.CreatedAt, CampaignTotals.Of(totals[c.Id])))];
    }

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/projects/{project}/campaigns", async (ListCampaigns handler, HttpContext http) => TypedResults.Ok(await handler.HandleAsync(http.ProjectId(), null, http.RequestAborted)))
        .Requires(HubAction.CampaignsRead).WithTags("Campaigns").WithName("ListCampaigns").WithSummary("The project's campaigns with their totals, newest first.");
}
