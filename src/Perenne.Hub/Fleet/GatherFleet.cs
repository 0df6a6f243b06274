using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Agree;
using Perenne.Hub.Annotate;
using Perenne.Hub.Automate;
using Perenne.Hub.Collect;
using Perenne.Hub.Datasets;
using Perenne.Hub.Deploy;
using Perenne.Hub.Monitor;
using Perenne.Hub.Organizations;
using Perenne.Hub.Progress;
using Perenne.Hub.Registry;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Fleet;

/// <summary>One organization's line of the board for one project.</summary>
internal sealed record FleetRow(Guid OrganizationId, string Slug, string Name, Guid ProjectId, string ProjectSlug, string ProjectName, FleetLinks Links, IReadOnlyList<FleetCell> Cells)
{
    /// <summary>Where no model decides yet: how far the organization is. Null elsewhere.</summary>
    public ReadinessRow? Readiness { get; init; }
}

/// <summary>What the cells of a line lead to, where there is one.</summary>
/// <param name="Campaign">The running one that is furthest behind.</param>
/// <param name="DriftReport">Of the alert that stands longest.</param>
/// <param name="Evaluation">Number of the measurement that is shown.</param>
/// <param name="Retraining">The run that is under way.</param>
internal sealed record FleetLinks(Guid? Campaign, Guid? DriftReport, int? Evaluation, Guid? Retraining)
{
    /// <summary>The page on which a cell's advice is followed.</summary>
    public string Of(FleetRow row, FleetCell cell)
    {
        string project = $"/projects/{row.ProjectSlug}";
        return cell.Target switch
        {
            FleetTarget.Measurement when Evaluation is { } number => $"{project}/evaluations/{number}",
            FleetTarget.Evaluations or FleetTarget.Measurement => $"{project}/evaluations",
            FleetTarget.Images => $"{project}/images?organization={row.Slug}",
            FleetTarget.FlaggedImages => $"{project}/images?organization={row.Slug}&quality=flagged",
            FleetTarget.DriftReport => DriftReport is { } report ? $"{project}/monitor/reports/{report}" : $"{project}/monitor",
            FleetTarget.Monitor => $"{project}/monitor",
            FleetTarget.Campaign when Campaign is { } campaign => $"{project}/campaigns/{campaign}",
            FleetTarget.Campaign or FleetTarget.Campaigns => $"/campaigns?project={row.ProjectSlug}",
            FleetTarget.Contradictions => $"{project}/contradictions",
            FleetTarget.Datasets => $"{project}/datasets",
            FleetTarget.Retraining when Retraining is { } run => $"{project}/automation/runs/{run}",
            FleetTarget.Retraining or FleetTarget.Training => $"{project}/training",
            FleetTarget.Rollouts => $"{project}/rollouts",
            FleetTarget.Stations => $"/organizations/{row.Slug}/stations",
            _ => $"{project}/deployments",
        };
    }
}

/// <summary>Counts, for every organization and project in sight, what the board's rules judge. Every figure is a count over an index.</summary>
internal sealed class GatherFleet(HubDbContext db, CurrentAccess access, GatherReadiness readiness, TimeProvider time)
{
    private const int FreshDays = 7, QualityDays = 30, PeopleDays = 14, MostCompared = 500, LeastCompared = 5;

    public async Task<Result<IReadOnlyList<FleetRow>>> HandleAsync(CancellationToken cancel)
    {
        DateTimeOffset now = time.GetUtcNow();
        var lines = await (from link in db.Set<ProjectOrganization>()
                           join o in db.Set<Organization>() on link.OrganizationId equals o.Id
                           join p in db.Set<Project>() on link.ProjectId equals p.Id
                           where o.ArchivedAt == null && p.ArchivedAt == null
                           orderby o.Name, p.Name
                           select new { o.Id, o.Slug, o.Name, ProjectId = p.Id, ProjectSlug = p.Slug, ProjectName = p.Name }).AsNoTracking().ToListAsync(cancel);
        Dictionary<Guid, LoopPolicy> policies = [];
        List<FleetRow> rows = [];
        foreach (var line in lines)
        {
            // The scope bounds organizations; somebody may work there for one project alone.
            if (!May(HubAction.ProjectRead, line.Id, line.ProjectId))
                continue;
            if (!policies.TryGetValue(line.ProjectId, out LoopPolicy? policy))
                policies[line.ProjectId] = policy = await PolicyAsync(line.ProjectId, cancel);
            FleetFacts facts = await FactsAsync(line.Id, line.ProjectId, policy, now, cancel);
            FleetLinks links = new(facts.Pace?.Campaign, await DriftReportAsync(line.Id, line.ProjectId, now, cancel), facts.Performance?.Evaluation, await RetrainingAsync(line.ProjectId, cancel));
            rows.Add(new(line.Id, line.Slug, line.Name, line.ProjectId, line.ProjectSlug, line.ProjectName, links, FleetRules.Of(facts with { IsRetraining = links.Retraining is not null }, now))
            {
                Readiness = facts.ActiveVersion is null && May(HubAction.ProgressRead, line.Id, line.ProjectId) && await readiness.HandleAsync(line.ProjectId, line.Id, cancel) is { Succeeded: true, Value: [ReadinessRow ready] } ? ready : null,
            });
        }

        return rows;
    }

    private bool May(HubAction action, Guid organization, Guid project) => AccessDecision.Decide(access.Actor, action, new(organization, project, [organization])).Verdict == Verdict.Allowed;

    private async Task<LoopPolicy> PolicyAsync(Guid project, CancellationToken cancel)
    {
        string? yaml = await db.Set<PolicyVersion>().Where(p => p.ProjectId == project).OrderByDescending(p => p.Number).Select(p => p.Yaml).FirstOrDefaultAsync(cancel);
        return yaml is not null && PolicyYaml.Read(yaml) is { Succeeded: true } read ? read.Value : new();
    }

    private async Task<FleetFacts> FactsAsync(Guid organization, Guid project, LoopPolicy policy, DateTimeOffset now, CancellationToken cancel)
    {
        IQueryable<Image> images = db.Set<Image>().Where(i => i.OrganizationId == organization && i.ProjectId == project);
        DateTimeOffset week = now.AddDays(-FreshDays), month = now.AddDays(-QualityDays);
        IQueryable<GroundTruth> truths = db.Set<GroundTruth>().Where(t => t.OrganizationId == organization && t.ProjectId == project && t.IsCurrent);
        DateOnly since = DateOnly.FromDateTime(now.AddDays(-PeopleDays).UtcDateTime);
        FleetFacts facts = new()
        {
            PerformanceBound = policy.Retrain.PerformanceBelow,
            RetrainAfter = policy.Retrain.NewAccepted,
            LastImageAt = await images.OrderByDescending(i => i.Id).Select(i => (DateTimeOffset?)i.ArrivedAt).FirstOrDefaultAsync(cancel),
            ImagesThisWeek = await images.CountAsync(i => i.ArrivedAt >= week, cancel),
            Judged = await images.CountAsync(i => i.ArrivedAt >= month, cancel),
            Usable = await images.CountAsync(i => i.ArrivedAt >= month && i.Quality == ImageQuality.Usable, cancel),
            Accepted = await truths.CountAsync(cancel),
            AcceptedThisMonth = await truths.CountAsync(t => t.At >= month, cancel),
            Annotators = await (from day in db.Set<CampaignDay>()
                                where day.OrganizationId == organization && day.Day >= since && day.Submitted > 0
                                    && db.Set<Campaign>().Any(c => c.Id == day.CampaignId && c.ProjectId == project)
                                select day.PersonId).Distinct().CountAsync(cancel),
            Pace = await PaceAsync(organization, project, now, cancel),
            DriftIsOpen = await db.StandingAlerts(organization, project, now).AnyAsync(cancel),
            SilentCameras = await db.Set<Alert>().CountAsync(a => a.OrganizationId == organization && a.ProjectId == project && a.OpenKey != null && a.Kind == AlertKinds.Silent && (a.State != AlertState.Muted || a.MutedUntil <= now), cancel),
            Agreement = await AgreementAsync(organization, project, month, cancel),
        };
        return await WithModelsAsync(facts, organization, project, cancel);
    }

    // The report of the alert that stands longest; objections and audits have none, then the monitoring page says what stands.
    private Task<Guid?> DriftReportAsync(Guid organization, Guid project, DateTimeOffset now, CancellationToken cancel) =>
        db.StandingAlerts(organization, project, now).OrderBy(a => a.OpenedAt).Select(a => a.ReportId).FirstOrDefaultAsync(cancel);

    private Task<Guid?> RetrainingAsync(Guid project, CancellationToken cancel) =>
        db.Set<FlowRun>().Where(r => r.ProjectId == project && r.Kind == FlowKind.Retrain && r.State == FlowState.Running).OrderBy(r => r.StartedAt).Select(r => (Guid?)r.Id).FirstOrDefaultAsync(cancel);

    // Of the newest that several annotated: an average over a year hides that a newcomer draws otherwise.
    private async Task<double?> AgreementAsync(Guid organization, Guid project, DateTimeOffset since, CancellationToken cancel)
    {
        List<double> newest = await db.Set<AgreementItem>().Where(i => i.ProjectId == project && i.At >= since && i.OrganizationId == organization && i.F1 != null)
            .OrderByDescending(i => i.At).Take(MostCompared).Select(i => i.F1!.Value).ToListAsync(cancel);
        return newest.Count < LeastCompared ? null : newest.Average();
    }

    private async Task<FleetFacts> WithModelsAsync(FleetFacts facts, Guid organization, Guid project, CancellationToken cancel)
    {
        DeploymentPlan plan = DeploymentPlan.Of(await db.Set<Deployment>().AsNoTracking().Where(d => d.OrganizationId == organization && d.ProjectId == project).ToListAsync(cancel));
        Guid? champion = await db.CurrentOf(project).Where(a => a.Alias == ModelAlias.Champion).Select(a => a.ModelVersionId).FirstOrDefaultAsync(cancel), judged = plan.Active?.ModelVersionId ?? champion;
        ModelVersion? trusted = judged is null ? null : await db.Set<ModelVersion>().AsNoTracking().SingleAsync(m => m.Id == judged, cancel);
        DateTimeOffset silentSince = time.GetUtcNow() - StationHealth.Silence;
        IQueryable<Station> stations = db.Set<Station>().Where(s => s.OrganizationId == organization && s.RevokedAt == null && s.HeartbeatAt != null);
        string slug = await db.Set<Organization>().Where(o => o.Id == organization).Select(o => o.Slug).SingleAsync(cancel);
        Measurement? measured = trusted is null ? null : await Measurements.NewestAsync(db, project, trusted.Id, slug, cancel);
        DateTimeOffset? frozen = trusted is null ? null : await db.Set<DatasetVersion>().Where(v => v.Id == trusted.DatasetVersionId).Select(v => (DateTimeOffset?)v.CreatedAt).FirstOrDefaultAsync(cancel) ?? trusted.CreatedAt;
        DateTimeOffset since = frozen ?? DateTimeOffset.MaxValue;
        return facts with
        {
            Performance = measured is { } m ? new(m.Figure.Value, m.Figure.Low, m.Figure.High, m.Figure.Images, m.At, true, m.Evaluation) : null,
            TrainedAt = trusted?.CreatedAt,
            AcceptedSinceTraining = frozen is null ? 0 : await db.Set<GroundTruth>().CountAsync(t => t.OrganizationId == organization && t.ProjectId == project && t.IsCurrent && t.At > since, cancel),
            NewestVersion = await db.Set<ModelVersion>().Where(v => v.ProjectId == project && v.RetiredAt == null).MaxAsync(v => (int?)v.Number, cancel),
            ActiveVersion = plan.Active?.ModelNumber,
            ComingVersion = plan.Canary?.ModelNumber ?? plan.Shadows.Select(s => (int?)s.ModelNumber).Max(),
            Stations = await stations.CountAsync(cancel),
            SilentStations = await stations.CountAsync(s => s.HeartbeatAt < silentSince, cancel),
        };
    }

    // The running campaign that is furthest behind: the board shows the worst.
    private async Task<FleetPace?> PaceAsync(Guid organization, Guid project, DateTimeOffset now, CancellationToken cancel)
    {
        List<Campaign> running = await db.Set<Campaign>().AsNoTracking()
            .Where(c => c.OrganizationId == organization && c.ProjectId == project && c.State == CampaignState.Running).OrderBy(c => c.Id).Take(20).ToListAsync(cancel);
        List<FleetPace> paces = [];
        foreach (Campaign c in running)
        {
            CampaignTotals totals = CampaignTotals.Of(await db.Set<CampaignTotal>().AsNoTracking().Where(t => t.CampaignId == c.Id).ToListAsync(cancel));
            DateOnly today = DateOnly.FromDateTime(now.UtcDateTime), from = today.AddDays(-Forecast.Window);
            var days = await db.Set<CampaignDay>().Where(d => d.CampaignId == c.Id && d.Day >= from).GroupBy(d => d.Day).Select(g => new { g.Key, Answers = g.Sum(d => d.Submitted - d.Rejected) }).ToListAsync(cancel);
            double perImage = 1 + (c.Rules.OverlapShare * (c.Rules.OverlapCount - 1));
            Forecast forecast = Forecast.Of(today, days.ToDictionary(d => d.Key, d => d.Answers), perImage, totals.Done, c.Target, c.DueOn);
            paces.Add(new(c.Id, c.Name, totals.Done, c.Target, forecast.PerDay, forecast.NeededPerDay, forecast.DoneOn, c.DueOn));
        }

        return paces.MaxBy(p => p.Done >= p.Target ? -1 : p is { DueOn: { } due, DoneOn: { } done } ? done.DayNumber - due.DayNumber : 0);
    }
}
