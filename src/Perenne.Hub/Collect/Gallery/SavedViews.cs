using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Shared;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Collect.Gallery;

/// <param name="IsMine">May be changed and deleted by the caller.</param>
internal sealed record SavedViewRow(Guid Id, string Name, string Query, bool IsShared, bool IsMine);

internal sealed record SaveViewRequest(string Name, string Query, bool IsShared = false);

/// <summary>Named filters of a project's gallery: one's own, and those others share.</summary>
internal sealed class SavedViews(HubDbContext db, CurrentAccess access, IdSource ids, TimeProvider time)
{
    /// <summary>Of one person in one project.</summary>
    public const int MaxViews = 100;

    private static readonly HashSet<string> Parameters = new(
        ["in", "camera", "station", "from", "to", "quality", "reason", "duplicates", "annotated", "metadata", "batch", "partId", "text", "cluster", "sort"], StringComparer.OrdinalIgnoreCase);

    public Task<List<SavedViewRow>> ListAsync(Guid project, CancellationToken cancel)
    {
        Guid me = access.Actor.Id;
        return db.Set<SavedView>().Where(v => v.ProjectId == project && (v.OwnerId == me || v.IsShared)).OrderBy(v => v.Name).ThenBy(v => v.Id)
            .Select(v => new SavedViewRow(v.Id, v.Name, v.Query, v.IsShared, v.OwnerId == me)).ToListAsync(cancel);
    }

    public async Task<Result<SavedViewRow>> AddAsync(Guid project, SaveViewRequest request, CancellationToken cancel)
    {
        if (Problem(request) is { } problem)
            return problem;
        if (await db.Set<SavedView>().CountAsync(v => v.ProjectId == project && v.OwnerId == access.Actor.Id, cancel) >= MaxViews)
            return HubError.Conflict("too-many-views", $"You have {MaxViews} views in this project. Delete one first.");
        SavedView view = new()
        {
            Id = ids.Next(), ProjectId = project, OwnerId = access.Actor.Id, Name = request.Name.Trim(), Query = Clean(request.Query), IsShared = request.IsShared, CreatedAt = time.GetUtcNow(),
        };
        db.Add(view);
        return await SaveAsync(view, cancel);
    }

    public async Task<Result<SavedViewRow>> EditAsync(Guid project, Guid id, SaveViewRequest request, CancellationToken cancel)
    {
        if (Problem(request) is { } problem)
            return problem;
        if (await MineAsync(project, id, cancel) is not { } view)
            return HubError.NotFound("This view of yours");
        (view.Name, view.Query, view.IsShared) = (request.Name.Trim(), Clean(request.Query), request.IsShared);
        return await SaveAsync(view, cancel);
    }

    public async Task<Result<Done>> DeleteAsync(Guid project, Guid id, CancellationToken cancel)
    {
        if (await MineAsync(project, id, cancel) is not { } view)
            return HubError.NotFound("This view of yours");
        db.Remove(view);
        await db.SaveChangesAsync(cancel);
        return new Done();
    }

    private Task<SavedView?> MineAsync(Guid project, Guid id, CancellationToken cancel) =>
        db.Set<SavedView>().SingleOrDefaultAsync(v => v.Id == id && v.ProjectId == project && v.OwnerId == access.Actor.Id, cancel);

    private async Task<Result<SavedViewRow>> SaveAsync(SavedView view, CancellationToken cancel)
    {
        try
        {
            await db.SaveChangesAsync(cancel);
            return new SavedViewRow(view.Id, view.Name, view.Query, view.IsShared, IsMine: true);
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation())
        {
            return HubError.Conflict("name-taken", $"You have a view '{view.Name}' already. Choose another name, or change that one.");
        }
    }

    private static string Clean(string query) => query.Trim().TrimStart('?');

    private static HubError? Problem(SaveViewRequest request)
    {
        string? unknown = QueryHelpers.ParseQuery(request.Query ?? "").Keys.FirstOrDefault(key => !Parameters.Contains(key));
        return new Check().Text(request.Name, "name", "The name", 100)
            .That(request.Query is { Length: <= 2000 }, "query", "'query' is what stands behind the '?' of the gallery's address, at most 2,000 characters.")
            .That(unknown is null, "query", $"The gallery has no parameter '{unknown}'; known are {string.Join(", ", Parameters)}.").Error;
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder views = routes.MapGroup("/api/v1/projects/{project}/views").WithTags("Saved views");
        views.MapGet("/", async (HttpContext http, SavedViews handler, CancellationToken cancel) => TypedResults.Ok(await handler.ListAsync(http.ProjectId(), cancel)))
            .Requires(HubAction.ImagesRead).WithName("ListViews").WithSummary("Your saved views of a project's gallery, and those others share.");
        views.MapPost("/", async (HttpContext http, SaveViewRequest request, SavedViews handler, CancellationToken cancel) =>
                (await handler.AddAsync(http.ProjectId(), request, cancel)).ToCreated(view => $"{http.Request.Path}/{view.Id}"))
            .Requires(HubAction.ImagesRead).Produces<SavedViewRow>(201).WithName("AddView").WithSummary("Save a filter of the gallery under a name.");
        views.MapPut("/{view:guid}", async (HttpContext http, Guid view, SaveViewRequest request, SavedViews handler, CancellationToken cancel) =>
                (await handler.EditAsync(http.ProjectId(), view, request, cancel)).ToOk())
            .Requires(HubAction.ImagesRead).Produces<SavedViewRow>().WithName("EditView").WithSummary("Rename, change or share a view of yours.");
        views.MapDelete("/{view:guid}", async (HttpContext http, Guid view, SavedViews handler, CancellationToken cancel) =>
                (await handler.DeleteAsync(http.ProjectId(), view, cancel)).ToOk())
            .Requires(HubAction.ImagesRead).Produces(204).WithName("DeleteView").WithSummary("Delete a view of yours.");
    }
}
