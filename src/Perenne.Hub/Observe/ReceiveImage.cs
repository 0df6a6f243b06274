using Perenne.Contracts.Collect;
using Perenne.Contracts.Stations;
using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Collect.Ingest;
using Perenne.Hub.Deploy;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared.Blobs;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Observe;

/// <summary>A sampled frame goes the way of every image; why it was taken and what was seen on it goes with it as metadata.</summary>
internal sealed class ReceiveImage(HubDbContext db, CurrentStation current, CurrentAccess access, Staging staging, Intake intake)
{
    public async Task<Result<FileVerdict>> HandleAsync(string sha256, IHeaderDictionary headers, Stream body, CancellationToken cancel)
    {
        Result<Station> station = await current.FindAsync(cancel);
        if (!station.Succeeded)
            return station.Error;
        Result<(Guid Project, ArrivalFacts Facts)> said = await FactsAsync(station.Value, sha256, headers, cancel);
        if (!said.Succeeded)
            return said.Error;
        try
        {
            using StagedFile file = await staging.WriteAsync(body, cancel);
            if (!file.Hash.Equals(sha256, StringComparison.OrdinalIgnoreCase))
                return new HubError("damaged", StatusCodes.Status412PreconditionFailed, $"The body was damaged on the way: its SHA-256 is {file.Hash}, not {sha256}. Send it again.");
            FileVerdict verdict = await intake.TakeAsync(file, new(station.Value.OrganizationId, said.Value.Project, access.Actor, access.Scope), said.Value.Facts, cancel);
            return verdict.Outcome == FileOutcome.Refused
                ? new HubError("image-refused", StatusCodes.Status422UnprocessableEntity, verdict.Reason ?? "The file is not an image the hub takes.") : verdict;
        }
        catch (StorageFullException error)
        {
            return new HubError("storage-full", StatusCodes.Status507InsufficientStorage, error.Message);
        }
        catch (FileTooLargeException error)
        {
            return new HubError("file-too-large", StatusCodes.Status413PayloadTooLarge, error.Message);
        }
    }

    private async Task<Result<(Guid Project, ArrivalFacts Facts)>> FactsAsync(Station station, string sha256, IHeaderDictionary headers, CancellationToken cancel)
    {
        string Said(string name) => Uri.UnescapeDataString(headers[name].ToString());
        if (sha256.Length != 64 || !sha256.All(char.IsAsciiHexDigit))
            return HubError.Invalid("sha256", "The address ends with the file's SHA-256 in 64 hexadecimal digits.");
        List<Guid> projects = await db.Set<ProjectOrganization>().Where(p => p.OrganizationId == station.OrganizationId).Select(p => p.ProjectId).ToListAsync(cancel);
        Guid project = Guid.TryParse(Said(StationHeaders.Project), out Guid named) ? named : projects.Count == 1 ? projects[0] : Guid.Empty;
        if (!projects.Contains(project))
            return HubError.Invalid(StationHeaders.Project, "Name the project of the image: the id of one that runs in this organization.");
        string reason = Said(StationHeaders.Reason);
        if (reason is not ("feedback" or "audit" or "band" or "rare" or "drift"))
            return HubError.Invalid(StationHeaders.Reason, "Say why the image was taken: feedback, audit, band, rare or drift.");
        ArrivalFacts facts = new(ArrivalFacts.CleanName(Said(StationHeaders.FileName) is { Length: > 0 } name ? name : sha256[..16]), "station")
        {
            Station = station.Name,
            Metadata = Metadata(reason, Said(StationHeaders.Observation)),
            DeliveryKey = $"{station.Id:n}/{Said(StationHeaders.Observation)}/{reason}"[..Math.Min(700, 34 + Said(StationHeaders.Observation).Length + reason.Length)],
        };
        foreach ((string field, string header) in new[] { ("camera", StationHeaders.Camera), ("partId", StationHeaders.Part), ("capturedAt", StationHeaders.CapturedAt) })
        {
            if (facts.TrySet(field, Said(header), out facts) is { } problem)
                return HubError.Invalid(header, problem);
        }

        return (project, facts);
    }

    private static Dictionary<string, string> Metadata(string reason, string observation)
    {
        Dictionary<string, string> metadata = new() { ["sampled"] = reason };
        if (Guid.TryParse(observation, out Guid id))
            metadata["observation"] = id.ToString();
        return metadata;
    }

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPut("/station/v1/images/{sha256}", async (string sha256, ReceiveImage handler, HttpContext http, CancellationToken cancel) =>
            (await handler.HandleAsync(sha256, http.Request.Headers, http.Request.Body, cancel)).ToOk())
        .Requires(HubAction.StationReport).Produces<FileVerdict>().WithTags("Station").WithName("PutSampledImage")
        .WithSummary("Deliver a sampled frame with the reason why it was taken; repeating it is harmless.");
}
