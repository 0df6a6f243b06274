using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Collect;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;

namespace Perenne.Hub.Organizations;

/// <param name="OrganizationId">Only this one; null for all that the actor may see.</param>
internal sealed record GetOverviewRequest(Guid? OrganizationId = null);

/// <summary>How an organization stands, in figures counted now.</summary>
internal sealed record OrganizationOverview(Guid Id, string Slug, string Name, int Members, int Teams, int Machines, IReadOnlyList<OverviewProject> Projects);

/// <param name="OfferedClasses">Of the newest schema version.</param>
/// <param name="Images">In this organization; of these, <paramref name="Usable"/> passed the quality check.</param>
internal sealed record OverviewProject(Guid Id, string Slug, string Name, int? SchemaVersion, int OfferedClasses, long Images, long Usable, DateTimeOffset? LastArrival);

internal sealed class GetOverview(HubDbContext db)
{
    public async Task<Result<IReadOnlyList<OrganizationOverview>>> HandleAsync(GetOverviewRequest request, CancellationToken cancel)
    {
        var organizations = await db.Set<Organization>()
            .Where(o => o.ArchivedAt == null && (request.OrganizationId == null || o.Id == request.OrganizationId))
            .OrderBy(o => o.Name).ThenBy(o => o.Id)
            .Select(o => new
            {
                o.Id,
                o.Slug,
                o.Name,
                Members = db.Set<Membership>().Where(m => m.OrganizationId == o.Id).Select(m => m.UserId).Distinct().Count(),
                Teams = db.Set<Team>().Count(t => t.OrganizationId == o.Id),
                Machines = db.Set<Machine>().Count(m => m.OrganizationId == o.Id && m.RevokedAt == null),
            }).ToListAsync(cancel);
        ILookup<Guid, OverviewProject> projects = await ProjectsAsync([.. organizations.Select(o => o.Id)], cancel);
        return organizations.ConvertAll(o => new OrganizationOverview(o.Id, o.Slug, o.Name, o.Members, o.Teams, o.Machines, [.. projects[o.Id]]));
    }

    private async Task<ILookup<Guid, OverviewProject>> ProjectsAsync(List<Guid> organizations, CancellationToken cancel)
    {
        var links = await db.Set<ProjectOrganization>().Where(link => organizations.Contains(link.OrganizationId))
            .Join(db.Set<Project>().Where(p => p.ArchivedAt == null), link => link.ProjectId, p => p.Id, (link, p) => new
            {
                link.OrganizationId,
                p.Id,
                p.Slug,
                p.Name,
                LastArrival = db.Set<Image>().Where(i => i.ProjectId == p.Id && i.OrganizationId == link.OrganizationId).OrderByDescending(i => i.Id).Select(i => (DateTimeOffset?)i.ArrivedAt).FirstOrDefault(),
            })
            .OrderBy(p => p.Name).ToListAsync(cancel);
        List<ImageCounter> counters = await db.Set<ImageCounter>().AsNoTracking().Where(c => organizations.Contains(c.OrganizationId)).ToListAsync(cancel);
        List<Guid> ids = [.. links.Select(l => l.Id).Distinct()];
        var newest = await db.Set<SchemaVersion>().Where(v => ids.Contains(v.ProjectId))
            .Where(v => !db.Set<SchemaVersion>().Any(later => later.ProjectId == v.ProjectId && later.Number > v.Number))
            .AsNoTracking().ToDictionaryAsync(v => v.ProjectId, cancel);
        return links.ToLookup(l => l.OrganizationId, l =>
        {
            SchemaVersion? version = newest.GetValueOrDefault(l.Id);
            List<ImageCounter> mine = counters.FindAll(c => c.ProjectId == l.Id && c.OrganizationId == l.OrganizationId);
            return new OverviewProject(
                l.Id, l.Slug, l.Name, version?.Number, version?.Classes.Count(c => c.IsOffered) ?? 0,
                mine.Sum(c => c.Count), mine.Where(c => c.Quality == ImageQuality.Usable).Sum(c => c.Count), l.LastArrival);
        });
    }
}
