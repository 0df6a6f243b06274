using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared;
using Perenne.Hub.Shared.Blobs;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Registry;

/// <param name="Reason">Why, for those who look at the history later.</param>
internal sealed record AliasRequest(ModelAlias Alias, string? Reason = null);

internal sealed record ModelNotes(string Name, string? Notes = null);

/// <summary>Aliases, notes, retirement. Which model is trusted is decided by the organization that owns the project.</summary>
internal sealed class ChangeModel(HubDbContext db, WriteTurn turn, CurrentAccess access, AuditLog audit, IBlobStore blobs, IdSource ids, TimeProvider time)
{
    /// <summary>Why an alias was not given to a process that no longer has the work.</summary>
    public const string Superseded = "superseded";

    /// <param name="confirm">Inside the transaction; false: nothing is written, because somebody else has the work by now.</param>
    public Task<Result<Done>> GiveAsync(Guid project, int number, AliasRequest request, CancellationToken cancel, Func<Task<bool>>? confirm = null) => SetAsync(project, number, request, give: true, cancel, confirm);

    public Task<Result<Done>> TakeAsync(Guid project, int number, AliasRequest request, CancellationToken cancel) => SetAsync(project, number, request, give: false, cancel);

    private async Task<Result<Done>> SetAsync(Guid project, int number, AliasRequest request, bool give, CancellationToken cancel, Func<Task<bool>>? confirm = null)
    {
        if (request.Reason is { Length: > 1000 })
            return HubError.Invalid("reason", "A reason has at most 1000 characters.");
        if (await FindAsync(project, number, cancel) is not { } model)
            return HubError.NotFound($"Model {number}");
        if (!await OwnsAsync(project, cancel))
            return ProjectRules.NotOwner;
        if (give && model.RetiredAt is not null)
            return HubError.Conflict("retired", $"The network of model {number} was removed; it cannot be given an alias.");
        HubError? refused = null;
        await turn.RunAsync(db, async () =>
        {
            refused = confirm is null || await confirm() ? null : HubError.Conflict(Superseded, "Another process does this work by now.");
            if (refused is not null)
                return;
            ModelAliasChange? last = await db.Set<ModelAliasChange>().AsNoTracking().Where(a => a.ProjectId == project && a.Alias == request.Alias).OrderByDescending(a => a.Number).FirstOrDefaultAsync(cancel);
            if (give == (last?.ModelVersionId == model.Id))
            {
                refused = give ? null : HubError.Conflict("not-given", $"Model {number} is not the {request.Alias.ToString().ToLowerInvariant()}.");
                return; // Given already: asking twice is one change.
            }

            db.Add(new ModelAliasChange
            {
                Id = ids.Next(), ProjectId = project, Alias = request.Alias, Number = (last?.Number ?? 0) + 1, ModelVersionId = give ? model.Id : null, Reason = request.Reason?.Trim() ?? "",
                By = access.Actor.Id, ByName = access.Actor.Name, At = time.GetUtcNow(),
            });
            audit.Record(model.OwnerOrganizationId, give ? "model.alias-given" : "model.alias-taken", $"{request.Alias} · {model.Number} {model.Name}", last?.ModelVersionId, model.Id);
            await db.SaveChangesAsync(cancel);
        }, cancel);
        return refused is null ? new Done() : refused;
    }

    public async Task<Result<Done>> EditAsync(Guid project, int number, ModelNotes request, CancellationToken cancel)
    {
        if (new Check().Text(request.Name, "name", "The name", 200).That(request.Notes is null or { Length: <= 50_000 }, "notes", "Notes have at most 50,000 characters.").Error is { } invalid)
            return invalid;
        (string name, string notes) = (request.Name.Trim(), request.Notes ?? "");
        int changed = await db.Set<ModelVersion>().Where(m => m.ProjectId == project && m.Number == number)
            .ExecuteUpdateAsync(set => set.SetProperty(m => m.Name, name).SetProperty(m => m.Notes, notes), cancel);
        return changed == 1 ? new Done() : HubError.NotFound($"Model {number}");
    }

    /// <summary>Removes the network, unless an alias or another version needs it. Description, figures and lineage stay for ever.</summary>
    public async Task<Result<Done>> RetireAsync(Guid project, int number, CancellationToken cancel)
    {
        if (await FindAsync(project, number, cancel) is not { } model)
            return HubError.NotFound($"Model {number}");
        if (!await OwnsAsync(project, cancel))
            return ProjectRules.NotOwner;
        if (await db.CurrentOf(project).AnyAsync(a => a.ModelVersionId == model.Id, cancel))
            return HubError.Conflict("in-use", $"Model {number} has an alias. Give the alias to another model first.");
        DateTimeOffset now = time.GetUtcNow();
        await turn.RunAsync(db, async () =>
        {
            await db.Set<ModelVersion>().Where(m => m.Id == model.Id && m.RetiredAt == null).ExecuteUpdateAsync(set => set.SetProperty(m => m.RetiredAt, now), cancel);
            audit.Record(model.OwnerOrganizationId, "model.retired", $"{model.Number} {model.Name}");
            await db.SaveChangesAsync(cancel);
        }, cancel);
        if (!await db.Set<ModelVersion>().AnyAsync(m => m.OwnerOrganizationId == model.OwnerOrganizationId && m.Sha256 == model.Sha256 && m.RetiredAt == null, cancel))
            await blobs.DeleteAsync(new(model.OwnerOrganizationId, BlobKind.Model, model.Sha256), cancel);
        return new Done();
    }

    private Task<ModelVersion?> FindAsync(Guid project, int number, CancellationToken cancel) =>
        db.Set<ModelVersion>().AsNoTracking().SingleOrDefaultAsync(m => m.ProjectId == project && m.Number == number, cancel);

    // The owner is among the organizations in scope: the filter on organizations says so.
    private Task<bool> OwnsAsync(Guid project, CancellationToken cancel) =>
        db.Set<Project>().AnyAsync(p => p.Id == project && db.Set<Organization>().Any(o => o.Id == p.OwnerOrganizationId), cancel);

    public static void Map(IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder group = (RouteGroupBuilder)routes.MapGroup("/projects/{project}/models/{number:int}").WithTags("Models");
        group.MapPost("/aliases", async (int number, AliasRequest request, ChangeModel handler, HttpContext http) => (await handler.GiveAsync(http.ProjectId(), number, request, http.RequestAborted)).ToOk())
            .Requires(HubAction.ModelsEdit).Produces(StatusCodes.Status204NoContent).WithName("GiveModelAlias").WithSummary("Makes the model the champion, a challenger or a candidate; the history keeps who was it before.");
        group.MapPost("/aliases/remove", async (int number, AliasRequest request, ChangeModel handler, HttpContext http) => (await handler.TakeAsync(http.ProjectId(), number, request, http.RequestAborted)).ToOk())
            .Requires(HubAction.ModelsEdit).Produces(StatusCodes.Status204NoContent).WithName("TakeModelAlias").WithSummary("Takes an alias from the model without giving it to another.");
        group.MapPut("", async (int number, ModelNotes request, ChangeModel handler, HttpContext http) => (await handler.EditAsync(http.ProjectId(), number, request, http.RequestAborted)).ToOk())
            .Requires(HubAction.ModelsEdit).Produces(StatusCodes.Status204NoContent).WithName("EditModel").WithSummary("Renames the model or changes its notes.");
        group.MapPost("/retire", async (int number, ChangeModel handler, HttpContext http) => (await handler.RetireAsync(http.ProjectId(), number, http.RequestAborted)).ToOk())
            .Requires(HubAction.ModelsEdit).Produces(StatusCodes.Status204NoContent).WithName("RetireModel").WithSummary("Removes the network of a model without an alias; its description stays.");
    }
}
