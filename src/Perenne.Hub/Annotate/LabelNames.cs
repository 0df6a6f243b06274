using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Annotate;

/// <summary>The names a document may use: every class the project ever had under that name, so that a rename or a retirement never makes open work unsavable.</summary>
internal sealed class LabelNames(HubDbContext db)
{
    private readonly Dictionary<Guid, IReadOnlyList<LabelClass>> everKnown = []; // Of this request: an answer asks twice.

    /// <summary>Null while the project has no schema: then every name is taken.</summary>
    public async Task<IReadOnlySet<string>?> UsableAsync(Guid project, CancellationToken cancel)
    {
        IReadOnlyList<LabelClass>? classes = await EverKnownAsync(project, cancel);
        return classes?.Select(c => c.Name).ToHashSet();
    }

    /// <summary>The names under which the campaign's classes were ever known, and those of classes merged into them; null when the campaign asks for all.</summary>
    public async Task<IReadOnlySet<string>?> AskedForAsync(Campaign campaign, CancellationToken cancel)
    {
        if (campaign.Rules.Classes is not { Count: > 0 })
            return null;
        IReadOnlyList<LabelClass> classes = await EverKnownAsync(campaign.ProjectId, cancel) ?? [];
        HashSet<Guid> wanted = [.. campaign.Rules.Classes];
        wanted.UnionWith(classes.Where(c => c.MergedInto is { } into && campaign.Rules.Offers(into)).Select(c => c.Id));
        return classes.Where(c => wanted.Contains(c.Id)).Select(c => c.Name).ToHashSet();
    }

    /// <summary>The classes of every version of the schema; null while there is none.</summary>
    private async Task<IReadOnlyList<LabelClass>?> EverKnownAsync(Guid project, CancellationToken cancel)
    {
        if (everKnown.TryGetValue(project, out IReadOnlyList<LabelClass>? known))
            return known;
        List<IReadOnlyList<LabelClass>> versions = await db.Set<SchemaVersion>().Where(v => v.ProjectId == project).Select(v => v.Classes).ToListAsync(cancel);
        return versions.Count == 0 ? null : everKnown[project] = [.. versions.SelectMany(classes => classes)];
    }
}
