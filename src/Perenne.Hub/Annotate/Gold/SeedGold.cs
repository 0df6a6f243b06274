using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Agree;
using Perenne.Hub.Collect;
using Perenne.Hub.Shared;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Annotate;

internal sealed record GoldRequest(IReadOnlyList<Guid> ImageIds);

/// <param name="MeanF1">Of the people who answered it; a gold task that everybody gets wrong is probably itself wrong.</param>
internal sealed record GoldRow(Guid TaskId, Guid ImageId, string FileName, int Answers, double? MeanF1);

/// <summary>Chooses images with a known answer for a campaign's gold tasks: named by a manager, or drawn from what people have decided before.</summary>
internal sealed class SeedGold(HubDbContext db, IdSource ids, TimeProvider time)
{
    /// <summary>So many are kept at hand: people see each once.</summary>
    private const int Wanted = 50;

    private const int MostConsidered = 5_000;

    /// <summary>Makes up to <see cref="Wanted"/> gold tasks out of decided images; the number added.</summary>
    public async Task<int> EnsureAsync(Campaign campaign, CancellationToken cancel)
    {
        if (campaign.Rules.GoldShare <= 0)
            return 0;
        int room = Wanted - await db.Set<AnnotationTask>().CountAsync(t => t.CampaignId == campaign.Id && t.GoldTruthId != null, cancel);
        if (room <= 0)
            return 0;
        var decided = await Known(campaign).Where(t => t.Source != TruthSource.Accepted || t.DecidedBy != null)
            .OrderByDescending(t => t.At).Take(MostConsidered).Select(t => new { t.Id, t.ImageId }).ToListAsync(cancel);
        return await AddAsync(campaign, [.. decided.OrderBy(t => QueueKey.RandomPlace(campaign.Seed, t.ImageId)).Take(room).Select(t => (t.Id, t.ImageId))], cancel);
    }

    public async Task<Result<IReadOnlyList<GoldRow>>> HandleAsync(Guid project, Guid campaignId, GoldRequest request, CancellationToken cancel)
    {
        Campaign? campaign = await db.Set<Campaign>().AsNoTracking().SingleOrDefaultAsync(c => c.Id == campaignId && c.ProjectId == project, cancel);
        if (campaign is null)
            return HubError.NotFound("The campaign");
        if (request.ImageIds is not { Count: > 0 and <= 1000 })
            return HubError.Invalid("imageIds", "Name 1 to 1,000 images at once.");
        Guid[] wanted = [.. request.ImageIds.Distinct()];
        var known = await Known(campaign).Where(t => wanted.Contains(t.ImageId)).Select(t => new { t.Id, t.ImageId }).ToListAsync(cancel);
        if (known.Count < wanted.Length)
            return HubError.Invalid("imageIds", $"{wanted.Length - known.Count} of these images have no ground truth in this organization, or are tasks of this campaign already. Decide about them first, or leave them out.");
        await AddAsync(campaign, [.. known.Select(t => (t.Id, t.ImageId))], cancel);
        return await ListAsync(project, campaignId, cancel);
    }

    public async Task<Result<IReadOnlyList<GoldRow>>> ListAsync(Guid project, Guid campaignId, CancellationToken cancel)
    {
        if (!await db.Set<Campaign>().AnyAsync(c => c.Id == campaignId && c.ProjectId == project, cancel))
            return HubError.NotFound("The campaign");
        return await db.Set<AnnotationTask>().Where(t => t.CampaignId == campaignId && t.GoldTruthId != null).OrderBy(t => t.Id).Select(t => new GoldRow(
            t.Id, t.ImageId, db.Set<Image>().Where(i => i.Id == t.ImageId).Select(i => i.FileName).FirstOrDefault() ?? "",
            db.Set<GoldAnswer>().Count(g => g.TaskId == t.Id), db.Set<GoldAnswer>().Where(g => g.TaskId == t.Id).Average(g => (double?)g.F1))).ToListAsync(cancel);
    }

    private IQueryable<GroundTruth> Known(Campaign campaign) => db.Set<GroundTruth>().AsNoTracking()
        .Where(t => t.ProjectId == campaign.ProjectId && t.OrganizationId == campaign.OrganizationId && t.IsCurrent
            && !db.Set<AnnotationTask>().Any(task => task.CampaignId == campaign.Id && task.ImageId == t.ImageId));

    private async Task<int> AddAsync(Campaign campaign, IReadOnlyList<(Guid Truth, Guid Image)> chosen, CancellationToken cancel)
    {
        foreach ((Guid truth, Guid image) in chosen)
        {
            db.Add(new AnnotationTask
            {
                Id = ids.Next(),
                OrganizationId = campaign.OrganizationId,
                CampaignId = campaign.Id,
                ImageId = image,
                Place = QueueKey.RandomPlace(campaign.Seed, image),
                Required = 0,
                GoldTruthId = truth,
                CreatedAt = time.GetUtcNow(),
            });
        }

        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException failure) when (DbErrors.IsUniqueViolation(failure))
        {
            db.ChangeTracker.Clear(); // Another hub is choosing at this moment.
            return 0;
        }

        return chosen.Count;
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/projects/{project}/campaigns/{campaign:guid}/gold", async (Guid campaign, GoldRequest body, SeedGold handler, HttpContext http) =>
                (await handler.HandleAsync(http.ProjectId(), campaign, body, http.RequestAborted)).ToOk())
            .Requires(HubAction.CampaignsEdit).Produces<IReadOnlyList<GoldRow>>().WithTags("Campaigns").WithName("AddGold")
            .WithSummary("Slips images with a known answer into everybody's queue, at the campaign's share of gold tasks.");
        routes.MapGet("/projects/{project}/campaigns/{campaign:guid}/gold", async (Guid campaign, SeedGold handler, HttpContext http) =>
                (await handler.ListAsync(http.ProjectId(), campaign, http.RequestAborted)).ToOk())
            .Requires(HubAction.CampaignsEdit).Produces<IReadOnlyList<GoldRow>>().WithTags("Campaigns").WithName("ListGold").WithSummary("A campaign's gold tasks and how well they are answered.");
    }
}
