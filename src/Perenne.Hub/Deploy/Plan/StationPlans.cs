using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Net.Http.Headers;
using Perenne.Contracts;
using Perenne.Contracts.Stations;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Deploy;

/// <summary>What a station must do, whole. The tag is the hash of the content, so that every hub process answers the same.</summary>
internal sealed class StationPlans(HubDbContext db, TimeProvider time)
{
    public async Task<StationPlan> MakeAsync(Station station, CancellationToken cancel)
    {
        var projects = await (from link in db.Set<ProjectOrganization>()
                              join project in db.Set<Project>() on link.ProjectId equals project.Id
                              where link.OrganizationId == station.OrganizationId && project.ArchivedAt == null
                              orderby project.Slug
                              select new { project.Id, project.Slug }).ToListAsync(cancel);
        Dictionary<Guid, PlantPolicy> policies = await db.Set<PlantPolicy>().AsNoTracking().Where(p => p.OrganizationId == station.OrganizationId).ToDictionaryAsync(p => p.ProjectId, cancel);
        List<ProjectPlan> plans = [];
        foreach (var project in projects)
        {
            plans.Add(new()
            {
                ProjectId = project.Id, Project = project.Slug, Sampling = policies.GetValueOrDefault(project.Id)?.Sampling ?? new(),
            });
        }

        StationPlan plan = new()
        {
            Etag = "", MadeAt = default, Projects = plans, Cameras = station.Cameras, UploadBytesPerSecond = station.UploadBytesPerSecond,
        };
        string etag = Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(plan, ContractJson.Options)))[..32];
        return plan with { Etag = etag, MadeAt = time.GetUtcNow() };
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
            return isKnown ? TypedResults.StatusCode(StatusCodes.Status304NotModified) : TypedResults.Ok(plan);
        })
        .Requires(HubAction.StationReport).Produces<StationPlan>().Produces(StatusCodes.Status304NotModified).WithTags("Station").WithName("GetStationPlan")
        .WithSummary("Models, sampling rules and cameras of the station that asks; with an ETag.");
}
