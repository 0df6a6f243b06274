using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;

namespace Perenne.Hub.Collect.Gallery;

/// <summary>The organizations whose images a request is about: those of the project that the caller may see, narrowed by the filter.</summary>
internal static class VisibleOrganizations
{
    public static async Task<Result<List<Guid>>> InAsync(HubDbContext db, Guid project, Guid? one, string[]? named, CancellationToken cancel)
    {
        if (one is { } organization)
            return new List<Guid> { organization };
        // The query filter on both sets leaves only what the caller may see.
        var visible = await db.Set<ProjectOrganization>().Where(link => link.ProjectId == project)
            .Join(db.Set<Organization>(), link => link.OrganizationId, o => o.Id, (link, o) => new { o.Id, o.Slug }).ToListAsync(cancel);
        if (named is not { Length: > 0 })
            return visible.ConvertAll(o => o.Id);
        List<Guid> chosen = [.. visible.Where(o => named.Contains(o.Slug, StringComparer.Ordinal) || named.Contains(o.Id.ToString(), StringComparer.OrdinalIgnoreCase)).Select(o => o.Id)];
        return chosen.Count > 0 ? chosen : HubError.Invalid("in", $"None of the organizations '{string.Join("', '", named)}' takes part in this project, or you may not see their images.");
    }
}
