using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;
using Perenne.Contracts.Collect;
using Perenne.Hub.Shared.Blobs;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Collect.Ingest;

/// <summary>
/// The way in of the API: multipart/form-data (fields hold for the files after them), application/zip, or one raw file of any other type
/// with its facts in the query. Everything is streamed; each file gets its own verdict, the rest goes on.
/// </summary>
internal static class AddImages
{
    internal sealed class Handler(Intake intake, Staging staging, MultipartIntake multipart, ZipIntake zip)
    {
        public async Task<Result<IntakeAnswer>> HandleAsync(HttpRequest request, IntakeTarget target, CancellationToken cancel)
        {
            if (!MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type))
                return HubError.Invalid("Content-Type", "Name what is sent: 'multipart/form-data', 'application/zip', or 'image/png', 'image/jpeg' … for one file.");
            try
            {
                if (type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase))
                    return await multipart.TakeAsync(request.Body, HeaderUtilities.RemoveQuotes(type.Boundary).Value, target, cancel);
                Result<ArrivalFacts> facts = FactsOf(request.Query);
                if (!facts.Succeeded)
                    return facts.Error;
                using StagedFile file = await staging.WriteAsync(request.Body, cancel);
                return type.MediaType.Equals("application/zip", StringComparison.OrdinalIgnoreCase)
                    ? await zip.TakeAsync(file, target, facts.Value with { Way = "zip" }, cancel)
                    : IntakeAnswer.Of([await intake.TakeAsync(file, target, facts.Value, cancel)]);
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
    }

    /// <summary>?fileName=…&amp;camera=…&amp;meta=key:value&amp;meta=…</summary>
    internal static Result<ArrivalFacts> FactsOf(IQueryCollection query)
    {
        ArrivalFacts facts = new(ArrivalFacts.CleanName(query["fileName"]), "api");
        foreach (string field in new[] { "camera", "station", "capturedAt", "partId", "batch", "group", "metadata" })
        {
            if (query[field] is [{ } value, ..] && facts.TrySet(field, value, out facts) is { } problem)
                return HubError.Invalid(field, problem);
        }

        return facts;
    }

    internal static IntakeTarget TargetOf(HttpContext http, CurrentAccess access) => new(http.OrganizationId(), http.ProjectId(), access.Actor, access.Scope);

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/v1/organizations/{organization}/projects/{project}/images", async (HttpContext http, CurrentAccess access, Handler handler, CancellationToken cancel) =>
                (await handler.HandleAsync(http.Request, TargetOf(http, access), cancel)).ToOk())
            .WithMetadata(new DisableRequestSizeLimitAttribute()).Requires(HubAction.ImagesAdd).WithName("AddImages")
            .WithSummary("Add images: several as a form, or one as the raw body; the answer has a verdict per file.");
}
