using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Organizations;
using Perenne.Hub.Registry;
using Perenne.Hub.Shared.Blobs;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Rights;
using Perenne.Inference;
using Perenne.Serving;
using Verdict = Perenne.Hub.Shared.Rights.Verdict;

namespace Perenne.Hub.Serve;

/// <summary>Which model version a project's name and a number stand for, for this caller. Without a number: the champion, else the newest version.</summary>
internal sealed class ServedModels(HubDbContext db, CurrentAccess access, TargetLoader targets, ModelStore store, Staging staging, ModelHost host, UnloadedModels unloaded)
{
    public async Task<ModelLease?> FindAsync(HttpContext http, string name, string? version)
    {
        if (await ProjectAsync(http, name) is not { } project || await ModelAsync(project.Id, version, http.RequestAborted) is not { } model)
            return null;
        if (unloaded.Contains(project.Id))
            throw new ModelPackageException($"The model '{project.Slug}' was unloaded in this process. Load it with POST /v2/repository/models/{project.Slug}/load.");
        return await host.UseAsync(Key(model), new ModelIdentity(project.Slug, Number(model), model.Id), settings => OpenAsync(model, settings));
    }

    public async Task<IReadOnlyList<CatalogEntry>> ListAsync(CancellationToken cancel)
    {
        List<CatalogEntry> entries = [];
        IReadOnlyList<Guid> mine = access.Scope.Organizations;
        var projects = await db.Set<Project>().Where(p => access.Scope.Everything || p.Organizations.Any(link => mine.Contains(link.OrganizationId))).OrderBy(p => p.Slug).Select(p => new { p.Id, p.Slug }).ToListAsync(cancel);
        foreach (var project in projects)
        {
            if (await ModelAsync(project.Id, null, cancel) is not { } model)
                continue;
            bool isOff = unloaded.Contains(project.Id);
            entries.Add(new CatalogEntry(project.Slug, Number(model), isOff ? "UNAVAILABLE" : "READY", isOff ? "unloaded" : ""));
        }

        return entries;
    }

    public async Task<string?> ChangeAsync(HttpContext http, string name, bool load)
    {
        if (await ProjectAsync(http, name) is not { } project || await ModelAsync(project.Id, null, http.RequestAborted) is not { } model)
            return $"The project '{name}' has no model.";
        if (!load)
        {
            unloaded.Add(project.Id);
            await host.UnloadAsync(Key(model));
            return null;
        }

        unloaded.Remove(project.Id);
        using ModelLease? lease = await FindAsync(http, name, null);
        return null;
    }

    /// <summary>The project of the route, decided by the middleware; a gRPC call names it in its message, so the decision is made here by the same rules.</summary>
    private async Task<(Guid Id, string Slug)?> ProjectAsync(HttpContext http, string name)
    {
        if (http.GetRouteValue("project") is null)
        {
            Actor actor = access.Actor;
            http.Request.RouteValues["project"] = name;
            AccessTarget? target = await targets.LoadAsync(http);
            (Verdict verdict, AccessScope scope) = target is null ? (Verdict.Hidden, AccessScope.Nothing) : AccessDecision.Decide(actor, HubAction.PredictionsRun, target);
            access.Grant(actor, scope, target?.ProjectId);
            if (verdict != Verdict.Allowed)
                return null;
        }

        Guid id = http.ProjectId();
        string? slug = await db.Set<Project>().Where(p => p.Id == id).Select(p => p.Slug).SingleOrDefaultAsync(http.RequestAborted);
        return slug is null ? null : (id, slug);
    }

    private async Task<ModelVersion?> ModelAsync(Guid project, string? version, CancellationToken cancel)
    {
        IQueryable<ModelVersion> models = db.Set<ModelVersion>().AsNoTracking().Where(m => m.ProjectId == project && m.RetiredAt == null);
        if (version is not null)
            return int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? await models.SingleOrDefaultAsync(m => m.Number == number, cancel) : null;
        Guid? champion = await db.CurrentOf(project).Where(a => a.Alias == ModelAlias.Champion).Select(a => a.ModelVersionId).SingleOrDefaultAsync(cancel);
        return await models.Where(m => m.Id == champion).SingleOrDefaultAsync(cancel) ?? await models.OrderByDescending(m => m.Number).FirstOrDefaultAsync(cancel);
    }

    /// <summary>Once in memory the files are not needed any more. The load goes on when its first caller has gone: others may wait for it.</summary>
    private async Task<ModelSession> OpenAsync(ModelVersion model, SessionSettings settings)
    {
        string folder = staging.NewPath();
        try
        {
            await store.LayOutAsync(model, folder, CancellationToken.None);
            return new ModelSession(ModelPackage.Read(folder), settings);
        }
        catch (FileNotFoundException e)
        {
            throw new ModelPackageException(e.Message, e);
        }
        finally
        {
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
        }
    }

    private static string Key(ModelVersion model) => model.Id.ToString("N");

    private static string Number(ModelVersion model) => model.Number.ToString(CultureInfo.InvariantCulture);
}
