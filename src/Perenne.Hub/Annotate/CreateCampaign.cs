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
/// <param name="Teams">Teams of the organization in the pool.</param>
internal sealed record CampaignDraft(
    string Name, int Target, DateOnly? DueOn = null, string Guidelines = "", CampaignRules? Rules = null, ImageFilter? Filter = null, IReadOnlyList<Guid>? People = null,
    IReadOnlyList<Guid>? Teams = null);

/// <param name="Images">Tasks made from the images that the filter finds now.</param>
internal sealed record CampaignCreated(Guid Id, int Images = 0);

/// <param name="Organizations">One campaign is made for each.</param>
internal sealed record CampaignsRequest(IReadOnlyList<Guid> Organizations, CampaignDraft Campaign);

internal sealed class CreateCampaign(HubDbContext db, CurrentAccess access, IdSource ids, TimeProvider time, Counters counters, ManagePool pool, FillCampaign fill)
{
    public Task<Result<CampaignCreated>> HandleAsync(Guid organization, Guid project, CampaignDraft draft, CancellationToken cancel) =>
        HandleAsync(organization, project, draft, null, cancel);

    /// <summary>The same plan in each of several organizations: their images, their people, progress side by side.</summary>
    public async Task<Result<IReadOnlyList<CampaignCreated>>> ForEachAsync(Guid project, CampaignsRequest request, CancellationToken cancel)
    {
        Guid[] wanted = [.. (request.Organizations ?? []).Distinct()];
        int known = await db.Set<Project>().Where(p => p.Id == project).SelectMany(p => p.Organizations).CountAsync(o => wanted.Contains(o.OrganizationId), cancel);
        if (wanted.Length == 0 || known != wanted.Length || !(access.Scope.Everything || wanted.All(access.Scope.Organizations.Contains)))
            return HubError.Invalid("organizations", "Name at least one organization, only such as have the project, and in which you may plan campaigns.");
        Guid group = ids.Next();
        List<CampaignCreated> made = [];
        foreach (Guid organization in wanted)
        {
            Result<CampaignCreated> one = await HandleAsync(organization, project, request.Campaign, group, cancel);
            if (!one.Succeeded)
                return one.Error;
            made.Add(one.Value);
        }

        return made;
    }

    private async Task<Result<CampaignCreated>> HandleAsync(Guid organization, Guid project, CampaignDraft draft, Guid? group, CancellationToken cancel)
    {
        if (CampaignInput.Problem(draft) is { } problem)
            return problem;
        Guid id = ids.Next();
        db.Add(new Campaign
        {
            Id = id,
            OrganizationId = organization,
            ProjectId = project,
            GroupId = group,
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
        Guid[] teams = [.. draft.Teams ?? []];
        foreach (Guid team in await db.Set<Team>().Where(t => t.OrganizationId == organization && teams.Contains(t.Id)).Select(t => t.Id).ToListAsync(cancel))
            db.Add(new CampaignTeam { CampaignId = id, TeamId = team, OrganizationId = organization });
        await db.SaveChangesAsync(cancel);
        await counters.AddTotalAsync(organization, id, TaskState.Open, 0, cancel);
        return new CampaignCreated(id, await fill.HandleAsync(id, int.MaxValue, cancel));
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/organizations/{organization}/projects/{project}/campaigns", async (CampaignDraft draft, CreateCampaign handler, HttpContext http) =>
                (await handler.HandleAsync(http.OrganizationId(), http.ProjectId(), draft, http.RequestAborted)).ToCreated(made => $"/api/v1/projects/{http.ProjectId()}/campaigns/{made.Id}"))
            .Requires(HubAction.CampaignsEdit).WithTags("Campaigns").WithName("CreateCampaign").WithSummary("Plans an annotation campaign; it gives out tasks once it is started.");
        routes.MapPost("/projects/{project}/campaigns", async (CampaignsRequest body, CreateCampaign handler, HttpContext http) =>
                (await handler.ForEachAsync(http.ProjectId(), body, http.RequestAborted)).ToOk())
            .Requires(HubAction.CampaignsEdit).Produces<IReadOnlyList<CampaignCreated>>().WithTags("Campaigns").WithName("CreateCampaigns").WithSummary("Plans the same campaign in each of several organizations.");
    }
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
