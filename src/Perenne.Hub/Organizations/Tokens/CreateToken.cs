using Perenne.Hub.Shared;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Organizations;

/// <param name="Days">Until it expires; null for never.</param>
internal sealed record CreateTokenRequest(string Name, IReadOnlyList<TokenScope> Scopes, int? Days = 90);

/// <param name="Token">Shown this once; only its hash is kept.</param>
internal sealed record CreateTokenDone(Guid Id, string Token, DateTimeOffset? ExpiresAt);

internal sealed class CreateToken(HubDbContext db, CurrentAccess access, IdSource ids, TimeProvider time)
{
    public async Task<Result<CreateTokenDone>> HandleAsync(CreateTokenRequest request, CancellationToken cancel)
    {
        IReadOnlyList<TokenScope> scopes = request.Scopes ?? [];
        HubError? invalid = new Check()
            .Text(request.Name, "name", "The name", 100)
            .That(scopes.Count > 0 && scopes.All(Enum.IsDefined), "scopes", "Choose at least one of: read, annotate, ingest, write, admin.")
            .That(request.Days is null or (>= 1 and <= 3660), "days", "A token works for 1 to 3660 days, or for ever where no number is given.")
            .Error;
        if (invalid is not null)
            return invalid;
        if (access.Actor.TokenActions is { } own && !own.IsSupersetOf(TokenScopes.Actions(scopes)))
            return HubError.Forbidden("A token cannot make a token that may do more than itself.");
        string token = Secret.New(Secret.PersonalPrefix);
        DateTimeOffset now = time.GetUtcNow();
        ApiToken row = new()
        {
            Id = ids.Next(), UserId = access.Actor.Id, Name = request.Name.Trim(), Start = token[..8], Hash = Secret.Hash(token),
            Scopes = [.. scopes.Distinct()], CreatedAt = now, ExpiresAt = request.Days is { } days ? now.AddDays(days) : null,
        };
        db.Add(row);
        await db.SaveChangesAsync(cancel);
        return new CreateTokenDone(row.Id, token, row.ExpiresAt);
    }

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/me/tokens", async (CreateTokenRequest request, CreateToken handler, CancellationToken cancel) => (await handler.HandleAsync(request, cancel)).ToOk())
        .Requires(HubAction.SelfManage).Produces<CreateTokenDone>().WithTags("Me").WithName("CreateToken")
        .WithExample(new CreateTokenRequest("nightly import", [TokenScope.Ingest], 365))
        .WithSummary("Make an API token. It can do what its scopes and your rights both allow; it is shown this once.");
}
