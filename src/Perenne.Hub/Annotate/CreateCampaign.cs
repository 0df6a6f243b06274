using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Collect.Gallery;
using Perenne.Hub.Organizations;
using Perenne.Hub.Progress;
using Perenne.Hub.Shared;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Annotate;

/// <param name="Filter">Which images of the project it takes; null: they are added one by one.</param>
/// <param name="People">The pool of annotators to start with; more can be added later.</param>
internal sealed record CampaignDraft(
    string Name, int Target, DateOnly? DueOn = null, string Guidelines = "", CampaignRules? Rules = null, ImageFilter? Filter = null, IReadOnlyList<Guid>? People = null);

/// <param name="Images">Tasks made from the images that the filter finds now.</param>
internal sealed record CampaignCreated(Guid Id, int Images = 0);

internal sealed class CreateCampaign(HubDbContext db, CurrentAccess access, IdSource ids, TimeProvider time, Counters counters, ManagePool pool, FillCampaign fill)
{
    public async Task<Result<CampaignCreated>> HandleAsync(Guid organization, Guid project, CampaignDraft draft, CancellationToken cancel)
    {
        if (CampaignInput.Problem(draft) is { } problem)
            return problem;
        Guid id = ids.Next();
        db.Add(new Campaign
        {
            Id = id,
            OrganizationId = organization,
            ProjectId = project,
            Name = draft.Name.Trim(),
            Guidelines = draft.Guidelines,
            Target = draft.Target,
            DueOn = draft.DueOn,
            Rules = draft.Rules ?? new(),
            Filter = draft.Filter,
            Seed = BitConverter.ToInt64(id.ToByteArray(), 8),
            CreatedAt = time.GetUtcNow(),
            CreatedBy = access.Actor.Id,
        });
        foreach (Guid person in await pool.EligibleAsync(organization, project, draft.People ?? [], cancel))
            db.Add(new CampaignMember { CampaignId = id, PersonId = person, OrganizationId = organization, AddedAt = time.GetUtcNow() });
        await db.SaveChangesAsync(cancel);
        await counters.AddTotalAsync(organization, id, TaskState.Open, 0, cancel);
        return new CampaignCreated(id, await fill.HandleAsync(id, int.MaxValue, cancel));
    }

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/organizations/{organization}/projects/{project}/campaigns", async (CampaignDraft draft, CreateCampaign handler, HttpContext http) =>
            (await handler.HandleAsync(http.OrganizationId(), http.ProjectId(), draft, http.RequestAborted)).ToCreated(made => $"/api/v1/projects/{http.ProjectId()}/campaigns/{made.Id}"))
        .Requires(HubAction.CampaignsEdit).WithTags("Campaigns").WithName("CreateCampaign").WithSummary("Plans an annotation campaign; it gives out tasks once it is started.");
}

internal static class CampaignInput
{
    public static HubError? Problem(CampaignDraft draft)
    {
        Dictionary<string, string[]> fields = [];
        if (string.IsNullOrWhiteSpace(draft.Name) || draft.Name.Length > 200)
            fields["name"] = ["Give the campaign a name of at most 200 characters."];
        if (draft.Target is < 1 or > 10_000_000)
            fields["target"] = ["The target is the number of images to finish, from 1 to 10,000,000."];
        if (draft.Guidelines.Length > 100_000)
            fields["guidelines"] = ["Guidelines have at most 100,000 characters."];
        foreach (var group in (draft.Rules ?? new()).Problems().GroupBy(p => p.Field))
            fields["rules." + char.ToLowerInvariant(group.Key[0]) + group.Key[1..]] = [.. group.Select(p => p.Problem)];
        return fields.Count == 0 ? null : new InvalidInput(fields);
    }
}
