using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Annotate;

/// <summary>The names a document may use: every class the project ever had under that name, so that a rename or a retirement never makes open work unsavable.</summary>
internal sealed class LabelNames(HubDbContext db)
{
    /// <summary>Null while the project has no schema: then every name is taken.</summary>
    public async Task<IReadOnlySet<string>?> UsableAsync(Guid project, CancellationToken cancel)
    {
        List<IReadOnlyList<LabelClass>> versions = await db.Set<SchemaVersion>().Where(v => v.ProjectId == project).Select(v => v.Classes).ToListAsync(cancel);
        return versions.Count == 0 ? null : versions.SelectMany(classes => classes).Select(c => c.Name).ToHashSet();
    }
}
