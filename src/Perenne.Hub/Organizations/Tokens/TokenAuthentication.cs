using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Organizations;

/// <summary>"Authorization: Bearer prn_…" (a person's token) or "prm_…" (a station's).</summary>
internal sealed class TokenAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder,
    HubDbContext db, CurrentAccess access, TimeProvider time)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "Token";

    public static bool IsUsedBy(HttpRequest request) =>
        request.Headers.Authorization.ToString().StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase);

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (!IsUsedBy(Request))
            return AuthenticateResult.NoResult();
        string secret = Request.Headers.Authorization.ToString()["Bearer ".Length..].Trim();
        access.ActAsSystem(); // Nobody is known yet; only the token's own row is read.
        ClaimsIdentity? identity = secret.StartsWith(Secret.MachinePrefix, StringComparison.Ordinal) ? await MachineAsync(Secret.Hash(secret))
            : secret.StartsWith(Secret.PersonalPrefix, StringComparison.Ordinal) ? await PersonAsync(Secret.Hash(secret))
            : null;
        access.Grant(Actor.Nobody, AccessScope.Nothing);
        return identity is null
            ? AuthenticateResult.Fail("The token is unknown, expired or revoked.")
            : AuthenticateResult.Success(new(new(identity), SchemeName));
    }

    private async Task<ClaimsIdentity?> PersonAsync(byte[] hash)
    {
        DateTimeOffset now = time.GetUtcNow(), minuteAgo = now.AddMinutes(-1);
        ApiToken? token = await db.Set<ApiToken>().AsNoTracking()
            .SingleOrDefaultAsync(t => t.Hash == hash && t.RevokedAt == null && (t.ExpiresAt == null || t.ExpiresAt > now), Context.RequestAborted);
        if (token is null)
            return null;
        if (token.LastUsedAt is null || token.LastUsedAt < minuteAgo)
        {
            await NoteAsync(db.Set<ApiToken>().Where(t => t.Id == token.Id && (t.LastUsedAt == null || t.LastUsedAt < minuteAgo))
                .ExecuteUpdateAsync(set => set.SetProperty(t => t.LastUsedAt, now), Context.RequestAborted));
        }

        return new([new(ClaimTypes.NameIdentifier, token.UserId.ToString()), new(ActorLoader.TokenActionsClaim, string.Join(' ', TokenScopes.Actions(token.Scopes)))], SchemeName);
    }

    private async Task<ClaimsIdentity?> MachineAsync(byte[] hash)
    {
        DateTimeOffset now = time.GetUtcNow(), minuteAgo = now.AddMinutes(-1);
        Machine? machine = await db.Set<Machine>().AsNoTracking().SingleOrDefaultAsync(m => m.TokenHash == hash && m.RevokedAt == null, Context.RequestAborted);
        if (machine is null)
            return null;
        if (machine.LastUsedAt is null || machine.LastUsedAt < minuteAgo)
        {
            await NoteAsync(db.Set<Machine>().Where(m => m.Id == machine.Id && (m.LastUsedAt == null || m.LastUsedAt < minuteAgo))
                .ExecuteUpdateAsync(set => set.SetProperty(m => m.LastUsedAt, now), Context.RequestAborted));
        }

        return new(
            [new(ClaimTypes.NameIdentifier, machine.Id.ToString()), new(ClaimTypes.Name, machine.Name), new(ActorLoader.MachineOrganizationClaim, machine.OrganizationId.ToString())],
            SchemeName);
    }

    /// <summary>When a token was last used is a courtesy: a full disk must not keep anybody from reading.</summary>
    private static async Task NoteAsync(Task update)
    {
        try
        {
            await update;
        }
        catch (Exception error) when (DbErrors.IsDiskFull(error))
        {
            // Noted with a later request.
        }
    }
}
