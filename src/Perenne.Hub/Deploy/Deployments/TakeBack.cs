using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Deploy;

/// <param name="ModelVersionId">Null: the canary where there is one, else the active model.</param>
internal sealed record TakeBackRequest(string Reason, Guid? ModelVersionId = null);

/// <summary>Rollback (with blame) and withdrawal (without) of a model.</summary>
internal sealed class TakeBack(DeploymentLog log)
{
    public Task<Result<DeploymentRow>> RollBackAsync(Guid organization, Guid project, TakeBackRequest request, CancellationToken cancel) =>
        WriteAsync(organization, project, request, DeploymentStage.RolledBack, cancel);

    public Task<Result<DeploymentRow>> WithdrawAsync(Guid organization, Guid project, TakeBackRequest request, CancellationToken cancel) =>
        WriteAsync(organization, project, request, DeploymentStage.Withdrawn, cancel);

    /// <summary>By the hub itself: nothing happens when the deployment is not in force any more, so that two processes that see the same do it once.</summary>
    public Task<Result<Deployment?>> AutomaticallyAsync(Deployment blamed, string reason, CancellationToken cancel) => log.AppendAsync(blamed.OrganizationId, blamed.ProjectId, plan =>
    {
        bool isInForce = plan.All.Any(d => d.Id == blamed.Id), hasWayBack = plan.Active?.Id != blamed.Id || plan.Previous is not null;
        return isInForce && hasWayBack ? new DeploymentEntry(blamed.ModelVersionId, blamed.ModelNumber, DeploymentStage.RolledBack, reason) { IsAutomatic = true } : (DeploymentEntry?)null;
    }, cancel);

    private async Task<Result<DeploymentRow>> WriteAsync(Guid organization, Guid project, TakeBackRequest request, DeploymentStage stage, CancellationToken cancel)
    {
        if (new Check().Text(request.Reason, "reason", "The reason", 1000).Error is { } invalid)
            return invalid;
        return (await log.AppendAsync(organization, project, plan => Decide(plan, request, stage), cancel)).Map(made => DeploymentRow.Of(made!));
    }

    private static Result<DeploymentEntry?> Decide(DeploymentPlan plan, TakeBackRequest request, DeploymentStage stage)
    {
        Deployment? target = request.ModelVersionId is { } id ? plan.All.FirstOrDefault(d => d.ModelVersionId == id) : plan.Canary ?? plan.Active;
        if (target is null)
            return HubError.Conflict("not-deployed", "This model is not at work here.");
        if (target.Id == plan.Active?.Id && stage == DeploymentStage.Withdrawn)
            return HubError.Conflict("is-active", "This model decides here. Roll it back, or activate another one.");
        if (target.Id == plan.Active?.Id && plan.Previous is null)
            return HubError.Conflict("no-way-back", "There was no other model before this one, so there is nothing to go back to. Activate another model instead.");
        return new DeploymentEntry(target.ModelVersionId, target.ModelNumber, stage, request.Reason.Trim());
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/v1/organizations/{organization}/projects/{project}/deployments/rollback", async (TakeBackRequest request, TakeBack handler, HttpContext http, CancellationToken cancel) =>
                (await handler.RollBackAsync(http.OrganizationId(), http.ProjectId(), request, cancel)).ToOk())
            .Requires(HubAction.DeploymentsEdit).Produces<DeploymentRow>().WithTags("Deployments").WithName("RollBackDeployment")
            .WithExample(new TakeBackRequest("Rejects good boards since this morning"))
            .WithSummary("Take the canary or the active model back; the model before it decides again.");
        routes.MapPost("/api/v1/organizations/{organization}/projects/{project}/deployments/withdraw", async (TakeBackRequest request, TakeBack handler, HttpContext http, CancellationToken cancel) =>
                (await handler.WithdrawAsync(http.OrganizationId(), http.ProjectId(), request, cancel)).ToOk())
            .Requires(HubAction.DeploymentsEdit).Produces<DeploymentRow>().WithTags("Deployments").WithName("WithdrawDeployment")
            .WithExample(new TakeBackRequest("Seen enough"))
            .WithSummary("End a shadow or canary without blame.");
    }
}
