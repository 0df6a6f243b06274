using System.IO.Compression;
using Microsoft.EntityFrameworkCore;
using Perenne.Contracts.Models;
using Perenne.Hub.Datasets;
using Perenne.Hub.Shared.Blobs;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;
using Perenne.Inference;

namespace Perenne.Hub.Registry;

/// <param name="Metrics">Of the trainer's own evaluation, each in [0, 1].</param>
internal sealed record ModelRow(
    Guid Id, int Number, string Name, ModelTask Task, ModelSource Source, IReadOnlyList<ModelAlias> Aliases, IReadOnlyDictionary<string, double> Metrics, long OnnxBytes, string Sha256,
    int? Dataset, int? Run, int? Parent, bool IsRetired, string CreatedBy, DateTimeOffset CreatedAt);

internal sealed record AliasEntry(ModelAlias Alias, int? Model, string Reason, string By, DateTimeOffset At);

/// <param name="History">The aliases this version was given and lost, newest first.</param>
internal sealed record ModelCard(ModelRow Model, ModelManifest Manifest, string Notes, IReadOnlyList<AliasEntry> History);

/// <summary>The registry of a project.</summary>
internal sealed class ReadModels(HubDbContext db, ModelStore store, Staging staging)
{
    private const int MostListed = 500;

    public async Task<IReadOnlyList<ModelRow>> ListAsync(Guid project, CancellationToken cancel)
    {
        List<ModelVersion> models = await db.Set<ModelVersion>().AsNoTracking().Where(m => m.ProjectId == project).OrderByDescending(m => m.Number).Take(MostListed).ToListAsync(cancel);
        return await RowsAsync(project, models, cancel);
    }

    public async Task<Result<ModelCard>> GetAsync(Guid project, int number, CancellationToken cancel)
    {
        if (await FindAsync(project, number, cancel) is not { } model)
            return HubError.NotFound($"Model {number}");
        ModelRow row = (await RowsAsync(project, [model], cancel))[0];
        List<ModelAliasChange> history = await db.Set<ModelAliasChange>().AsNoTracking().Where(a => a.ProjectId == project).OrderByDescending(a => a.At).ToListAsync(cancel);
        Dictionary<Guid, int> numbers = await db.Set<ModelVersion>().Where(m => m.ProjectId == project).ToDictionaryAsync(m => m.Id, m => m.Number, cancel);
        // Its own, and those that took an alias from it.
        HashSet<ModelAlias> touched = [.. history.Where(a => a.ModelVersionId == model.Id).Select(a => a.Alias)];
        return new ModelCard(row, ModelStore.Read(model), model.Notes,
            [.. history.Where(a => touched.Contains(a.Alias)).Select(a => new AliasEntry(a.Alias, a.ModelVersionId is { } id ? numbers[id] : null, a.Reason, a.ByName, a.At))]);
    }

    public Task<ModelVersion?> FindAsync(Guid project, int number, CancellationToken cancel) =>
        db.Set<ModelVersion>().AsNoTracking().SingleOrDefaultAsync(m => m.ProjectId == project && m.Number == number, cancel);

    private async Task<IReadOnlyList<ModelRow>> RowsAsync(Guid project, List<ModelVersion> models, CancellationToken cancel)
    {
        ILookup<Guid, ModelAlias> aliases = (await db.CurrentOf(project).ToListAsync(cancel)).ToLookup(a => a.ModelVersionId!.Value, a => a.Alias);
        Guid?[] sets = [.. models.Select(m => m.DatasetVersionId).Distinct()], parents = [.. models.Select(m => m.ParentId).Distinct()], runs = [.. models.Select(m => m.RunId).Distinct()];
        Dictionary<Guid, int> datasets = await db.Set<DatasetVersion>().Where(v => sets.Contains(v.Id)).ToDictionaryAsync(v => v.Id, v => v.Number, cancel);
        Dictionary<Guid, int> before = await db.Set<ModelVersion>().Where(m => parents.Contains(m.Id)).ToDictionaryAsync(m => m.Id, m => m.Number, cancel);
        Dictionary<Guid, int> made = await db.Set<Train.TrainingRun>().Where(r => runs.Contains(r.Id)).ToDictionaryAsync(r => r.Id, r => r.Number, cancel);
        static int? Of(Dictionary<Guid, int> numbers, Guid? id) => id is { } one && numbers.TryGetValue(one, out int number) ? number : null;
        return [.. models.Select(m => new ModelRow(m.Id, m.Number, m.Name, m.Task, m.Source, [.. aliases[m.Id].Order()], ModelStore.Read(m).Metrics, m.OnnxBytes, m.Sha256,
            Of(datasets, m.DatasetVersionId), Of(made, m.RunId), Of(before, m.ParentId), m.RetiredAt is not null, m.CreatedByName, m.CreatedAt))];
    }

    private async Task<IResult> DownloadAsync(Guid project, int number, string file, CancellationToken cancel)
    {
        if (await FindAsync(project, number, cancel) is not { } model)
            return HubError.NotFound($"Model {number}").ToProblem();
        if (file == ModelPackage.ManifestFile)
            return TypedResults.Bytes(ModelStore.Bytes(model.Manifest), "application/json", file);
        if (model.RetiredAt is not null || await store.OpenAsync(model, cancel) is not { } onnx)
            return HubError.Conflict("retired", $"The network of model {number} was removed to save space; its description is still there.").ToProblem();
        if (file == ModelPackage.ModelFile)
            return TypedResults.Stream(onnx, "application/octet-stream", file, enableRangeProcessing: onnx.CanSeek);
        // Through a file: a zip is written synchronously, which a response does not take.
        await using Stream _ = onnx;
        FileStream zipped = new(staging.NewPath(), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 64 << 10, FileOptions.DeleteOnClose | FileOptions.Asynchronous);
        using (ZipArchive zip = new(zipped, ZipArchiveMode.Create, leaveOpen: true))
        {
            using (Stream json = zip.CreateEntry(ModelPackage.ManifestFile).Open())
                await json.WriteAsync(ModelStore.Bytes(model.Manifest), cancel);
            using Stream entry = zip.CreateEntry(ModelPackage.ModelFile, CompressionLevel.Fastest).Open();
            await onnx.CopyToAsync(entry, cancel);
        }

        zipped.Position = 0;
        return TypedResults.Stream(zipped, "application/zip", $"model-{number}.zip");
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder group = (RouteGroupBuilder)routes.MapGroup("/projects/{project}/models").WithTags("Models");
        group.MapGet("", async (ReadModels handler, HttpContext http) => TypedResults.Ok(await handler.ListAsync(http.ProjectId(), http.RequestAborted)))
            .Requires(HubAction.ModelsRead).WithName("ListModels").WithSummary("The project's model versions with aliases and figures, newest first.");
        group.MapGet("/{number:int}", async (int number, ReadModels handler, HttpContext http) => (await handler.GetAsync(http.ProjectId(), number, http.RequestAborted)).ToOk())
            .Requires(HubAction.ModelsRead).Produces<ModelCard>().WithName("GetModel").WithSummary("One model version: description, lineage, notes and the history of its aliases.");
        foreach ((string file, string name) in new[] { (ModelPackage.ManifestFile, "DownloadModelDescription"), (ModelPackage.ModelFile, "DownloadModelNetwork"), ("package.zip", "DownloadModelPackage") })
            group.MapGet("/{number:int}/" + file, (int number, ReadModels handler, HttpContext http) => handler.DownloadAsync(http.ProjectId(), number, file, http.RequestAborted))
                .Requires(HubAction.ModelsRead).WithName(name).WithSummary($"The model version's {file}.");
    }
}
