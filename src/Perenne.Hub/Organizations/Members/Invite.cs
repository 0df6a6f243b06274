using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Shared;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Organizations;

/// <param name="ProjectId">Null: for all projects of the organization.</param>
/// <param name="Days">How long the link works.</param>
internal sealed record InviteRequest(string Email, Role Role, Guid? ProjectId = null, int Days = 14)
{
    [JsonIgnore]
    public Guid OrganizationId { get; init; }
}

/// <param name="Path">Address of the link on this hub, shown this once.</param>
/// <param name="Mailed">False: hand the link over yourself.</param>
internal sealed record InviteDone(Guid Id, string Path, DateTimeOffset ExpiresAt, bool Mailed);

internal sealed class Invite(HubDbContext db, AuditLog audit, CurrentAccess access, Mailer mailer, IdSource ids, TimeProvider time)
{
    public async Task<Result<InviteDone>> HandleAsync(InviteRequest request, CancellationToken cancel)
    {
        HubError? invalid = new Check()
            .That(Passwords.LooksLikeEmail(request.Email), "email", $"'{request.Email}' is not an e-mail address.")
            .That(Enum.IsDefined(request.Role) && request.Role != Role.Station, "role", "Choose a role for a person. Stations are enrolled as machines.")
            .That(request.Days is >= 1 and <= 90, "days", "An invitation works for 1 to 90 days.")
            .Error;
        if (invalid is not null)
            return invalid;
        if (request.ProjectId is { } project && !await db.Set<ProjectOrganization>().AnyAsync(l => l.ProjectId == project && l.OrganizationId == request.OrganizationId, cancel))
            return HubError.Invalid("projectId", "This project does not run in this organization.");

        string code = Secret.New();
        DateTimeOffset now = time.GetUtcNow();
        Invitation invitation = new()
        {
            Id = ids.Next(), OrganizationId = request.OrganizationId, ProjectId = request.ProjectId, Role = request.Role, Email = request.Email.Trim(),
            Hash = Secret.Hash(code), CreatedBy = access.Actor.Id, CreatedAt = now, ExpiresAt = now.AddDays(request.Days),
        };
        db.Add(invitation);
        audit.Record(request.OrganizationId, "invitation.created", invitation.Email, after: new { invitation.Role, invitation.ProjectId, invitation.ExpiresAt });
        await db.SaveChangesAsync(cancel);
        string path = "/invitation/" + code;
        string organization = await db.Set<Organization>().Where(o => o.Id == request.OrganizationId).Select(o => o.Name).SingleAsync(cancel);
        bool mailed = await mailer.SendAsync(invitation.Email, $"Your invitation to {organization}", $"{access.Actor.Name} invites you to {organization} on Perenne. This link works once:", path, cancel);
        return new InviteDone(invitation.Id, path, invitation.ExpiresAt, mailed);
    }

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/organizations/{organization}/invitations", async (InviteRequest request, Invite handler, HttpContext http, CancellationToken cancel) =>
            (await handler.HandleAsync(request with { OrganizationId = http.OrganizationId() }, cancel)).ToOk())
        .Requires(HubAction.MembersEdit).Produces<InviteDone>().WithTags("Members").WithName("Invite").WithExample(new InviteRequest("anna@lyon.example", Role.Reviewer))
        .WithSummary("Make a one-time link that gives its receiver a role in this organization.");
}
