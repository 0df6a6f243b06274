using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Automate;

/// <param name="Base">The number the editor opened; somebody else's later version is never overwritten. 0: none yet.</param>
internal sealed record PolicyDraft(string Yaml, int Base);

internal sealed record PolicyView(int Number, string Yaml, string? SavedBy, DateTimeOffset? At);

/// <summary>The policy in force, and a new version of it.</summary>
internal sealed class SavePolicy(HubDbContext db, CurrentAccess access, IdSource ids, TimeProvider time, AuditLog audit)
{
    public const string Starter = """
        # What this project's loop does by itself. Every version is kept.
        version: 1
        enabled: false            # true: the steps below are taken; false: facts are only recorded
        collect:
          top_up_below: 20        # a running campaign with fewer free tasks takes images from the pool
          images_per_top_up: 100
        evaluate:
          cron: "0 0 2 * * ?"     # second minute hour day month weekday, in each organization's time zone
          newest_accepted: 300    # measured on the newest accepted images that the model was not trained on
          least_accepted: 30
        monitor:
          false_alarms: 1         # of drift, that an organization puts up with in so many days; every threshold follows from it
          days: 90
          reference: 500          # first observations of a camera, with which all later ones are compared
          window: 250             # observations judged at a time
          beginning: 1000         # parts a new version passes before a rise of operators' objections can be told
        audit:
          on_drift: true          # a confirmed drift asks people to annotate a random sample
          images: 60
          overlap: 0.2
        retrain:
          performance_below: 0.85 # when the upper end of the measured interval is below it
          least_new_accepted: 40
          new_accepted: 500       # or simply after so many new accepted images
          pause_hours: 24
          minutes: 15
          warm_start: true
        gate:
          margin: 0.0             # mean AP to win by, on the frozen test split
        rollout:
          automatic: false        # true: shadow, canary and active follow one another by themselves
          shadow_hours: 24        # it watches first, everywhere but beginning where the retraining was needed
          canary_share: 0.1       # then decides a share of the frames
          canary_hours: 24        # 0: no canary
          least_frames: 200       # judged in each stage before the next
          most_taken_back: 0      # more organizations that took it back stop it everywhere
        """;

    public async Task<PolicyView> ReadAsync(Guid project, CancellationToken cancel) =>
        await db.Set<PolicyVersion>().AsNoTracking().Where(p => p.ProjectId == project).OrderByDescending(p => p.Number)
            .Select(p => new PolicyView(p.Number, p.Yaml, p.SavedByName, p.At)).FirstOrDefaultAsync(cancel) ?? new(0, Starter, null, null);

    public async Task<Result<PolicyView>> HandleAsync(Guid project, PolicyDraft draft, CancellationToken cancel)
    {
        Result<LoopPolicy> read = PolicyYaml.Read(draft.Yaml);
        if (!read.Succeeded)
            return read.Error;
        // The policy moves every organization of the project: its owner's data scientists write it, as the label schema.
        Project? owned = await db.Set<Project>().AsNoTracking().SingleOrDefaultAsync(p => p.Id == project && db.Set<Organization>().Any(o => o.Id == p.OwnerOrganizationId), cancel);
        if (owned is null)
            return ProjectRules.NotOwner;
        PolicyView current = await ReadAsync(project, cancel);
        if (current.Number != draft.Base)
            return Newer(current);
        if (current.Number > 0 && current.Yaml == draft.Yaml)
            return current;
        PolicyVersion version = new()
        {
            Id = ids.Next(),
            ProjectId = project,
            Number = current.Number + 1,
            Yaml = draft.Yaml,
            SavedBy = access.Actor.Id,
            SavedByName = access.Actor.Name,
            At = time.GetUtcNow(),
        };
        db.Add(version);
        audit.Record(owned.OwnerOrganizationId, "policy.saved", $"{owned.Name}, version {version.Number}", before: current.Yaml, after: version.Yaml);
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException error) when (DbErrors.IsUniqueViolation(error))
        {
            db.ChangeTracker.Clear();
            return Newer(await ReadAsync(project, cancel));
        }

        return new PolicyView(version.Number, version.Yaml, version.SavedByName, version.At);
    }

    private static HubError Newer(PolicyView current) =>
        HubError.Conflict("newer-policy", $"{current.SavedBy} saved version {current.Number} meanwhile. Yours is kept in the form: copy it, reload, and put your changes in again.");
}
