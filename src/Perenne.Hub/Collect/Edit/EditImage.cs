using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Collect.Ingest;
using Perenne.Hub.Shared;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Collect.Edit;

/// <summary>
/// Replaces what is said of an image: camera, station, time, part, batch, group, metadata. The history keeps before and after. The quality
/// report stays as judged; a change of thresholds judges again, with the new camera's profile.
/// </summary>
internal static class EditImage
{
    /// <summary>All fields; what is missing or null is emptied.</summary>
    internal sealed record Request(
        string? Camera, string? Station, DateTimeOffset? CapturedAt, string? PartId, string? Batch, string? Group, IReadOnlyDictionary<string, string>? Metadata);

    internal sealed class Handler(HubDbContext db, WriteTurn turn, CurrentAccess access, IdSource ids, TimeProvider time)
    {
        public async Task<Result<Done>> HandleAsync(Guid project, Guid id, Request request, CancellationToken cancel)
        {
            Result<ArrivalFacts> facts = Clean(request);
            if (!facts.Succeeded)
                return facts.Error;
            if (!await db.Set<Image>().AnyAsync(i => i.Id == id && i.ProjectId == project, cancel))
                return HubError.NotFound("The image");
            await turn.RunAsync(db, async () =>
            {
                Image image = await db.Set<Image>().Include(i => i.MetadataRows).SingleAsync(i => i.Id == id, cancel);
                object before = Said(image);
                Write(image, facts.Value);
                db.Add(new ImageEvent
                {
                    Id = ids.Next(), OrganizationId = image.OrganizationId, ImageId = id, At = time.GetUtcNow(), ActorId = access.Actor.Id, ActorName = access.Actor.Name,
                    Kind = "metadata.edited", Detail = JsonSerializer.Serialize(new { before, after = Said(image) }, JsonSerializerOptions.Web),
                });
                await db.SaveChangesAsync(cancel);
            }, cancel);
            return new Done();
        }

        private static Result<ArrivalFacts> Clean(Request request)
        {
            ArrivalFacts facts = new("", "edit") { CapturedAt = request.CapturedAt?.ToUniversalTime() };
            (string Field, string? Value)[] given =
            [
                ("camera", request.Camera), ("station", request.Station), ("partId", request.PartId), ("batch", request.Batch), ("group", request.Group),
                ("metadata", request.Metadata is null ? null : JsonSerializer.Serialize(request.Metadata)),
            ];
            foreach ((string field, string? value) in given)
            {
                if (facts.TrySet(field, value ?? "", out facts) is { } problem)
                    return HubError.Invalid(field, problem);
            }

            return facts;
        }

        private static object Said(Image i) => new { i.Camera, i.Station, i.CapturedAt, i.PartId, i.Batch, Group = i.GroupKey, Metadata = JsonSerializer.Deserialize<JsonElement>(i.Metadata) };

        private static void Write(Image image, ArrivalFacts facts)
        {
            (image.Camera, image.Station, image.CapturedAt, image.PartId, image.Batch, image.GroupKey) = (facts.Camera, facts.Station, facts.CapturedAt, facts.PartId, facts.Batch, facts.Group);
            image.Metadata = JsonSerializer.Serialize(facts.Metadata);
            image.SearchText = Image.SearchTextOf(image.FileName, image.PartId, image.Batch, image.GroupKey);
            image.MetadataRows.RemoveAll(row => !facts.Metadata.TryGetValue(row.Key, out string? value) || value != row.Value);
            HashSet<string> kept = [.. image.MetadataRows.Select(row => row.Key)];
            image.MetadataRows.AddRange(facts.Metadata.Where(pair => !kept.Contains(pair.Key)).Select(pair =>
                new ImageMetadata { ImageId = image.Id, OrganizationId = image.OrganizationId, ProjectId = image.ProjectId, Key = pair.Key, Value = pair.Value }));
        }
    }

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPut("/api/v1/projects/{project}/images/{image:guid}/metadata", async (HttpContext http, Guid image, Request request, Handler handler, CancellationToken cancel) =>
                (await handler.HandleAsync(http.ProjectId(), image, request, cancel)).ToOk())
            .Requires(HubAction.ImagesEdit).Produces(204).WithTags("Images").WithName("EditImage").WithSummary("Replace camera, station, time, part, batch, group and metadata of an image.");
}
