using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Deploy;

/// <param name="Stage">Shadow, canary or active.</param>
/// <param name="Share">Of the frames a canary decides, in (0, 1].</param>
/// <param name="Stations">A canary of these stations only; empty: of all.</param>
/// <param name="Override">Deploy although a gate did not pass; needs its own right, and a reason.</param>
internal sealed record DeployRequest(
    Guid ModelVersionId, DeploymentStage Stage, string Reason, double Share = 1, IReadOnlyList<Guid>? Stations = null, IReadOnlyDictionary<string, double>? Thresholds = null, bool Override = false)
{
    [JsonIgnore]
    public bool IsAutomatic { get; init; }

    [JsonIgnore]
    public Guid? RolloutId { get; init; }

    /// <summary>The last entry of the history that the request rests on; null: whatever it is by now.</summary>
    [JsonIgnore]
    public int? After { get; init; }
}

/// <summary>Puts a model version to work in one organization, through its gates.</summary>
internal sealed class DeployModel(HubDbContext db, CurrentAccess access, DeploymentLog log, ModelPackages packages, GateReader gates)
{
    public async Task<Result<DeploymentRow>> HandleAsync(Guid organization, Guid project, DeployRequest request, CancellationToken cancel)
    {
        if (await ProblemAsync(organization, request, cancel) is { } invalid)
            return invalid;
        if (await packages.FindAsync(project, request.ModelVersionId, cancel) is not { } model)
            return HubError.Invalid("modelVersionId", "This project has no such model version, or its package is not complete.");
        List<GateCheck> checks = DeployGate.Of(await gates.ReadAsync(organization, project, request.ModelVersionId, cancel), request.Stage);
        bool passes = DeployGate.Passes(checks);
        if (!passes && !request.Override)
            return HubError.Conflict("gate", "The model may not be deployed yet. " + string.Join(" ", checks.Where(c => c.Passed != true).Select(c => c.Sentence)));
        if (!passes && AccessDecision.Decide(access.Actor, HubAction.DeploymentsOverride, new(organization, project, [organization])).Verdict != Verdict.Allowed)
            return HubError.Forbidden("Only administrators may deploy a model that did not pass its gates.");
        Result<Deployment?> made = await log.AppendAsync(organization, project, plan => Decide(plan, request, model, checks, isOverride: !passes), cancel, request.After);
        return made.Map(deployment => DeploymentRow.Of(deployment!));
    }

    private static Result<DeploymentEntry?> Decide(DeploymentPlan plan, DeployRequest request, PackageInfo model, List<GateCheck> checks, bool isOverride)
    {
        if (plan.Active?.ModelVersionId == request.ModelVersionId && request.Thresholds is null)
            return HubError.Conflict("active-already", $"Version {model.Number} decides here already.");
        if (request.Stage == DeploymentStage.Canary && plan.Active is null)
            return HubError.Conflict("nothing-active", "A canary shares the frames with a deciding model, and there is none yet. Activate the model, or let it watch as a shadow first.");
        if (request.Stage == DeploymentStage.Canary && plan.Canary is { } other && other.ModelVersionId != request.ModelVersionId)
            return HubError.Conflict("canary-taken", $"Version {other.ModelNumber} is the canary here. Withdraw it or roll it back first.");
        return new DeploymentEntry(request.ModelVersionId, model.Number, request.Stage, request.Reason.Trim())
        {
            Share = request.Stage == DeploymentStage.Canary ? request.Share : 1, Stations = request.Stage == DeploymentStage.Canary ? [.. request.Stations ?? []] : [],
            Thresholds = request.Thresholds?.ToDictionary() ?? [], Gates = checks, IsOverride = isOverride, IsAutomatic = request.IsAutomatic, RolloutId = request.RolloutId,
        };
    }

    private async Task<HubError?> ProblemAsync(Guid organization, DeployRequest request, CancellationToken cancel)
    {
        List<Guid> stations = await db.Set<Station>().Where(s => s.OrganizationId == organization && s.RevokedAt == null).Select(s => s.Id).ToListAsync(cancel);
        return new Check()
            .That(request.Stage is DeploymentStage.Shadow or DeploymentStage.Canary or DeploymentStage.Active, "stage", "Deploy as shadow, canary or active; to take a model back, roll it back or withdraw it.")
            .Text(request.Reason, "reason", "The reason", 1000)
            .That(request.Share is > 0 and <= 1, "share", "The share of the frames lies above 0 and is at most 1.")
            .That((request.Stations ?? []).All(stations.Contains), "stations", "One of the stations is not in service in this organization.")
            .That((request.Thresholds ?? new Dictionary<string, double>()).Values.All(t => t is >= 0 and <= 1), "thresholds", "A threshold lies between 0 and 1.")
            .Error;
    }

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/api/v1/organizations/{organization}/projects/{project}/deployments", async (DeployRequest request, DeployModel handler, HttpContext http, CancellationToken cancel) =>
            (await handler.HandleAsync(http.OrganizationId(), http.ProjectId(), request, cancel)).ToOk())
        .Requires(HubAction.DeploymentsEdit).Produces<DeploymentRow>().WithTags("Deployments").WithName("DeployModel")
        .WithExample(new DeployRequest(RequestExample.Id, DeploymentStage.Canary, "Better on short circuits", 0.1))
        .WithSummary("Put a model version to work in an organization as shadow, canary or active.");
}
