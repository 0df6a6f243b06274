using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Perenne.Hub.Shared;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Organizations;

/// <param name="Code">From the link printed at the first start.</param>
/// <param name="Organization">Name of the first organization; null for none yet.</param>
internal sealed record SetUpRequest(string Code, string Name, string Email, string Password, string? Organization = null, string TimeZone = "UTC");

internal sealed record SetUpDone(Guid UserId, string? OrganizationSlug);

/// <summary>Creates the first instance administrator and signs them in. The link is dead afterwards, and so are all its siblings.</summary>
internal sealed class SetUp(
    HubDbContext db, CurrentAccess access, UserManager<User> users, SignInManager<User> session,
    CreateOrganization organizations, AttemptLimiter limiter, IdSource ids, TimeProvider time)
{
    private static readonly HubError Dead = new("link-dead", StatusCodes.Status410Gone, "This set-up link was used or has expired. Start the hub again for a new one, or sign in.");

    /// <summary>For the page: whether the form is worth showing.</summary>
    public async Task<bool> IsOpenAsync(string code, CancellationToken cancel)
    {
        byte[] hash = Secret.Hash(code);
        DateTimeOffset now = time.GetUtcNow();
        return await db.Set<OneTimeLink>().AnyAsync(l => l.Hash == hash && l.Purpose == LinkPurpose.SetUp && l.UsedAt == null && l.ExpiresAt > now, cancel);
    }

    public async Task<Result<SetUpDone>> HandleAsync(SetUpRequest request, CancellationToken cancel)
    {
        if (limiter.Refuse() is { } tooMany)
            return tooMany;
        HubError? invalid = new Check()
            .Text(request.Name, "name", "Your name", 200)
            .That(Passwords.LooksLikeEmail(request.Email), "email", "Give an e-mail address; you sign in with it.")
            .Error ?? (request.Organization is null ? null : OrganizationRules.Check(request.Organization, null, request.TimeZone));
        if (invalid is not null)
            return invalid;
        access.ActAsSystem(); // The code is the right.
        await using IDbContextTransaction transaction = await db.Database.BeginTransactionAsync(cancel);
        if (!await TakeAsync(request.Code, cancel))
            return Dead;
        User user = Passwords.NewUser(ids.Next(), request.Email, request.Name, time.GetUtcNow());
        (user.IsInstanceAdministrator, user.EmailConfirmed) = (true, true);
        IdentityResult created = await users.CreateAsync(user, request.Password ?? "");
        if (!created.Succeeded)
            return created.ToError();
        Organization? organization = null;
        if (request.Organization is not null)
        {
            organization = await organizations.AddAsync(new(request.Organization, null, request.TimeZone), user, cancel);
            db.Add(new Membership { Id = ids.Next(), UserId = user.Id, OrganizationId = organization.Id, Role = Role.Administrator, CreatedAt = time.GetUtcNow() });
            await db.SaveChangesAsync(cancel);
        }

        await transaction.CommitAsync(cancel);
        await session.SignInAsync(user, isPersistent: false);
        return new SetUpDone(user.Id, organization?.Slug);
    }

    // Several hub processes may each have printed a link. Marking all of them makes two simultaneous set-ups wait for each other.
    private async Task<bool> TakeAsync(string code, CancellationToken cancel)
    {
        if (!await IsOpenAsync(code ?? "", cancel))
            return false;
        DateTimeOffset now = time.GetUtcNow();
        int taken = await db.Set<OneTimeLink>().Where(l => l.Purpose == LinkPurpose.SetUp && l.UsedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(l => l.UsedAt, now), cancel);
        return taken > 0 && !await db.Users.AnyAsync(cancel);
    }

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/set-up", async (SetUpRequest request, SetUp handler, CancellationToken cancel) => (await handler.HandleAsync(request, cancel)).ToOk())
        .OpenToAnyone("The one-time code is the right.").Produces<SetUpDone>().WithTags("Sign in").WithName("SetUp")
        .WithExample(new SetUpRequest("the code of the link printed at the first start", "Ada", "ada@lyon.example", "correct horse battery", "Lyon", "Europe/Paris"))
        .WithSummary("Create the first administrator with the link printed at the very first start.");
}
