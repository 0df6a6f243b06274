using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Observe;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Deploy;

/// <summary>What a deployment in force has shown so far: the figures its bounds are held against.</summary>
/// <param name="Compared">Frames that another model judged too.</param>
/// <param name="Disagreed">Of them, with another verdict.</param>
internal sealed record EvidenceRow(
    Guid DeploymentId, Guid OrganizationId, Guid ModelVersionId, int ModelNumber, DeploymentStage Stage, long Frames, long Decided, long Errors, long Compared, long Disagreed, long Objections, double? LatencyP50, double? LatencyP99);

/// <summary>The evidence for and against everything that is deployed now, in two queries whatever the number of organizations.</summary>
internal sealed class ReadEvidence(HubDbContext db)
{
    public async Task<IReadOnlyList<EvidenceRow>> HandleAsync(Guid project, CancellationToken cancel)
    {
        List<Deployment> history = await db.Set<Deployment>().AsNoTracking().Where(d => d.ProjectId == project).ToListAsync(cancel);
        List<Deployment> now = [.. history.GroupBy(d => d.OrganizationId).SelectMany(one => DeploymentPlan.Of(one).All)];
        List<Guid?> ids = [.. now.Select(d => (Guid?)d.Id)];
        var figures = (await db.Set<SegmentFigure>().AsNoTracking().Where(f => ids.Contains(f.DeploymentId))
            .Select(f => new { f.DeploymentId, f.Role, f.Frames, f.Errors, f.Compared, f.Disagreed, f.Latency }).ToListAsync(cancel)).ToLookup(f => f.DeploymentId);
        Dictionary<Guid, int> objections = await db.Set<Objection>().Where(o => ids.Contains(o.DeploymentId)).GroupBy(o => o.DeploymentId!.Value).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, cancel);
        return now.ConvertAll(d =>
        {
            var own = figures[d.Id].ToList();
            LatencyBins latency = LatencyBins.Sum(own.Select(f => f.Latency));
            return new EvidenceRow(d.Id, d.OrganizationId, d.ModelVersionId, d.ModelNumber, d.Stage, own.Sum(f => (long)f.Frames), own.Where(f => f.Role != "shadow").Sum(f => (long)f.Frames),
                own.Sum(f => (long)f.Errors), own.Sum(f => (long)f.Compared), own.Sum(f => (long)f.Disagreed), objections.GetValueOrDefault(d.Id), latency.Quantile(.5), latency.Quantile(.99));
        });
    }

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/api/v1/projects/{project}/deployments/evidence", async (ReadEvidence handler, HttpContext http, CancellationToken cancel) => TypedResults.Ok(await handler.HandleAsync(http.ProjectId(), cancel)))
        .Requires(HubAction.DeploymentsRead).WithTags("Deployments").WithName("GetDeploymentEvidence")
        .WithSummary("Frames, failures, differences from the other model, objections and latency of everything that is deployed now.");
}
