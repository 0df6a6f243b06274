using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Annotate;
using Perenne.Hub.Collect;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Evaluate;

/// <param name="Images">Ids; those of other organizations than the campaign's are passed over.</param>
internal sealed record SendRequest(Guid Campaign, IReadOnlyList<Guid> Images);

/// <param name="Added">New tasks; images that are in the campaign already add none.</param>
internal sealed record SentToCampaign(int Added, int PassedOver);

/// <summary>Images on which a model was wrong become tasks of a campaign, before the others.</summary>
internal sealed class SendToCampaign(HubDbContext db, AddTasks add)
{
    public const int MostAtOnce = 1000;

    private const int Urgent = 100;

    public async Task<Result<SentToCampaign>> HandleAsync(Guid project, SendRequest request, CancellationToken cancel)
    {
        if (request.Images is not { Count: > 0 and <= MostAtOnce })
            return HubError.Invalid("images", request.Images is not { Count: > 0 } ? "Choose at least one image first." : $"Send at most {MostAtOnce} images at once.");
        Campaign? campaign = await db.Set<Campaign>().AsNoTracking().SingleOrDefaultAsync(c => c.Id == request.Campaign && c.ProjectId == project, cancel);
        if (campaign is null || campaign.State == CampaignState.Finished)
            return HubError.Invalid("campaign", "The campaign is finished or not visible to you. Choose another.");
        Guid[] wanted = [.. request.Images.Distinct()];
        var images = await db.Set<Image>().Where(i => wanted.Contains(i.Id) && i.ProjectId == project && i.OrganizationId == campaign.OrganizationId).Select(i => new { i.Id, At = i.CapturedAt ?? i.ArrivedAt, i.PartId }).ToListAsync(cancel);
        int added = images.Count == 0 ? 0 : await add.HandleAsync(campaign.Id, [.. images.Select(i => new TaskImage(i.Id, i.At, i.PartId, Priority: Urgent))], cancel);
        return new SentToCampaign(added, wanted.Length - added);
    }

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/projects/{project}/evaluations/send", async (SendRequest request, SendToCampaign handler, HttpContext http) => (await handler.HandleAsync(http.ProjectId(), request, http.RequestAborted)).ToOk())
        .Requires(HubAction.EvaluationsRun).Produces<SentToCampaign>().WithTags("Evaluations").WithName("SendToCampaign").WithSummary("Makes tasks of a campaign from images, before its others.");
}
