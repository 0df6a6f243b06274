using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Shared;
using Perenne.Hub.Shared.Data;

namespace Perenne.Hub.Monitor;

/// <summary>Begins a camera's reference when another model decides there or somebody recorded a new normal, and fills it.</summary>
internal sealed class KeepReferences(HubDbContext db, WindowReader reader, IdSource ids, TimeProvider time)
{
    /// <summary>The reference of each camera seen lately, complete or still filling.</summary>
    public async Task<List<DriftReference>> CurrentAsync(Guid organization, Guid project, DateTimeOffset now, CancellationToken cancel)
    {
        List<DriftReference> known = await db.Set<DriftReference>().Where(r => r.OrganizationId == organization && r.ProjectId == project).ToListAsync(cancel);
        List<LineChange> normals = await db.Set<LineChange>().AsNoTracking().Where(c => c.OrganizationId == organization && c.ProjectId == project && c.IsNewNormal && c.At <= now).ToListAsync(cancel);
        List<DriftReference> current = [];
        foreach (SeenCamera camera in await reader.CamerasAsync(organization, project, now - DriftRules.LookBack, now, cancel))
        {
            DriftReference? newest = known.Where(r => r.Camera == camera.Camera).MaxBy(r => r.From);
            DateTimeOffset normal = normals.Where(c => c.Camera is null || c.Camera == camera.Camera).Select(c => c.At).DefaultIfEmpty(DateTimeOffset.MinValue).Max();
            bool isStale = newest is null || newest.ModelVersionId != camera.ModelVersionId || normal > newest.From;
            DriftReference? reference = isStale ? await BeginAsync(organization, project, camera, newest, normal, now, cancel) : newest;
            if (reference is null)
                continue;
            if (reference.To is null)
                await FillAsync(reference, now, cancel);
            current.Add(reference);
        }

        await db.SaveChangesAsync(cancel);
        return current;
    }

    private async Task<DriftReference?> BeginAsync(Guid organization, Guid project, SeenCamera camera, DriftReference? before, DateTimeOffset normal, DateTimeOffset now, CancellationToken cancel)
    {
        DateTimeOffset earliest = before is null ? now - DriftRules.LookBack : before.From;
        DateTimeOffset? first = await reader.FirstAsync(organization, project, camera, earliest > normal ? earliest : normal, now, cancel);
        if (first is not { } from || from <= before?.From)
            return before;
        DriftReference reference = new() { Id = ids.Next(), OrganizationId = organization, ProjectId = project, Camera = camera.Camera, ModelVersionId = camera.ModelVersionId, From = from, MadeAt = time.GetUtcNow() };
        db.Add(reference);
        return reference;
    }

    private async Task FillAsync(DriftReference reference, DateTimeOffset now, CancellationToken cancel)
    {
        const int wanted = DriftRules.Reference + DriftRules.Fitting;
        List<SeenObservation> seen = await reader.ReadAsync(reference.OrganizationId, reference.ProjectId, reference.Camera, reference.From, true, now, wanted, cancel);
        reference.Seen = seen.Count;
        if (seen.Count == wanted)
            reference.To = seen[^1].At;
    }
}
