using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.Net.Http.Headers;
using Perenne.Contracts.Stations;
using Perenne.Hub.Organizations;
using Perenne.Hub.Registry;
using Perenne.Hub.Shared.Blobs;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Deploy;

/// <summary>What a station must know to fetch a package.</summary>
internal sealed record PackageInfo(Guid Id, int Number, string Name, string Sha256, string ManifestSha256, long Bytes);

/// <summary>Model packages as stations get them: signed, whole or in ranges, and only those that are planned for the station's organization.</summary>
internal sealed class ModelPackages(HubDbContext db, IBlobStore blobs, SigningKeys keys)
{
    public async Task<PackageInfo?> FindAsync(Guid project, Guid version, CancellationToken cancel) =>
        await db.Set<ModelVersion>().AsNoTracking().SingleOrDefaultAsync(m => m.Id == version && m.ProjectId == project && m.RetiredAt == null, cancel) is { } model ? Info(model) : null;

    /// <summary>Without its signature, which is another one each time it is made.</summary>
    public async Task<PlannedModel?> PlanAsync(Deployment? deployment, CancellationToken cancel)
    {
        if (deployment is null || await FindAsync(deployment.ProjectId, deployment.ModelVersionId, cancel) is not { } package)
            return null;
        return new()
        {
            ModelVersionId = package.Id, Number = package.Number, DeploymentId = deployment.Id, Sha256 = package.Sha256, ManifestSha256 = package.ManifestSha256, Bytes = package.Bytes,
            Signature = "", Thresholds = deployment.Thresholds,
        };
    }

    public async Task<PlannedModel?> SignAsync(PlannedModel? model, CancellationToken cancel) =>
        model is null ? null : model with { Signature = await keys.SignAsync(model.ModelVersionId, model.Sha256, model.ManifestSha256, cancel) };

    private async Task<IResult> DownloadAsync(Station station, Guid version, bool isManifest, CancellationToken cancel)
    {
        // The rollback target too: a station keeps it ready.
        bool isPlanned = await db.Set<Deployment>().AnyAsync(d => d.OrganizationId == station.OrganizationId && d.ModelVersionId == version
            && db.Set<ProjectOrganization>().Any(p => p.ProjectId == d.ProjectId && p.OrganizationId == station.OrganizationId), cancel);
        ModelVersion? model = isPlanned ? await db.Set<ModelVersion>().AsNoTracking().SingleOrDefaultAsync(m => m.Id == version && m.RetiredAt == null, cancel) : null;
        if (model is null)
            return HubError.NotFound("This model").ToProblem();
        if (isManifest)
            return TypedResults.Bytes(ModelStore.Bytes(model.Manifest), "application/json", entityTag: new EntityTagHeaderValue($"\"{Info(model).ManifestSha256[..32]}\""));
        BlobKey network = new(model.OwnerOrganizationId, BlobKind.Model, model.Sha256);
        return await blobs.ExistsAsync(network, cancel)
            ? TypedResults.Stream(new PieceStream(blobs, network, model.OnnxBytes), "application/octet-stream", entityTag: new EntityTagHeaderValue($"\"{model.Sha256[..32]}\""), enableRangeProcessing: true)
            : HubError.NotFound("This model").ToProblem();
    }

    private static PackageInfo Info(ModelVersion model) =>
        new(model.Id, model.Number, model.Name, model.Sha256, Convert.ToHexStringLower(SHA256.HashData(ModelStore.Bytes(model.Manifest))), model.OnnxBytes);

    public static void Map(IEndpointRouteBuilder routes)
    {
        foreach ((string file, string name, bool isManifest) in new[] { ("model.json", "FetchModelDescription", true), ("model.onnx", "FetchModelNetwork", false) })
        {
            routes.MapGet("/station/v1/models/{version:guid}/" + file, async (Guid version, ModelPackages handler, CurrentStation current, CancellationToken cancel) =>
                {
                    Result<Station> station = await current.FindAsync(cancel);
                    return station.Succeeded ? await handler.DownloadAsync(station.Value, version, isManifest, cancel) : station.Error.ToProblem();
                })
                .Requires(HubAction.StationReport).WithTags("Station").WithName(name).WithSummary($"The {file} of a model planned for the station; ranges are allowed.");
        }
    }
}
