using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;
using Perenne.Hub.Shared.Work;

namespace Perenne.Hub.Collect.Watch;

/// <param name="Path">Kind folder: a full path on the hub's machine. Kind bucket: a bucket's name in the settings and a prefix, "plants/lyon/line-3".</param>
internal sealed record AddWatchedRequest(string Path, string? Camera = null, string? Station = null, AfterTaking After = AfterTaking.Keep, WatchedKind Kind = WatchedKind.Folder);

internal sealed record EditWatchedRequest(string? Camera = null, string? Station = null, AfterTaking After = AfterTaking.Keep, bool IsPaused = false);

/// <param name="Problem">Why the last look took nothing, in a sentence; null when it went well.</param>
/// <param name="Refused">Files that are no images, or too large.</param>
internal sealed record WatchedRow(Guid Id, WatchedKind Kind, string Path, string? Camera, string? Station, AfterTaking After, bool IsPaused, DateTimeOffset? LookedAt, long Taken, int Refused, string? Problem);

/// <summary>The watched folders and buckets of a project in an organization.</summary>
internal sealed class ManageWatched(HubDbContext db, WatchRules rules, WorkQueue work, AuditLog audit, IdSource ids, TimeProvider time)
{
    public async Task<Result<List<WatchedRow>>> ListAsync(Guid organization, Guid project, CancellationToken cancel) =>
        await Rows(db.Set<WatchedSource>().Where(s => s.OrganizationId == organization && s.ProjectId == project)).ToListAsync(cancel);

    public async Task<Result<WatchedRow>> AddAsync(Guid organization, Guid project, AddWatchedRequest request, CancellationToken cancel)
    {
        if (Problem(request.Camera, request.Station) is { } problem)
            return problem;
        Result<string> place = request.Kind == WatchedKind.Bucket
            ? (await rules.AllowedBucketAsync(organization, request.Path, cancel)).Map(_ => request.Path.Trim().Trim('/'))
            : await rules.AllowedFolderAsync(organization, request.Path, cancel);
        if (!place.Succeeded)
            return place.Error;
        WatchedSource source = new()
        {
            Id = ids.Next(), OrganizationId = organization, ProjectId = project, Kind = request.Kind, Path = place.Value, Camera = Text(request.Camera), Station = Text(request.Station),
            After = request.After, CreatedAt = time.GetUtcNow(),
        };
        db.Add(source);
        audit.Record(organization, "watched.added", source.Path, after: new { project, source.Kind, source.Camera, source.Station, source.After });
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation())
        {
            return HubError.Conflict("watched-already", $"'{source.Path}' is watched for this project already.");
        }

        await work.AddAsync(db, organization, WorkKinds.Watch, source.Id, cancel);
        return await Rows(db.Set<WatchedSource>().Where(s => s.Id == source.Id)).SingleAsync(cancel);
    }

    public async Task<Result<WatchedRow>> EditAsync(Guid organization, Guid project, Guid id, EditWatchedRequest request, CancellationToken cancel)
    {
        if (Problem(request.Camera, request.Station) is { } problem)
            return problem;
        if (await FindAsync(organization, project, id, cancel) is not { } source)
            return HubError.NotFound("This watched source");
        object before = new { source.Camera, source.Station, source.After, source.IsPaused };
        (source.Camera, source.Station, source.After, source.IsPaused) = (Text(request.Camera), Text(request.Station), request.After, request.IsPaused);
        audit.Record(organization, "watched.edited", source.Path, before, new { source.Camera, source.Station, source.After, source.IsPaused });
        await db.SaveChangesAsync(cancel);
        await work.AddAsync(db, organization, WorkKinds.Watch, id, cancel);
        return await Rows(db.Set<WatchedSource>().Where(s => s.Id == id)).SingleAsync(cancel);
    }

    public async Task<Result<Done>> DeleteAsync(Guid organization, Guid project, Guid id, CancellationToken cancel)
    {
        if (await FindAsync(organization, project, id, cancel) is not { } source)
            return HubError.NotFound("This watched source");
        db.Remove(source); // Its work ends at the next look; its files' rows go with it.
        audit.Record(organization, "watched.deleted", source.Path);
        await db.SaveChangesAsync(cancel);
        return new Done();
    }

    /// <summary>Work that was given up (the database was away for long) begins again.</summary>
    public async Task WakeAllAsync(CancellationToken cancel)
    {
        foreach (WatchedSource source in await db.Set<WatchedSource>().AsNoTracking().ToListAsync(cancel))
            await work.AddAsync(db, source.OrganizationId, WorkKinds.Watch, source.Id, cancel);
    }

    private Task<WatchedSource?> FindAsync(Guid organization, Guid project, Guid id, CancellationToken cancel) =>
        db.Set<WatchedSource>().SingleOrDefaultAsync(s => s.Id == id && s.OrganizationId == organization && s.ProjectId == project, cancel);

    private IQueryable<WatchedRow> Rows(IQueryable<WatchedSource> sources) => sources.OrderBy(s => s.Path).Select(s => new WatchedRow(
        s.Id, s.Kind, s.Path, s.Camera, s.Station, s.After, s.IsPaused, s.LookedAt, s.Taken, db.Set<WatchedFile>().Count(f => f.SourceId == s.Id && f.Outcome != null && f.Outcome != WatchSource.Taken), s.Problem));

    private static HubError? Problem(string? camera, string? station) => new Check()
        .That(camera is null or { Length: <= 200 }, "camera", "'camera' is longer than 200 characters.")
        .That(station is null or { Length: <= 200 }, "station", "'station' is longer than 200 characters.").Error;

    private static string? Text(string? value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim();

    public static void Map(IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder watched = routes.MapGroup("/api/v1/organizations/{organization}/projects/{project}/watched").WithTags("Watched sources");
        watched.MapGet("/", async (HttpContext http, ManageWatched handler, CancellationToken cancel) =>
                (await handler.ListAsync(http.OrganizationId(), http.ProjectId(), cancel)).ToOk())
            .Requires(HubAction.MachinesEdit).Produces<List<WatchedRow>>().WithName("ListWatched").WithSummary("The folders and buckets whose images are taken as they appear.");
        watched.MapPost("/", async (HttpContext http, AddWatchedRequest request, ManageWatched handler, CancellationToken cancel) =>
                (await handler.AddAsync(http.OrganizationId(), http.ProjectId(), request, cancel)).ToCreated(row => $"{http.Request.Path}/{row.Id}"))
            .Requires(HubAction.MachinesEdit).Produces<WatchedRow>(201).WithName("AddWatched").WithSummary("Watch a folder of the hub's machine or a prefix of a bucket.");
        watched.MapPut("/{watched:guid}", async (HttpContext http, Guid watched, EditWatchedRequest request, ManageWatched handler, CancellationToken cancel) =>
                (await handler.EditAsync(http.OrganizationId(), http.ProjectId(), watched, request, cancel)).ToOk())
            .Requires(HubAction.MachinesEdit).Produces<WatchedRow>().WithName("EditWatched").WithSummary("Change a watched source's camera, station and fate of files, or pause it.");
        watched.MapDelete("/{watched:guid}", async (HttpContext http, Guid watched, ManageWatched handler, CancellationToken cancel) =>
                (await handler.DeleteAsync(http.OrganizationId(), http.ProjectId(), watched, cancel)).ToOk())
            .Requires(HubAction.MachinesEdit).Produces(204).WithName("DeleteWatched").WithSummary("Stop watching a folder or bucket; images and files stay.");
    }
}
