using GraphQL;
using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Share.Graph;

/// <summary>
/// The rights of a query: each field that reads a project's data names its action, decided by the same table as the REST endpoints, and
/// reads under the scope that this decision gives. Fields are resolved one after the other, so the scope is never another field's.
/// </summary>
internal sealed class GraphAccess(CurrentAccess access, HubDbContext db)
{
    private readonly Actor actor = access.Actor;
    private readonly AccessScope own = access.Scope;

    public async Task<List<GraphProject>> ProjectsAsync(string? slug, CancellationToken cancel)
    {
        var links = await db.Set<ProjectOrganization>().Join(db.Set<Project>(), l => l.ProjectId, p => p.Id, (l, p) => new { p.Id, p.Slug, p.Name, l.OrganizationId })
            .Where(p => slug == null || p.Slug == slug).ToListAsync(cancel);
        return [.. links.GroupBy(l => l.Id).Select(g => new GraphProject(g.Key, g.First().Slug, g.First().Name, [.. g.Select(l => l.OrganizationId)]))
            .Where(p => Decide(p, HubAction.ProjectRead).Verdict == Verdict.Allowed).OrderBy(p => p.Name, StringComparer.Ordinal).ThenBy(p => p.Id)];
    }

    public async Task<T> ReadAsync<T>(GraphProject project, HubAction action, Func<Task<T>> read)
    {
        (Verdict verdict, AccessScope scope) = Decide(project, action);
        if (verdict != Verdict.Allowed)
            throw new ExecutionError($"Your role or your token does not allow this in '{project.Slug}' ({action}).") { Code = "forbidden" };
        access.Grant(actor, scope, project.Id);
        try
        {
            return await read();
        }
        finally
        {
            access.Grant(actor, own);
        }
    }

    public async Task<T> ReadAsync<T>(GraphProject project, HubAction action, Func<Task<Result<T>>> read)
    {
        Result<T> result = await ReadAsync<Result<T>>(project, action, read);
        return result.Succeeded ? result.Value : throw new ExecutionError(result.Error.Detail) { Code = result.Error.Code };
    }

    private (Verdict Verdict, AccessScope Scope) Decide(GraphProject project, HubAction action) =>
        AccessDecision.Decide(actor, action, new(null, project.Id, project.OrganizationIds));
}
