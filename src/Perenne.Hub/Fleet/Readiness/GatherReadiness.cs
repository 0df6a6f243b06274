using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Agree;
using Perenne.Hub.Automate;
using Perenne.Hub.Collect;
using Perenne.Hub.Deploy;
using Perenne.Hub.Monitor;
using Perenne.Hub.Organizations;
using Perenne.Hub.Progress;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Fleet;

/// <param name="Needed">People and hours that follow from what was stated; null while nothing is.</param>
internal sealed record ReadinessRow(Guid OrganizationId, string Slug, string Name, OutlookDraft? Outlook, CapacityAnswer? Needed, IReadOnlyList<ReadinessStep> Steps)
{
    public int Done => Steps.Count(s => s.IsDone);
}

/// <summary>What each organization of a project still needs before the loop runs there.</summary>
internal sealed class GatherReadiness(HubDbContext db, PlanCapacity capacity)
{
    public async Task<Result<IReadOnlyList<ReadinessRow>>> HandleAsync(Guid project, Guid? organization, CancellationToken cancel)
    {
        var places = await (from link in db.Set<ProjectOrganization>()
                            join o in db.Set<Organization>() on link.OrganizationId equals o.Id
                            where link.ProjectId == project && o.ArchivedAt == null && (organization == null || o.Id == organization)
                            orderby o.Name
                            select new { o.Id, o.Slug, o.Name }).ToListAsync(cancel);
        Dictionary<Guid, OutlookDraft> stated = await capacity.StatedAsync(project, cancel);
        double? seconds = await capacity.MeasuredAsync(project, cancel);
        SchemaVersion? schema = await db.Set<SchemaVersion>().AsNoTracking().Where(s => s.ProjectId == project).OrderByDescending(s => s.Number).FirstOrDefaultAsync(cancel);
        string? yaml = await db.Set<PolicyVersion>().Where(p => p.ProjectId == project).OrderByDescending(p => p.Number).Select(p => p.Yaml).FirstOrDefaultAsync(cancel);
        bool isOn = yaml is not null && PolicyYaml.Read(yaml) is { Succeeded: true, Value.Enabled: true };
        Dictionary<Guid, DeploymentPlan> plans = await db.PlansOfAsync(project, cancel);
        List<ReadinessRow> rows = [];
        foreach (var place in places)
        {
            ReadinessFacts facts = (await FactsAsync(place.Id, project, cancel)) with
            {
                Outlook = stated.GetValueOrDefault(place.Id), MeasuredSeconds = seconds, LabelClasses = schema?.Classes.Count ?? 0, ActiveVersion = plans.GetValueOrDefault(place.Id)?.Active?.ModelNumber, PolicyIsOn = isOn,
            };
            rows.Add(new(place.Id, place.Slug, place.Name, facts.Outlook, ReadinessRules.Needed(facts), ReadinessRules.Of(facts)));
        }

        return rows;
    }

    private async Task<ReadinessFacts> FactsAsync(Guid organization, Guid project, CancellationToken cancel)
    {
        var people = await db.Set<Membership>().Where(m => m.OrganizationId == organization && (m.ProjectId == null || m.ProjectId == project) && m.User!.DisabledAt == null)
            .Select(m => new { m.UserId, m.Role }).Distinct().ToListAsync(cancel);
        // Whose trade it is: managers and administrators may annotate, but nobody plans with them.
        Guid[] annotators = [.. people.Where(p => p.Role is Role.Annotator or Role.Reviewer).Select(p => p.UserId).Distinct()];
        int reviewers = people.Where(p => RightsTable.Allows(p.Role, HubAction.TasksReview)).Select(p => p.UserId).Distinct().Count();
        var references = await db.Set<DriftReference>().AsNoTracking().Where(r => r.OrganizationId == organization && r.ProjectId == project).ToListAsync(cancel);
        return new(null, null, annotators.Length, reviewers, 0,
            await db.Set<Image>().Where(i => i.OrganizationId == organization && i.ProjectId == project).Take(ReadinessRules.LeastImages).CountAsync(cancel),
            await db.Set<GroundTruth>().Where(t => t.OrganizationId == organization && t.ProjectId == project && t.IsCurrent).Take(ReadinessRules.LeastAccepted).CountAsync(cancel),
            await db.Set<Station>().CountAsync(s => s.OrganizationId == organization && s.RevokedAt == null && s.HeartbeatAt != null, cancel), null,
            references.Count == 0 ? 0 : references.Max(r => r.To is null ? Math.Min(0.99, (double)r.Seen / r.Wanted) : 1), false);
    }

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/projects/{project}/readiness", async (Guid? organizationId, GatherReadiness handler, HttpContext http) => (await handler.HandleAsync(http.ProjectId(), organizationId, http.RequestAborted)).ToOk())
        .Requires(HubAction.ProgressRead).Produces<IReadOnlyList<ReadinessRow>>().WithTags("Fleet").WithName("GetReadiness")
        .WithSummary("What each organization still needs before a model can be kept good there, and how many people that takes.");
}
