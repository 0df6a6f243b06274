using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Progress;

internal sealed record OutlookDraft(int Sites = 1, int Variants = 3, double ChangesPerYear = 4, int Annotators = 2, double HoursPerAnnotator = 6)
{
    /// <summary>The planner's question for one organization alone.</summary>
    public CapacityQuestion Question(double? measuredSeconds)
    {
        CapacityQuestion asked = new(Sites, Variants, ChangesPerYear, HoursPerPerson: HoursPerAnnotator);
        return measuredSeconds is { } seconds ? asked with { SecondsPerImage = Math.Max(1, Math.Round(seconds)) } : asked;
    }

    /// <summary>The planner's question for all of them together: sites add up, the rest is their average.</summary>
    public static CapacityQuestion? Together(IReadOnlyCollection<OutlookDraft> all)
    {
        if (all.Count == 0)
            return null;
        double sites = all.Sum(o => o.Sites), variants = all.Sum(o => (double)o.Sites * o.Variants), people = all.Sum(o => o.Annotators);
        return new((int)sites, Math.Max(1, (int)Math.Round(variants / sites)), Math.Round(all.Sum(o => o.Sites * o.Variants * o.ChangesPerYear) / variants, 1),
            HoursPerPerson: Math.Round(people > 0 ? all.Sum(o => o.Annotators * o.HoursPerAnnotator) / people : all.Average(o => o.HoursPerAnnotator), 1));
    }

    public HubError? Problem() => new Check()
        .That(Sites is >= 1 and <= 10_000, "sites", "An organization has 1 to 10,000 sites.")
        .That(Variants is >= 1 and <= 10_000, "variants", "A site has 1 to 10,000 product variants.")
        .That(ChangesPerYear is > 0 and <= 365, "changesPerYear", "A variant changes more than 0 and at most 365 times a year.")
        .That(Annotators is >= 0 and <= 10_000, "annotators", "Say how many people can annotate: 0 to 10,000.")
        .That(HoursPerAnnotator is > 0 and <= 60, "hoursPerAnnotator", "A person has more than 0 and at most 60 hours a week.").Error;
}

/// <summary>A manager says what changes in a plant and who annotates there.</summary>
internal sealed class StateOutlook(HubDbContext db, WriteTurn turn, CurrentAccess access, AuditLog audit, TimeProvider time)
{
    public async Task<Result<Done>> HandleAsync(Guid organization, Guid project, OutlookDraft draft, CancellationToken cancel)
    {
        if (draft.Problem() is { } problem)
            return problem;
        try
        {
            await SaveAsync(organization, project, draft, cancel);
        }
        catch (DbUpdateException error) when (error.IsUniqueViolation())
        {
            db.ChangeTracker.Clear(); // Somebody stated it for the first time in the same moment: theirs is there now, and ours is the later word.
            await SaveAsync(organization, project, draft, cancel);
        }

        return default(Done);
    }

    private Task SaveAsync(Guid organization, Guid project, OutlookDraft draft, CancellationToken cancel) => turn.RunAsync(db, async () =>
    {
        PlantOutlook? outlook = await db.Set<PlantOutlook>().SingleOrDefaultAsync(o => o.ProjectId == project && o.OrganizationId == organization, cancel);
        if (outlook is null)
            db.Add(outlook = new() { ProjectId = project, OrganizationId = organization, Sites = 0, Variants = 0, ChangesPerYear = 0, Annotators = 0, HoursPerAnnotator = 0, SavedByName = "", SavedAt = default });
        (outlook.Sites, outlook.Variants, outlook.ChangesPerYear, outlook.Annotators, outlook.HoursPerAnnotator) = (draft.Sites, draft.Variants, draft.ChangesPerYear, draft.Annotators, draft.HoursPerAnnotator);
        (outlook.SavedByName, outlook.SavedAt) = (access.Actor.Name, time.GetUtcNow());
        audit.Record(organization, "outlook.stated", $"{draft.Sites} sites, {draft.Variants} variants, {draft.ChangesPerYear} changes a year, {draft.Annotators} annotators");
        await db.SaveChangesAsync(cancel);
    }, cancel);

    /// <summary>By organization, of those in sight that said anything.</summary>
    public static Task<Dictionary<Guid, OutlookDraft>> OfAsync(HubDbContext db, Guid project, CancellationToken cancel) => db.Set<PlantOutlook>().Where(o => o.ProjectId == project)
        .ToDictionaryAsync(o => o.OrganizationId, o => new OutlookDraft(o.Sites, o.Variants, o.ChangesPerYear, o.Annotators, o.HoursPerAnnotator), cancel);

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPut("/organizations/{organization}/projects/{project}/outlook", async (OutlookDraft draft, StateOutlook handler, HttpContext http) =>
            (await handler.HandleAsync(http.OrganizationId(), http.ProjectId(), draft, http.RequestAborted)).ToOk())
        .Requires(HubAction.CampaignsEdit).WithTags("Campaigns").WithName("StateOutlook").WithExample(new OutlookDraft())
        .WithSummary("What changes in an organization and who annotates there; capacity is planned from it.");
}
