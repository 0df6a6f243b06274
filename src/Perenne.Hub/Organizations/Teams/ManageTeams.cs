using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Shared;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Organizations;

internal sealed record SaveTeamRequest(string Name, IReadOnlyList<Guid> Members);

internal sealed record TeamRow(Guid Id, string Name, IReadOnlyList<Guid> Members);

internal sealed class ManageTeams(HubDbContext db, AuditLog audit, IdSource ids, TimeProvider time)
{
    public async Task<Result<IReadOnlyList<TeamRow>>> ListAsync(Guid organization, CancellationToken cancel) => await db.Set<Team>()
        .Where(t => t.OrganizationId == organization).OrderBy(t => t.Name)
        .Select(t => new TeamRow(t.Id, t.Name, t.Members.Select(m => m.UserId).ToList())).ToListAsync(cancel);

    /// <param name="id">Null creates a team.</param>
    public async Task<Result<TeamRow>> SaveAsync(Guid organization, Guid? id, SaveTeamRequest request, CancellationToken cancel)
    {
        List<Guid> wanted = [.. (request.Members ?? []).Distinct()];
        int known = await db.Set<Membership>().Where(m => m.OrganizationId == organization && wanted.Contains(m.UserId)).Select(m => m.UserId).Distinct().CountAsync(cancel);
        HubError? invalid = new Check().Text(request.Name, "name", "The name", 100)
            .That(known == wanted.Count, "members", "A team takes members of its own organization only. Invite the others first.").Error;
        if (invalid is not null)
            return invalid;
        Team? team = id is null ? new() { Id = ids.Next(), OrganizationId = organization, Name = request.Name, CreatedAt = time.GetUtcNow() }
            : await db.Set<Team>().Include(t => t.Members).SingleOrDefaultAsync(t => t.Id == id && t.OrganizationId == organization, cancel);
        if (team is null)
            return HubError.NotFound("This team");
        TeamRow? before = id is null ? null : ToRow(team);
        team.Name = request.Name.Trim();
        team.Members.RemoveAll(m => !wanted.Contains(m.UserId));
        team.Members.AddRange(wanted.Except(team.Members.Select(m => m.UserId)).Select(user => new TeamMember { TeamId = team.Id, UserId = user, OrganizationId = organization }));
        if (id is null)
            db.Add(team);
        audit.Record(organization, id is null ? "team.created" : "team.edited", team.Name, before, ToRow(team));
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation() || e is DbUpdateConcurrencyException)
        {
            return HubError.Conflict("team-changed", $"There is a team '{team.Name}' already, or somebody changed this team meanwhile. Reload and try again.");
        }

        return ToRow(team);
    }

    public async Task<Result<Done>> DeleteAsync(Guid organization, Guid id, CancellationToken cancel)
    {
        Team? team = await db.Set<Team>().Include(t => t.Members).SingleOrDefaultAsync(t => t.Id == id && t.OrganizationId == organization, cancel);
        if (team is null)
            return HubError.NotFound("This team");
        audit.Record(organization, "team.deleted", team.Name, before: ToRow(team));
        db.Remove(team);
        await db.SaveChangesAsync(cancel);
        return default(Done);
    }

    private static TeamRow ToRow(Team team) => new(team.Id, team.Name, [.. team.Members.Select(m => m.UserId)]);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/organizations/{organization}/teams", async (ManageTeams handler, HttpContext http, CancellationToken cancel) =>
                (await handler.ListAsync(http.OrganizationId(), cancel)).ToOk())
            .Requires(HubAction.OrganizationRead).Produces<IReadOnlyList<TeamRow>>().WithTags("Teams").WithName("ListTeams").WithSummary("The teams of an organization.");
        routes.MapPost("/organizations/{organization}/teams", async (SaveTeamRequest request, ManageTeams handler, HttpContext http, CancellationToken cancel) =>
                (await handler.SaveAsync(http.OrganizationId(), null, request, cancel)).ToOk())
            .Requires(HubAction.TeamsEdit).Produces<TeamRow>().WithTags("Teams").WithName("CreateTeam")
            .WithExample(new SaveTeamRequest("Night shift", [RequestExample.Id]))
            .WithSummary("Create a team.");
        routes.MapPut("/organizations/{organization}/teams/{team}", async (Guid team, SaveTeamRequest request, ManageTeams handler, HttpContext http, CancellationToken cancel) =>
                (await handler.SaveAsync(http.OrganizationId(), team, request, cancel)).ToOk())
            .Requires(HubAction.TeamsEdit).Produces<TeamRow>().WithTags("Teams").WithName("EditTeam")
            .WithExample(new SaveTeamRequest("Night shift", [RequestExample.Id]))
            .WithSummary("Change a team's name and members.");
        routes.MapDelete("/organizations/{organization}/teams/{team}", async (Guid team, ManageTeams handler, HttpContext http, CancellationToken cancel) =>
                (await handler.DeleteAsync(http.OrganizationId(), team, cancel)).ToOk())
            .Requires(HubAction.TeamsEdit).Produces(204).WithTags("Teams").WithName("DeleteTeam").WithSummary("Delete a team; its people stay members.");
    }
}
