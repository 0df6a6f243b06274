using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Deploy;

internal sealed record DeploymentRow(
    Guid Id, Guid OrganizationId, int Number, Guid ModelVersionId, int ModelNumber, DeploymentStage Stage, double Share, IReadOnlyList<Guid> Stations, IReadOnlyDictionary<string, double> Thresholds,
    DateTimeOffset At, string By, string Reason, bool IsAutomatic, bool IsOverride, IReadOnlyList<GateCheck> Gates)
{
    public static DeploymentRow Of(Deployment d) => new(
        d.Id, d.OrganizationId, d.Number, d.ModelVersionId, d.ModelNumber, d.Stage, d.Share, d.Stations, d.Thresholds, d.At, d.ByName, d.Reason, d.IsAutomatic, d.IsOverride, d.Gates);
}

/// <param name="CanRollBack">Whether there is a model to go back to.</param>
internal sealed record DeployedNow(Guid OrganizationId, DeploymentRow? Active, DeploymentRow? Canary, IReadOnlyList<DeploymentRow> Shadows, bool CanRollBack)
{
    public static DeployedNow Of(Guid organization, DeploymentPlan plan) => new(
        organization, plan.Active is null ? null : DeploymentRow.Of(plan.Active), plan.Canary is null ? null : DeploymentRow.Of(plan.Canary), [.. plan.Shadows.Select(DeploymentRow.Of)], plan.Previous is not null);
}

/// <param name="History">Newest first.</param>
/// <param name="Timeline">The same as stretches of time, oldest first.</param>
internal sealed record DeploymentHistory(DeployedNow Now, IReadOnlyList<DeploymentRow> History, IReadOnlyList<LanePiece> Timeline);

/// <summary>What runs where, since when, and what ran at any time before.</summary>
internal sealed class ReadDeployments(HubDbContext db)
{
    /// <summary>Every organization of the project that the caller may see and where something was ever deployed.</summary>
    public async Task<IReadOnlyList<DeploymentHistory>> HandleAsync(Guid project, Guid? organization, CancellationToken cancel)
    {
        List<Deployment> all = await db.Set<Deployment>().AsNoTracking().Where(d => d.ProjectId == project && (organization == null || d.OrganizationId == organization)).ToListAsync(cancel);
        return [.. all.GroupBy(d => d.OrganizationId).Select(one => new DeploymentHistory(
            DeployedNow.Of(one.Key, DeploymentPlan.Of(one)), [.. one.OrderByDescending(d => d.Number).Select(DeploymentRow.Of)], DeploymentLanes.Of([.. one])))];
    }

    public async Task<DeployedNow> AtAsync(Guid organization, Guid project, DateTimeOffset at, CancellationToken cancel) => DeployedNow.Of(organization, DeploymentPlan.Of(
        await db.Set<Deployment>().AsNoTracking().Where(d => d.ProjectId == project && d.OrganizationId == organization).ToListAsync(cancel), at));

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/projects/{project}/deployments", async (ReadDeployments handler, HttpContext http, CancellationToken cancel) =>
                TypedResults.Ok(await handler.HandleAsync(http.ProjectId(), null, cancel)))
            .Requires(HubAction.DeploymentsRead).WithTags("Deployments").WithName("ListDeployments")
            .WithSummary("What is deployed in each of your organizations, with the whole history.");
        routes.MapGet("/api/v1/organizations/{organization}/projects/{project}/deployments/at", async (ReadDeployments handler, HttpContext http, DateTimeOffset? time, TimeProvider clock, CancellationToken cancel) =>
                TypedResults.Ok(await handler.AtAsync(http.OrganizationId(), http.ProjectId(), time ?? clock.GetUtcNow(), cancel)))
            .Requires(HubAction.DeploymentsRead).WithTags("Deployments").WithName("GetDeploymentAt")
            .WithSummary("Which models judged in an organization at a time: active, canary and shadows.");
    }
}
