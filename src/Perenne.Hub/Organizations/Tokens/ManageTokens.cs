using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Organizations;

internal sealed record TokenRow(Guid Id, string Name, string Start, IReadOnlyList<TokenScope> Scopes, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? LastUsedAt);

/// <summary>The actor's own tokens that were not revoked.</summary>
internal sealed class ManageTokens(HubDbContext db, CurrentAccess access, TimeProvider time)
{
    public async Task<Result<IReadOnlyList<TokenRow>>> ListAsync(CancellationToken cancel) => await Own()
        .OrderByDescending(t => t.Id)
        .Select(t => new TokenRow(t.Id, t.Name, t.Start, t.Scopes, t.CreatedAt, t.ExpiresAt, t.LastUsedAt)).ToListAsync(cancel);

    public async Task<Result<Done>> RevokeAsync(Guid id, CancellationToken cancel)
    {
        DateTimeOffset now = time.GetUtcNow();
        int revoked = await Own().Where(t => t.Id == id).ExecuteUpdateAsync(set => set.SetProperty(t => t.RevokedAt, now), cancel);
        return revoked == 0 ? HubError.NotFound("This token") : default(Done);
    }

    private IQueryable<ApiToken> Own() => db.Set<ApiToken>().Where(t => t.UserId == access.Actor.Id && t.RevokedAt == null);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/me/tokens", async (ManageTokens handler, CancellationToken cancel) => (await handler.ListAsync(cancel)).ToOk())
            .Requires(HubAction.SelfManage).Produces<IReadOnlyList<TokenRow>>().WithTags("Me").WithName("ListTokens").WithSummary("Your API tokens, without their secrets.");
        routes.MapDelete("/me/tokens/{token}", async (Guid token, ManageTokens handler, CancellationToken cancel) => (await handler.RevokeAsync(token, cancel)).ToOk())
            .Requires(HubAction.SelfManage).Produces(204).WithTags("Me").WithName("RevokeToken").WithSummary("Revoke a token; it stops working at once.");
    }
}
