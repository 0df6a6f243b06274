using Microsoft.EntityFrameworkCore;
using Perenne.Contracts.Collect;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Collect.Ingest;

/// <summary>Which contents a project has already in an organization: a repeated import asks this first and sends the rest.</summary>
internal static class FindKnownContents
{
    public const int MaxHashes = 1000;

    internal sealed class Handler(HubDbContext db)
    {
        public async Task<Result<KnownContents>> HandleAsync(Guid organization, Guid project, KnownContentsRequest request, CancellationToken cancel)
        {
            if (request.Hashes is not { Count: <= MaxHashes })
                return HubError.Invalid("hashes", $"Send a list of at most {MaxHashes} hashes.");
            if (request.Hashes.FirstOrDefault(hash => hash is not { Length: 64 } || !hash.All(char.IsAsciiHexDigit)) is { } bad)
                return HubError.Invalid("hashes", $"'{bad}' is not a SHA-256 hash of 64 hexadecimal digits.");
            string[] hashes = [.. request.Hashes.Select(hash => hash.ToLowerInvariant())];
            return new KnownContents(await db.Set<Image>().Where(i => i.ProjectId == project && i.OrganizationId == organization && hashes.Contains(i.ContentHash))
                .ToDictionaryAsync(i => i.ContentHash, i => i.Id, cancel));
        }
    }

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/v1/organizations/{organization}/projects/{project}/images/known", async (HttpContext http, KnownContentsRequest request, Handler handler, CancellationToken cancel) =>
            (await handler.HandleAsync(http.OrganizationId(), http.ProjectId(), request, cancel)).ToOk()).Requires(HubAction.ImagesAdd).WithName("FindKnownContents")
            .WithSummary("Which of these SHA-256 sums the project holds already, so that a repeated import sends nothing twice.");
}
