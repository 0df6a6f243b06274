using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Agree;
using Perenne.Hub.Annotate;
using Perenne.Hub.Collect;
using Perenne.Hub.Datasets;
using Perenne.Hub.Deploy;
using Perenne.Hub.Monitor;
using Perenne.Hub.Organizations;
using Perenne.Hub.Registry;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Train;

namespace Perenne.Hub.Automate;

/// <summary>Counts what the loop's rules decide on, for one project.</summary>
internal sealed class GatherLoop(HubDbContext db, TimeProvider time)
{
    public async Task<LoopFacts> HandleAsync(Guid project, CancellationToken cancel)
    {
        Guid? champion = await db.CurrentOf(project).Where(a => a.Alias == ModelAlias.Champion).Select(a => a.ModelVersionId).FirstOrDefaultAsync(cancel);
        DateTimeOffset? trained = await db.Set<TrainingRun>().Where(r => r.ProjectId == project).MaxAsync(r => (DateTimeOffset?)r.CreatedAt, cancel);
        bool open = await db.Set<FlowRun>().AnyAsync(r => r.ProjectId == project && r.Kind == FlowKind.Retrain && r.State == FlowState.Running, cancel);
        DateTimeOffset frozen = await FrozenAsync(champion, cancel);
        Dictionary<Guid, DeploymentPlan> plans = await db.PlansOfAsync(project, cancel);
        var organizations = await (from link in db.Set<ProjectOrganization>()
                                   join o in db.Set<Organization>() on link.OrganizationId equals o.Id
                                   where link.ProjectId == project && o.ArchivedAt == null
                                   orderby o.Name
                                   select new { o.Id, o.Slug, o.Name, o.TimeZone }).AsNoTracking().ToListAsync(cancel);
        List<OrganizationFacts> facts = [];
        foreach (var o in organizations)
        {
            (Guid? campaign, int free, int pool) = await QueueAsync(o.Id, project, cancel);
            int accepted = await AcceptedAsync(o.Id, project, frozen, cancel);
            // Where no station runs, the champion is what would decide.
            Guid? deployed = plans.GetValueOrDefault(o.Id)?.Active?.ModelVersionId ?? champion;
            int unseen = deployed == champion ? accepted : await AcceptedAsync(o.Id, project, await FrozenAsync(deployed, cancel), cancel);
            Measurement? measured = deployed is { } version ? await Measurements.NewestAsync(db, project, version, o.Slug, cancel) : null;
            (Guid? alert, bool audited) = await DriftAsync(o.Id, project, time.GetUtcNow(), cancel);
            facts.Add(new(o.Id, o.Name, o.TimeZone, campaign, free, pool, accepted, deployed, measured?.At, unseen, measured?.Figure, alert, audited, measured is null || await HasNewsAsync(o.Id, project, measured, cancel)));
        }

        return new(project, champion, trained, open, facts);
    }

    // The oldest alert that nobody looked at a sample for; whoever muted one knows enough already.
    private async Task<(Guid? Alert, bool IsAudited)> DriftAsync(Guid organization, Guid project, DateTimeOffset now, CancellationToken cancel)
    {
        List<Guid> standing = await db.StandingAlerts(organization, project, now).OrderBy(a => a.OpenedAt).Select(a => a.Id).ToListAsync(cancel);
        string[] keys = [.. standing.Select(a => $"audit:{a}")];
        List<string> begun = await db.Set<FlowRun>().Where(r => r.ProjectId == project && keys.Contains(r.Key)).Select(r => r.Key).ToListAsync(cancel);
        Guid? waiting = standing.Where(a => !begun.Contains($"audit:{a}")).Select(a => (Guid?)a).FirstOrDefault();
        return (waiting ?? standing.Select(a => (Guid?)a).FirstOrDefault(), waiting is null && standing.Count > 0);
    }

    private async Task<bool> HasNewsAsync(Guid organization, Guid project, Measurement measured, CancellationToken cancel)
    {
        DateTimeOffset frozen = await db.Set<DatasetVersion>().Where(v => v.Id == measured.Dataset).Select(v => v.CreatedAt).SingleAsync(cancel);
        return await db.Set<GroundTruth>().AnyAsync(t => t.OrganizationId == organization && t.ProjectId == project && t.IsCurrent && t.At > frozen, cancel);
    }

    private Task<int> AcceptedAsync(Guid organization, Guid project, DateTimeOffset since, CancellationToken cancel) =>
        db.Set<GroundTruth>().CountAsync(t => t.OrganizationId == organization && t.ProjectId == project && t.IsCurrent && t.At > since, cancel);

    // What was accepted after a model's data were frozen is new to it.
    private async Task<DateTimeOffset> FrozenAsync(Guid? version, CancellationToken cancel) => version is null ? DateTimeOffset.MinValue : await (
        from model in db.Set<ModelVersion>()
        where model.Id == version
        join dataset in db.Set<DatasetVersion>() on model.DatasetVersionId equals dataset.Id
        select (DateTimeOffset?)dataset.CreatedAt).FirstOrDefaultAsync(cancel) ?? DateTimeOffset.MinValue;

    private async Task<(Guid? Campaign, int Free, int Pool)> QueueAsync(Guid organization, Guid project, CancellationToken cancel)
    {
        Campaign? campaign = await db.Set<Campaign>().AsNoTracking()
            .Where(c => c.OrganizationId == organization && c.ProjectId == project && c.State == CampaignState.Running && c.Filter != null).OrderByDescending(c => c.Id).FirstOrDefaultAsync(cancel);
        if (campaign is null)
            return (null, 0, 0);
        int free = await db.Set<Assignment>().CountAsync(a => a.CampaignId == campaign.Id && a.State == AssignmentState.Free, cancel);
        int pool = await campaign.Filter!.Apply(db.Set<Image>().Where(i => i.OrganizationId == organization && i.ProjectId == project), db)
            .Where(i => !db.Set<AnnotationTask>().Any(t => t.CampaignId == campaign.Id && t.ImageId == i.Id)).Take(1000).CountAsync(cancel);
        return (campaign.Id, free, pool);
    }
}
