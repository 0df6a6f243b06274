using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Deploy;

/// <param name="Waves">Organizations (slug or id) of each wave, in order.</param>
internal sealed record StartRolloutRequest(Guid ModelVersionId, IReadOnlyList<IReadOnlyList<string>> Waves, RolloutRules? Rules = null);

internal sealed record RolloutRow(
    Guid Id, Guid ModelVersionId, int ModelNumber, IReadOnlyList<IReadOnlyList<Guid>> Waves, RolloutRules Rules, RolloutState State, string? Note, DateTimeOffset StartedAt, string By, DateTimeOffset? EndedAt)
{
    public static RolloutRow Of(Rollout r) => new(r.Id, r.ModelVersionId, r.ModelNumber, r.Waves, r.Rules, r.State, r.Note, r.StartedAt, r.ByName, r.EndedAt);
}

/// <summary>Starts, pauses, resumes and stops rollouts. The starter must have the right to deploy in each organization of each wave.</summary>
internal sealed class ManageRollouts(HubDbContext db, CurrentAccess access, ModelPackages packages, AuditLog audit, IdSource ids, TimeProvider time)
{
    /// <summary>Why a rollout may have to wait for another one.</summary>
    public const string Busy = "rollout-runs";

    /// <param name="id">Of a flow that must not begin twice; null: a new one.</param>
    public async Task<Result<RolloutRow>> StartAsync(Guid project, StartRolloutRequest request, CancellationToken cancel, Guid? id = null)
    {
        RolloutRules rules = request.Rules ?? new();
        if (request.Waves is null || request.Waves.Any(wave => wave is null))
            return HubError.Invalid("waves", "Name the organizations of each wave, for example [[\"lyon\"], [\"porto\"]].");
        // Only the organizations of the route's project in which the caller may deploy are in scope.
        var places = await (from link in db.Set<ProjectOrganization>()
                            join o in db.Set<Organization>() on link.OrganizationId equals o.Id
                            where link.ProjectId == project
                            select new { o.Id, o.Slug }).ToListAsync(cancel);
        List<List<Guid>> waves = [.. request.Waves.Select(wave => wave.Select(key => places.FirstOrDefault(p => p.Slug == key || p.Id.ToString() == key)?.Id ?? Guid.Empty).ToList())];
        HubError? invalid = new Check()
            .That(waves.Count is >= 1 and <= 50 && waves.All(w => w.Count > 0), "waves", "A rollout has 1 to 50 waves with at least one organization each.")
            .That(waves.SelectMany(w => w).All(id => id != Guid.Empty), "waves", "One of the organizations does not run this project, or you may not deploy there.")
            .That(waves.SelectMany(w => w).Distinct().Count() == waves.Sum(w => w.Count), "waves", "An organization is in the waves twice.")
            .That(rules.ShadowHours is >= 0 and <= 8760 && rules.CanaryHours is >= 0 and <= 8760, "hours", "A stage takes 0 to 8,760 hours.")
            .That(rules.CanaryShare is > 0 and <= 1, "canaryShare", "The share of the frames lies above 0 and is at most 1.")
            .That(rules.MinFrames >= 0 && rules.MaxRolledBack >= 0, "minFrames", "Frames and rollbacks are not negative.")
            .Error;
        if (invalid is not null)
            return invalid;
        if (await packages.FindAsync(project, request.ModelVersionId, cancel) is not { } model)
            return HubError.Invalid("modelVersionId", "This project has no such model version, or its package is not complete.");
        if (await db.Set<Rollout>().AnyAsync(r => r.ProjectId == project && (r.State == RolloutState.Running || r.State == RolloutState.Paused), cancel))
            return HubError.Conflict(Busy, "Another rollout of this project is on its way. Stop it first.");
        Rollout rollout = new()
        {
            Id = id ?? ids.Next(), ProjectId = project, OrganizationId = waves[0][0], ModelVersionId = request.ModelVersionId, ModelNumber = model.Number, Waves = waves, Rules = rules,
            State = RolloutState.Running, StartedAt = time.GetUtcNow(), ByName = access.Actor.Name,
        };
        db.Add(rollout);
        foreach (Guid organization in waves.SelectMany(w => w))
            audit.Record(organization, "rollout.started", $"v{model.Number}", after: new { rollout.Id, rollout.Waves, rollout.Rules });
        await db.SaveChangesAsync(cancel);
        return RolloutRow.Of(rollout);
    }

    public async Task<IReadOnlyList<RolloutRow>> ListAsync(Guid project, CancellationToken cancel) =>
        (await db.Set<Rollout>().AsNoTracking().Where(r => r.ProjectId == project).OrderByDescending(r => r.Id).Take(50).ToListAsync(cancel)).ConvertAll(RolloutRow.Of);

    public async Task<Result<RolloutRow>> SetAsync(Guid project, Guid id, RolloutState state, CancellationToken cancel)
    {
        Rollout? rollout = await db.Set<Rollout>().SingleOrDefaultAsync(r => r.Id == id && r.ProjectId == project, cancel);
        if (rollout is null)
            return HubError.NotFound("This rollout");
        if (rollout.State is RolloutState.Stopped or RolloutState.Finished || state == RolloutState.Finished)
            return HubError.Conflict("rollout-over", "This rollout is over. Start a new one.");
        (rollout.State, rollout.Note, rollout.EndedAt) = (state, null, state == RolloutState.Stopped ? time.GetUtcNow() : null);
        audit.Record(rollout.OrganizationId, "rollout." + state.ToString().ToLowerInvariant(), $"v{rollout.ModelNumber}");
        await db.SaveChangesAsync(cancel);
        return RolloutRow.Of(rollout);
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/v1/projects/{project}/rollouts", async (StartRolloutRequest request, ManageRollouts handler, HttpContext http, CancellationToken cancel) =>
                (await handler.StartAsync(http.ProjectId(), request, cancel)).ToOk())
            .Requires(HubAction.DeploymentsEdit).Produces<RolloutRow>().WithTags("Deployments").WithName("StartRollout")
            .WithExample(new StartRolloutRequest(RequestExample.Id, [["lyon"], ["porto", "graz"]]))
            .WithSummary("Bring a model version to several organizations, wave after wave, through shadow and canary.");
        routes.MapGet("/api/v1/projects/{project}/rollouts", async (ManageRollouts handler, HttpContext http, CancellationToken cancel) => TypedResults.Ok(await handler.ListAsync(http.ProjectId(), cancel)))
            .Requires(HubAction.DeploymentsRead).WithTags("Deployments").WithName("ListRollouts").WithSummary("The rollouts of a project, newest first.");
        routes.MapPut("/api/v1/projects/{project}/rollouts/{rollout:guid}/state", async (Guid rollout, SetRolloutRequest request, ManageRollouts handler, HttpContext http, CancellationToken cancel) =>
                (await handler.SetAsync(http.ProjectId(), rollout, request.State, cancel)).ToOk())
            .Requires(HubAction.DeploymentsEdit).Produces<RolloutRow>().WithTags("Deployments").WithName("SetRolloutState").WithExample(new SetRolloutRequest(RolloutState.Paused))
            .WithSummary("Pause, resume or stop a rollout; what is deployed stays as it is.");
    }
}

internal sealed record SetRolloutRequest(RolloutState State);
