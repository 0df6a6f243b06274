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

    /// <summary>The names under which the campaign's classes were ever known, and those of classes merged into them; null when the campaign asks for all.</summary>
    public async Task<IReadOnlySet<string>?> AskedForAsync(Campaign campaign, CancellationToken cancel)
    {
        if (campaign.Rules.Classes is not { Count: > 0 })
            return null;
        List<IReadOnlyList<LabelClass>> versions = await db.Set<SchemaVersion>().Where(v => v.ProjectId == campaign.ProjectId).Select(v => v.Classes).ToListAsync(cancel);
        HashSet<Guid> wanted = [.. campaign.Rules.Classes];
        wanted.UnionWith(versions.SelectMany(classes => classes).Where(c => c.MergedInto is { } into && campaign.Rules.Offers(into)).Select(c => c.Id));
        return versions.SelectMany(classes => classes).Where(c => wanted.Contains(c.Id)).Select(c => c.Name).ToHashSet();
    }
}
