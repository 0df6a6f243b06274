using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Shared;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Monitor;

/// <summary>Begins a camera's reference when another model decides there or somebody recorded a new normal, and fills it.</summary>
internal sealed class KeepReferences(HubDbContext db, WindowReader reader, IdSource ids, TimeProvider time)
{
    /// <summary>The reference of each camera seen lately, complete or still filling.</summary>
    public async Task<List<DriftReference>> CurrentAsync(Guid organization, Guid project, IReadOnlyList<SeenCamera> cameras, DriftRules rules, DateTimeOffset newest, CancellationToken cancel)
    {
        List<DriftReference> known = await db.Set<DriftReference>().Where(r => r.OrganizationId == organization && r.ProjectId == project).ToListAsync(cancel);
        List<LineChange> normals = await db.Set<LineChange>().AsNoTracking().Where(c => c.OrganizationId == organization && c.ProjectId == project && c.IsNewNormal && c.At <= newest).ToListAsync(cancel);
        List<DriftReference> current = [];
        foreach (SeenCamera camera in cameras)
        {
            DriftReference? last = known.Where(r => r.Camera == camera.Camera).MaxBy(r => r.From);
            DateTimeOffset normal = normals.Where(c => c.Camera is null || c.Camera == camera.Camera).Select(c => c.At).DefaultIfEmpty(DateTimeOffset.MinValue).Max();
            // After a rollback the model before has its own reference already.
            DriftReference? reference = known.Where(r => r.Camera == camera.Camera && r.ModelVersionId == camera.ModelVersionId && r.From >= normal).MaxBy(r => r.From)
                ?? await BeginAsync(organization, project, camera, last, normal, rules, newest, cancel);
            if (reference is null)
                continue;
            if (reference.To is null)
                await FillAsync(reference, newest, cancel);
            current.Add(reference);
        }

        await db.SaveChangesAsync(cancel);
        return current;
    }

    private async Task<DriftReference?> BeginAsync(Guid organization, Guid project, SeenCamera camera, DriftReference? before, DateTimeOffset normal, DriftRules rules, DateTimeOffset newest, CancellationToken cancel)
    {
        DateTimeOffset earliest = before is null ? newest - DriftRules.LookBack : before.From;
        DateTimeOffset? first = await reader.FirstAsync(organization, project, camera, earliest > normal ? earliest : normal, newest, cancel);
        if (first is not { } from || from <= before?.From)
            return null;
        DriftReference reference = new() { Id = ids.Next(), OrganizationId = organization, ProjectId = project, Camera = camera.Camera, ModelVersionId = camera.ModelVersionId, From = from, Size = rules.Policy.Reference, MadeAt = time.GetUtcNow() };
        db.Add(reference);
        return reference;
    }

    private async Task FillAsync(DriftReference reference, DateTimeOffset newest, CancellationToken cancel)
    {
        List<SeenObservation> seen = await reader.ReadAsync(reference, reference.From, true, newest, reference.Wanted, cancel);
        reference.Seen = seen.Count;
        if (seen.Count < reference.Wanted)
            return;
        reference.To = seen[^1].At;
        reference.LongestPauseHours = seen.Zip(seen.Skip(1), (a, b) => (b.At - a.At).TotalHours).Max();
    }
}
