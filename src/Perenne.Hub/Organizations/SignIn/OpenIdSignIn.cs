using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Perenne.Hub.Shared;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Organizations;

/// <param name="Subject">The provider's lasting name for the person; an e-mail address may go to somebody else one day.</param>
internal sealed record OpenIdPerson(string Issuer, string Subject, string? Email, bool EmailIsVerified, string? Name);

/// <summary>
/// Who the provider says it is becomes somebody here: the person linked before, else the one with the same verified address, else the
/// addressee of an open invitation. Nobody gets an account only for having one at the provider.
/// </summary>
internal sealed class OpenIdSignIn(
    HubDbContext db, CurrentAccess access, UserManager<User> users, SignInManager<User> session, Memberships memberships, IdSource ids, TimeProvider time)
{
    public const string Cancelled = "openid-cancelled";
    public const string Failed = "openid-failed";
    public const string Unreachable = "openid-unreachable";
    public const string Unverified = "openid-unverified";
    public const string Unknown = "openid-unknown";
    public const string Disabled = "openid-disabled";
    public const string LinkedOtherwise = "openid-linked-otherwise";

    public async Task<Result<Done>> HandleAsync(OpenIdPerson person, CancellationToken cancel)
    {
        access.ActAsSystem(); // The provider's signed answer is the right.
        await using IDbContextTransaction transaction = await db.Database.BeginTransactionAsync(cancel);
        User? user = await users.FindByLoginAsync(person.Issuer, person.Subject);
        if (user is null)
        {
            if (!person.EmailIsVerified || !Passwords.LooksLikeEmail(person.Email))
                return Refuse(Unverified);
            user = await users.FindByEmailAsync(person.Email!) ?? await CreateInvitedAsync(person, cancel);
            if (user is null)
                return Refuse(Unknown);
            if ((await users.GetLoginsAsync(user)).Any(l => l.LoginProvider == person.Issuer))
                return Refuse(LinkedOtherwise);
            await users.AddLoginAsync(user, new(person.Issuer, person.Subject, null));
        }

        if (user.DisabledAt is not null)
            return Refuse(Disabled);
        user.LastSeenAt = time.GetUtcNow();
        await users.UpdateAsync(user);
        await transaction.CommitAsync(cancel);
        await session.SignInAsync(user, isPersistent: false);
        return default(Done);
    }

    private async Task<User?> CreateInvitedAsync(OpenIdPerson person, CancellationToken cancel)
    {
        DateTimeOffset now = time.GetUtcNow();
        string email = person.Email!.ToUpperInvariant();
#pragma warning disable CA1304, CA1311, CA1862 // Becomes SQL's upper(); the overloads with a culture or a comparison have no translation.
        List<Invitation> open = await db.Set<Invitation>().Where(i => i.UsedAt == null && i.RevokedAt == null && i.ExpiresAt > now && i.Email.ToUpper() == email).ToListAsync(cancel);
#pragma warning restore CA1304, CA1311, CA1862
        List<Guid> ofThem = open.ConvertAll(i => i.Id);
        if (ofThem.Count == 0 || await db.Set<Invitation>().Where(i => ofThem.Contains(i.Id) && i.UsedAt == null).ExecuteUpdateAsync(set => set.SetProperty(i => i.UsedAt, now), cancel) < ofThem.Count)
            return null; // None, or taken by its link in the same moment.
        User user = Passwords.NewUser(ids.Next(), person.Email!, string.IsNullOrWhiteSpace(person.Name) ? person.Email! : person.Name, now);
        user.EmailConfirmed = true;
        IdentityResult created = await users.CreateAsync(user); // Without a password: an administrator can hand out a link for one.
        if (!created.Succeeded)
            return null;
        foreach (Invitation invitation in open)
            await memberships.AddAsync(user, invitation.OrganizationId, invitation.ProjectId, invitation.Role, user, cancel);
        return user;
    }

    public static string SignInPage(string problem) => "/sign-in?problem=" + problem;

    private static HubError Refuse(string code) => new(code, StatusCodes.Status403Forbidden, code);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/sign-in/openid", async (HttpContext http, string? returnUrl, ILogger<OpenIdSignIn> log) =>
            {
                try
                {
                    await http.ChallengeAsync(OpenIdSettings.SchemeName, new() { RedirectUri = "/sign-in/openid/done?returnUrl=" + Uri.EscapeDataString(returnUrl ?? "/") });
                }
                catch (Exception e) when (e is InvalidOperationException or HttpRequestException or IOException && !http.Response.HasStarted)
                {
                    log.LogWarning(e, "The OpenID provider cannot be asked.");
                    http.Response.Redirect(SignInPage(Unreachable));
                }
            })
            .OpenToAnyone("Signing in is how one becomes somebody.").ExcludeFromDescription();

        routes.MapGet("/sign-in/openid/done", async (HttpContext http, string? returnUrl, OpenIdSignIn handler, CancellationToken cancel) =>
            {
                AuthenticateResult external = await http.AuthenticateAsync(IdentityConstants.ExternalScheme);
                await http.SignOutAsync(IdentityConstants.ExternalScheme);
                if (external.Principal is not { } principal || Read(principal) is not { } person)
                    return TypedResults.LocalRedirect(SignInPage(Failed));
                Result<Done> done = await handler.HandleAsync(person, cancel);
                return TypedResults.LocalRedirect(done.Succeeded ? LocalAddress(returnUrl) : SignInPage(done.Error.Code));
            })
            .OpenToAnyone("The provider's answer, kept in a protected cookie, is the right.").ExcludeFromDescription();
    }

    private static OpenIdPerson? Read(ClaimsPrincipal principal) =>
        principal.FindFirst("sub") is { } subject
            ? new(subject.Issuer, subject.Value, principal.FindFirstValue("email"),
                string.Equals(principal.FindFirstValue("email_verified"), "true", StringComparison.OrdinalIgnoreCase), principal.FindFirstValue("name"))
            : null;

    private static string LocalAddress(string? url) => url is ['/', ..] and not ['/', '/' or '\\', ..] ? url : "/";
}
