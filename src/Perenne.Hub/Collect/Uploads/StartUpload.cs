using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Perenne.Contracts.Collect;
using Perenne.Hub.Collect.Ingest;
using Perenne.Hub.Shared;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Collect.Uploads;

/// <summary>Announces a large file. Its facts are checked now, so that nobody sends a gigabyte before hearing of a misspelt time.</summary>
internal static class StartUpload
{
    /// <summary>Unfinished uploads of one person or station in one project.</summary>
    public const int MaxOpen = 20;

    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    internal sealed class Handler(HubDbContext db, CurrentAccess access, IdSource ids, TimeProvider time, IOptions<HubOptions> options)
    {
        public async Task<Result<UploadState>> HandleAsync(Guid organization, Guid project, StartUploadRequest request, CancellationToken cancel)
        {
            long limit = options.Value.Images.MaxFileBytes;
            if (request.Length < 1 || request.Length > limit)
                return HubError.Invalid("length", $"'length' is {request.Length}; a file has 1 to {limit:N0} bytes on this hub (Hub:Images:MaxFileBytes).");
            if (request.Hash is { } hash && (hash.Length != 64 || !hash.All(char.IsAsciiHexDigit)))
                return HubError.Invalid("hash", "'hash' is the SHA-256 of the whole file in 64 hexadecimal digits, or left out.");
            Result<ArrivalFacts> facts = FactsOf(request);
            if (!facts.Succeeded)
                return facts.Error;
            DateTimeOffset now = time.GetUtcNow();
            int open = await db.Set<Upload>().CountAsync(u => u.ProjectId == project && u.OwnerId == access.Actor.Id && u.Verdict == null && u.ExpiresAt > now, cancel);
            if (open >= MaxOpen)
                return HubError.Conflict("too-many-uploads", $"You have {open} unfinished uploads in this project. Finish or delete one, or wait until they expire.");
            Upload upload = new()
            {
                Id = ids.Next(), OrganizationId = organization, ProjectId = project, OwnerId = access.Actor.Id, Length = request.Length,
                Facts = JsonSerializer.Serialize(new AnnouncedFile(facts.Value, request.Hash?.ToLowerInvariant())), ExpiresAt = now + Lifetime,
            };
            db.Add(upload);
            await db.SaveChangesAsync(cancel);
            return upload.ToState();
        }

        private static Result<ArrivalFacts> FactsOf(StartUploadRequest request)
        {
            ArrivalFacts facts = new(ArrivalFacts.CleanName(request.FileName), "upload");
            foreach ((string field, string value) in request.Facts ?? new Dictionary<string, string>())
            {
                if (facts.TrySet(field, value, out facts) is { } problem)
                    return HubError.Invalid(field, problem);
            }

            return facts;
        }
    }

    public static void Map(IEndpointRouteBuilder uploads) =>
        uploads.MapPost("/", async (HttpContext http, StartUploadRequest request, Handler handler, CancellationToken cancel) =>
                (await handler.HandleAsync(http.OrganizationId(), http.ProjectId(), request, cancel)).ToCreated(state => $"{http.Request.Path}/{state.Id}"))
            .Requires(HubAction.ImagesAdd).Produces<UploadState>(201).WithName("StartUpload").WithSummary("Announce a large file that will come in pieces.");
}

/// <summary>What is kept of the announcement.</summary>
internal sealed record AnnouncedFile(ArrivalFacts Facts, string? Hash);
