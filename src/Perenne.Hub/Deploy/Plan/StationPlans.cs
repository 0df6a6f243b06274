using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Net.Http.Headers;
using Perenne.Contracts;
using Perenne.Contracts.Stations;
using Perenne.Hub.Monitor;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Deploy;

/// <summary>What a station must do, whole. The tag is the hash of the content, so that every hub process answers the same.</summary>
internal sealed class StationPlans(HubDbContext db, ModelPackages packages, TimeProvider time)
{
    /// <summary>Unsigned: enough to know whether it changed.</summary>
    public async Task<StationPlan> MakeAsync(Station station, CancellationToken cancel)
    {
        var projects = await (from link in db.Set<ProjectOrganization>()
                              join project in db.Set<Project>() on link.ProjectId equals project.Id
                              where link.OrganizationId == station.OrganizationId && project.ArchivedAt == null
                              orderby project.Slug
                              select new { project.Id, project.Slug }).ToListAsync(cancel);
        Dictionary<Guid, PlantPolicy> policies = await db.Set<PlantPolicy>().AsNoTracking().Where(p => p.OrganizationId == station.OrganizationId).ToDictionaryAsync(p => p.ProjectId, cancel);
        ILookup<Guid, Deployment> histories = (await db.Set<Deployment>().AsNoTracking().Where(d => d.OrganizationId == station.OrganizationId).ToListAsync(cancel)).ToLookup(d => d.ProjectId);
        // As long as the alert stands, whoever has seen it: after drift more pictures are needed to say what changed.
        HashSet<Guid> drifted = [.. await db.Set<Alert>().Where(a => a.OrganizationId == station.OrganizationId && a.Kind == AlertKinds.Drift && a.OpenKey != null).Select(a => a.ProjectId).Distinct().ToListAsync(cancel)];
        ILookup<Guid, PlannedChange> changes = (await db.Set<LineChange>().Where(c => c.OrganizationId == station.OrganizationId && c.IsNewNormal).GroupBy(c => new { c.ProjectId, c.Camera })
            .Select(g => new { g.Key.ProjectId, g.Key.Camera, At = g.Max(c => c.At) }).ToListAsync(cancel)).ToLookup(c => c.ProjectId, c => new PlannedChange(c.At, c.Camera));
        List<ProjectPlan> plans = [];
        foreach (var project in projects)
        {
            DeploymentPlan deployed = DeploymentPlan.Of(histories[project.Id]);
            Deployment? canary = deployed.Canary is { } one && (one.Stations.Count == 0 || one.Stations.Contains(station.Id)) ? one : null;
            List<PlannedModel> shadows = [];
            // The canary watches the frames that it does not decide, so that both models are compared on all of them.
            foreach (Deployment shadow in canary is null ? deployed.Shadows : [.. deployed.Shadows, canary])
            {
                if (await packages.PlanAsync(shadow, cancel) is { } model)
                    shadows.Add(model);
            }

            SamplingRules sampling = policies.GetValueOrDefault(project.Id)?.Sampling ?? PlantPolicy.DefaultSampling;
            plans.Add(new()
            {
                ProjectId = project.Id, Project = project.Slug, Sampling = drifted.Contains(project.Id) ? sampling : sampling with { DriftShare = 0 },
                Active = await packages.PlanAsync(deployed.Active, cancel), Canary = await packages.PlanAsync(canary, cancel), CanaryShare = canary?.Share ?? 0, Shadows = shadows,
                Changes = [.. changes[project.Id].OrderBy(c => c.Camera, StringComparer.Ordinal)],
            });
        }

        StationPlan plan = new()
        {
            Etag = "", MadeAt = default, Projects = plans, Cameras = station.Cameras, UploadBytesPerSecond = station.UploadBytesPerSecond,
        };
        string etag = Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(plan, ContractJson.Options)))[..32];
        return plan with { Etag = etag, MadeAt = time.GetUtcNow() };
    }

    public async Task<StationPlan> SignAsync(StationPlan plan, CancellationToken cancel)
    {
        List<ProjectPlan> signed = [];
        foreach (ProjectPlan project in plan.Projects)
        {
            List<PlannedModel> shadows = [];
            foreach (PlannedModel shadow in project.Shadows)
                shadows.Add((await packages.SignAsync(shadow, cancel))!);
            signed.Add(project with { Active = await packages.SignAsync(project.Active, cancel), Canary = await packages.SignAsync(project.Canary, cancel), Shadows = shadows });
        }

        return plan with { Projects = signed };
    }

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/station/v1/plan", async (StationPlans handler, CurrentStation current, HttpContext http, CancellationToken cancel) =>
        {
            Result<Station> station = await current.FindAsync(cancel);
            if (!station.Succeeded)
                return station.Error.ToProblem();
            StationPlan plan = await handler.MakeAsync(station.Value, cancel);
            EntityTagHeaderValue tag = new($"\"{plan.Etag}\"");
            http.Response.Headers.ETag = tag.ToString();
            bool isKnown = http.Request.GetTypedHeaders().IfNoneMatch.Any(known => known.Compare(tag, useStrongComparison: false));
            return isKnown ? TypedResults.StatusCode(StatusCodes.Status304NotModified) : TypedResults.Ok(await handler.SignAsync(plan, cancel));
        })
        .Requires(HubAction.StationReport).Produces<StationPlan>().Produces(StatusCodes.Status304NotModified).WithTags("Station").WithName("GetStationPlan")
        .WithSummary("Models, sampling rules and cameras of the station that asks; with an ETag.");
}
