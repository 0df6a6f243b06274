using Microsoft.EntityFrameworkCore;
using Perenne.Contracts.Stations;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Deploy;

internal sealed record PolicyRow(SamplingRules Sampling, RollbackBounds Bounds);

/// <summary>Sampling rules and rollback bounds of a project in one organization; the next plan carries them to its stations.</summary>
internal sealed class EditPolicy(HubDbContext db, AuditLog audit)
{
    public async Task<PolicyRow> ReadAsync(Guid organization, Guid project, CancellationToken cancel) =>
        await db.Set<PlantPolicy>().AsNoTracking().SingleOrDefaultAsync(p => p.ProjectId == project && p.OrganizationId == organization, cancel) is { } policy
            ? new(policy.Sampling, policy.Bounds) : new(PlantPolicy.DefaultSampling, new());

    public async Task<Result<PolicyRow>> HandleAsync(Guid organization, Guid project, PolicyRow request, CancellationToken cancel)
    {
        if (request is not { Sampling.RareClasses: not null, Bounds: not null })
            return HubError.Invalid("sampling", "Send both parts: 'sampling' and 'bounds', as the policy is read.");
        if (Problem(request) is { } invalid)
            return invalid;
        PlantPolicy? policy = await db.Set<PlantPolicy>().SingleOrDefaultAsync(p => p.ProjectId == project && p.OrganizationId == organization, cancel);
        PolicyRow before = policy is null ? new(PlantPolicy.DefaultSampling, new()) : new(policy.Sampling, policy.Bounds);
        if (policy is null)
            db.Add(policy = new() { ProjectId = project, OrganizationId = organization });
        (policy.Sampling, policy.Bounds) = (request.Sampling, request.Bounds);
        string name = await db.Set<Project>().Where(p => p.Id == project).Select(p => p.Name).SingleAsync(cancel);
        audit.Record(organization, "deployment.policy", name, before, request);
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation())
        {
            return HubError.Conflict("changed-meanwhile", "Somebody else saved these rules in the same moment. Look at them again.");
        }

        return request;
    }

    private static HubError? Problem(PolicyRow request)
    {
        (SamplingRules s, RollbackBounds b) = (request.Sampling, request.Bounds);
        return new Check()
            .That(IsShare(s.AuditShare), "auditShare", "The random share lies between 0 and 1.")
            .That(IsShare(s.BandWidth), "bandWidth", "The distance from the threshold lies between 0 and 1.")
            .That(IsShare(s.BandShare), "bandShare", "The share of uncertain frames lies between 0 and 1.")
            .That(IsShare(s.DriftShare), "driftShare", "The share after drift lies between 0 and 1.")
            .That(s.RareClasses.Values.All(IsShare), "rareClasses", "The share of a rare class lies between 0 and 1.")
            .That(s.MaxPerHour is >= 0 and <= 100_000, "maxPerHour", "Between 0 and 100,000 images an hour are taken.")
            .That(b.MinFrames is >= 1 and <= 1_000_000, "minFrames", "At least 1 and at most 1,000,000 frames.")
            .That(b.MaxErrorRate is null || IsInner(b.MaxErrorRate.Value), "maxErrorRate", "The bound on failures lies between 0 and 1, or is empty.")
            .That(b.MaxDisagreement is null || IsInner(b.MaxDisagreement.Value), "maxDisagreement", "The bound on disagreement lies between 0 and 1, or is empty.")
            .That(b.MaxFeedbackRate is null || IsInner(b.MaxFeedbackRate.Value), "maxFeedbackRate", "The bound on objections lies between 0 and 1, or is empty.")
            .That(b.MaxLatencyMilliseconds is null or > 0 and <= 600_000, "maxLatencyMilliseconds", "The bound on latency is a number of milliseconds, or is empty.")
            .That(b.WatchHours is >= 1 and <= 8_760, "watchHours", "A new model is watched for 1 to 8,760 hours.")
            .Error;
    }

    private static bool IsShare(double value) => value is >= 0 and <= 1;

    private static bool IsInner(double value) => value is > 0 and < 1;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/organizations/{organization}/projects/{project}/deployment-policy", async (EditPolicy handler, HttpContext http, CancellationToken cancel) =>
                TypedResults.Ok(await handler.ReadAsync(http.OrganizationId(), http.ProjectId(), cancel)))
            .Requires(HubAction.DeploymentsRead).WithTags("Deployments").WithName("GetDeploymentPolicy")
            .WithSummary("Sampling rules and rollback bounds of a project in an organization.");
        routes.MapPut("/api/v1/organizations/{organization}/projects/{project}/deployment-policy", async (PolicyRow request, EditPolicy handler, HttpContext http, CancellationToken cancel) =>
                (await handler.HandleAsync(http.OrganizationId(), http.ProjectId(), request, cancel)).ToOk())
            .Requires(HubAction.DeploymentsEdit).Produces<PolicyRow>().WithTags("Deployments").WithName("EditDeploymentPolicy")
            .WithExample(new PolicyRow(new() { AuditShare = 0.02 }, new(MaxLatencyMilliseconds: 200)))
            .WithSummary("Change which frames stations send as images, and when a model is taken back by itself.");
    }
}
