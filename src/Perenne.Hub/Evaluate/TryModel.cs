using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Collect;
using Perenne.Hub.Datasets;
using Perenne.Hub.Registry;
using Perenne.Hub.Shared.Blobs;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;
using Perenne.Imaging;
using Perenne.Inference;

namespace Perenne.Hub.Evaluate;

/// <param name="Images">Ids; null: the newest of the project.</param>
internal sealed record TryRequest(IReadOnlyList<Guid>? Images = null);

/// <param name="Cells">Patches along the longer side.</param>
internal sealed record OcclusionRequest(Guid Image, int Cells = 10);

/// <param name="Problem">Why it could not be judged; null when it was.</param>
internal sealed record Trial(Guid Id, string FileName, int Width, int Height, IReadOnlyList<FoundObject> Found, IReadOnlyList<double> Tags, double? Value, bool IsRejected, double Milliseconds, string? Problem);

/// <param name="Silent">True: it found nothing on any image, even down to the lowest score: the description probably does not fit the network.</param>
internal sealed record Trials(IReadOnlyList<string> Classes, IReadOnlyList<Trial> Images, bool Silent);

/// <summary>A model on a handful of images, at once: whether an uploaded network and its description fit each other shows here, before anything is measured.</summary>
internal sealed class TryModel(HubDbContext db, ModelStore models, ReferenceImages files, IBlobStore blobs, Staging staging)
{
    public const int Most = 12;

    // One at a time in a process: a trial is a look, not a load.
    private static readonly SemaphoreSlim Turn = new(1);

    public Task<Result<Trials>> HandleAsync(Guid project, int number, TryRequest request, CancellationToken cancel) => WithAsync<Trials>(project, number, async session =>
    {
        if (request.Images is { Count: > Most })
            return HubError.Invalid("images", $"Try at most {Most} images at once.");
        Guid[] ids = request.Images is { Count: > 0 } chosen ? [.. chosen] : await db.Set<Image>().Where(i => i.ProjectId == project && i.Quality != ImageQuality.Rejected).OrderByDescending(i => i.ArrivedAt).ThenBy(i => i.Id).Take(Most).Select(i => i.Id).ToArrayAsync(cancel);
        Dictionary<Guid, PoolFile> images = await files.FilesAsync(ids, cancel);
        if (!images.Values.Any(i => i.ProjectId == project))
            return HubError.Invalid("images", "The project has no image that you see. Add some first.");
        Dictionary<Guid, PoolFile> references = session.Manifest.Input.Reference ? await files.OfAsync(images.Values, cancel) : [];
        List<Trial> trials = [];
        foreach (Guid id in ids)
            if (images.TryGetValue(id, out PoolFile? image) && image.ProjectId == project)
                trials.Add(await OneAsync(session, image, references.GetValueOrDefault(id), cancel));
        bool silent = trials.Any(t => t.Problem is null) && trials.All(t => t.Found.Count == 0 && t.Tags.Count == 0 && t.Value is null);
        return new Trials([.. session.Manifest.Classes.Select(c => c.Name)], trials, silent);
    }, cancel);

    public Task<Result<Occlusion>> OccludeAsync(Guid project, int number, OcclusionRequest request, CancellationToken cancel) => WithAsync<Occlusion>(project, number, async session =>
    {
        if (request.Cells is < 4 or > OcclusionMap.MostCells)
            return HubError.Invalid("cells", $"The map has 4 to {OcclusionMap.MostCells} patches along the longer side.");
        Dictionary<Guid, PoolFile> images = await files.FilesAsync([request.Image], cancel);
        if (!images.TryGetValue(request.Image, out PoolFile? file) || file.ProjectId != project)
            return HubError.NotFound("The image");
        using PixelBuffer? image = await PixelSource.LoadAsync(blobs, file.OrganizationId, file.ContentHash, cancel);
        PoolFile? named = session.Manifest.Input.Reference ? (await files.OfAsync([file], cancel)).GetValueOrDefault(file.Id) : null;
        using PixelBuffer? reference = named is null ? null : await PixelSource.LoadAsync(blobs, named.OrganizationId, named.ContentHash, cancel);
        if (image is null)
            return HubError.Invalid("image", $"'{file.FileName}' cannot be read as a picture.");
        try
        {
            return OcclusionMap.Of(pixels => session.Predict(pixels, reference), session.Manifest.Task, image, request.Cells, cancel) is { } map ? map
                : HubError.Conflict("nothing-found", "The model finds nothing on this image, so there is nothing whose cause could be shown. Choose an image with a detection.");
        }
        catch (FrameException error)
        {
            return HubError.Invalid("image", error.Message);
        }
    }, cancel);

    private async Task<Trial> OneAsync(ModelSession session, PoolFile file, PoolFile? named, CancellationToken cancel)
    {
        Trial none = new(file.Id, file.FileName, 1, 1, [], [], null, false, 0, null);
        using PixelBuffer? image = await PixelSource.LoadAsync(blobs, file.OrganizationId, file.ContentHash, cancel);
        if (image is null)
            return none with { Problem = "The file cannot be read as a picture." };
        using PixelBuffer? reference = named is null ? null : await PixelSource.LoadAsync(blobs, named.OrganizationId, named.ContentHash, cancel);
        none = none with { Width = image.Width, Height = image.Height };
        try
        {
            Prediction said = session.Predict(image, reference);
            return none with
            {
                Found = [.. said.Detections.Take(100).Select(d => new FoundObject(d.Class, d.Score, d.Box.X, d.Box.Y, d.Box.Width, d.Box.Height, d.Counts))], Tags = said.Tags, Value = said.Value,
                IsRejected = said.Verdict == Contracts.Observations.Verdict.NotOk, Milliseconds = said.Timing.Prepare + said.Timing.Run + said.Timing.Decode,
            };
        }
        catch (FrameException error)
        {
            return none with { Problem = error.Message };
        }
    }

    private async Task<Result<TOut>> WithAsync<TOut>(Guid project, int number, Func<ModelSession, Task<Result<TOut>>> use, CancellationToken cancel)
    {
        ModelVersion? model = await db.Set<ModelVersion>().AsNoTracking().SingleOrDefaultAsync(m => m.ProjectId == project && m.Number == number, cancel);
        if (model is null)
            return HubError.NotFound($"Model {number}");
        if (model.RetiredAt is not null)
            return HubError.Conflict("retired", $"The network of model {number} was removed; it can no longer be tried.");
        string folder = staging.NewPath();
        await Turn.WaitAsync(cancel);
        try
        {
            await models.LayOutAsync(model, folder, cancel);
            using ModelSession session = new(ModelPackage.Read(folder), new SessionSettings { Threads = Math.Max(1, Environment.ProcessorCount / 2) });
            return await use(session);
        }
        catch (Exception error) when (error is ModelPackageException or FileNotFoundException)
        {
            return HubError.Conflict("unusable", error.Message.Replace(folder + Path.DirectorySeparatorChar, "", StringComparison.Ordinal));
        }
        finally
        {
            Turn.Release();
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
        }
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder group = (RouteGroupBuilder)routes.MapGroup("/projects/{project}/models/{number:int}").WithTags("Evaluations");
        group.MapPost("/try", async (int number, TryRequest request, TryModel handler, HttpContext http) => (await handler.HandleAsync(http.ProjectId(), number, request, http.RequestAborted)).ToOk())
            .Requires(HubAction.EvaluationsRun).Produces<Trials>().WithName("TryModel").WithSummary("Runs the model on a handful of images, the newest of the project unless named, and answers at once.");
        group.MapPost("/occlusion", async (int number, OcclusionRequest request, TryModel handler, HttpContext http) => (await handler.OccludeAsync(http.ProjectId(), number, request, http.RequestAborted)).ToOk())
            .Requires(HubAction.EvaluationsRun).Produces<Occlusion>().WithName("OccludeImage").WithSummary("How much less sure the model is of its strongest answer when patches of the image are covered.");
    }
}
