using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Perenne.Contracts.Models;
using Perenne.Hub.Collect;
using Perenne.Hub.Datasets;
using Perenne.Hub.Registry;
using Perenne.Hub.Shared.Blobs;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Work;
using Perenne.Inference;

namespace Perenne.Hub.Evaluate;

/// <summary>Judges every image of the slice with the model that a station would run, then counts. Starts over after a crash; the fence keeps an old process from finishing.</summary>
internal sealed class EvaluateModel(HubDbContext db, ModelStore models, ReferenceImages files, UnseenImages unseen, IBlobStore blobs, Staging staging, TimeProvider time) : ILongWork
{
    private const int TellEvery = 10, MostNamed = 20;

    private TimeSpan before;

    public string Kind => WorkKinds.Evaluation;

    private double Spent => (Environment.CpuUsage.TotalTime - before).TotalSeconds;

    public async Task RunAsync(WorkItem item, CancellationToken cancel)
    {
        IQueryable<Evaluation> row = db.Set<Evaluation>().Where(e => e.Id == item.SubjectId);
        if (await row.Where(e => e.State == EvaluationState.Queued || e.State == EvaluationState.Running)
            .ExecuteUpdateAsync(set => set.SetProperty(e => e.State, EvaluationState.Running).SetProperty(e => e.Fence, item.LeaseId), cancel) == 0)
            return;
        Evaluation evaluation = await row.AsNoTracking().SingleAsync(cancel);
        string folder = staging.NewPath(), file = staging.NewPath();
        before = Environment.CpuUsage.TotalTime;
        try
        {
            await EvaluateAsync(evaluation, folder, file, cancel);
        }
        catch (Superseded)
        {
            // Cancelled: nothing is kept.
        }
        catch (Exception error) when (error is ModelPackageException or FrameException or FileNotFoundException or StorageFullException)
        {
            await FailAsync(evaluation, error.Message.Replace(folder + Path.DirectorySeparatorChar, "", StringComparison.Ordinal), cancel);
        }
        finally
        {
            File.Delete(file);
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
        }
    }

    private async Task EvaluateAsync(Evaluation evaluation, string folder, string file, CancellationToken cancel)
    {
        ModelVersion model = await db.Set<ModelVersion>().AsNoTracking().SingleAsync(m => m.Id == evaluation.ModelVersionId, cancel);
        DatasetVersion dataset = await db.Set<DatasetVersion>().AsNoTracking().SingleAsync(v => v.Id == evaluation.DatasetVersionId, cancel);
        await models.LayOutAsync(model, folder, cancel);
        ModelPackage package = ModelPackage.Read(folder);
        using ModelSession session = new(package, new SessionSettings { Threads = Math.Max(1, Environment.ProcessorCount / 2), ScoreFloor = SessionSettings.EvaluationFloor(package.Manifest) });
        List<ManifestImage> images = await ImagesAsync(dataset, evaluation.Slice, cancel);
        if (images.Count == 0)
        {
            await FailAsync(evaluation, evaluation.Slice.NotSeenBy is null
                ? "No image of the dataset version lies in this slice. Choose a wider one: another split, organization, camera, period, class, size or quality."
                : "The models were trained on every image of this slice. Annotate newer ones.", cancel);
            return;
        }

        Dictionary<Guid, PoolFile> references = session.Manifest.Input.Reference ? await files.OfAsync((await files.FilesAsync(images.ConvertAll(i => i.Id), cancel)).Values, cancel) : [];
        if (session.Manifest.Input.Reference && references.Count == 0)
        {
            await FailAsync(evaluation, "The model asks for the defect-free image of the same part beside each image, but no image of this slice names one. Write its file name into the metadata \"reference\" of the images.", cancel);
            return;
        }

        await Mine(evaluation).ExecuteUpdateAsync(set => set.SetProperty(e => e.Expected, images.Count), cancel);
        ModelJudge judge = new(session, blobs);
        List<ImageResult> results = new(images.Count);
        List<string> unreadable = [];
        int every = Math.Max(1, images.Count / 32);
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < images.Count; i++)
        {
            cancel.ThrowIfCancellationRequested();
            if (await judge.JudgeAsync(images[i], references.GetValueOrDefault(images[i].Id), evaluation.Robustness && i % every == 0, cancel) is { } result)
                results.Add(result);
            else
                unreadable.Add(images[i].FileName);
            if (i % TellEvery == TellEvery - 1 || i == images.Count - 1)
                await TellAsync(evaluation, i + 1, cancel);
        }

        double rate = images.Count / Math.Max(1e-3, Stopwatch.GetElapsedTime(start).TotalSeconds);
        if (results.Count == 0)
        {
            await FailAsync(evaluation, $"None of the {images.Count} images can be judged; the first is '{unreadable[0]}'. Look at them in the gallery.", cancel);
            return;
        }

        await judge.MeasureRobustnessAsync(() => TellAsync(evaluation, images.Count, cancel), cancel);
        EvaluationFigures figures = FigureBuilder.Build(session.Manifest, results, [.. unreadable.Take(MostNamed)], [.. judge.UnknownClasses], judge.Robustness, rate);
        await ResultFile.WriteAsync(file, results, cancel);
        string hash = await ModelStore.HashAsync(file, cancel);
        await blobs.PutAsync(new(dataset.OwnerOrganizationId, BlobKind.Evaluation, hash), file, cancel);
        DateTimeOffset now = time.GetUtcNow();
        double spent = Spent;
        await Mine(evaluation).ExecuteUpdateAsync(set => set.SetProperty(e => e.ProcessorSeconds, spent).SetProperty(e => e.State, EvaluationState.Ready).SetProperty(e => e.Figures, figures).SetProperty(e => e.ResultsHash, hash).SetProperty(e => e.FinishedAt, now), cancel);
    }

    private async Task<List<ManifestImage>> ImagesAsync(DatasetVersion dataset, EvaluationSlice slice, CancellationToken cancel)
    {
        await using Stream stream = await ManifestFile.OpenAsync(blobs, dataset, cancel);
        List<ManifestImage> images = [];
        await foreach (ManifestImage image in ManifestReader.ReadAsync(stream, withShapes: true, cancel))
            if (slice.Takes(image))
                images.Add(image);
        return await unseen.OfAsync(dataset.ProjectId, await OfQualityAsync(images, slice, cancel), slice, cancel);
    }

    private async Task<List<ManifestImage>> OfQualityAsync(List<ManifestImage> images, EvaluationSlice slice, CancellationToken cancel)
    {
        if (slice.Quality is not { } quality)
            return images;
        HashSet<Guid> good = [];
        foreach (Guid[] some in images.Select(i => i.Id).Chunk(500))
            good.UnionWith(await db.Set<Image>().Where(i => some.Contains(i.Id) && i.Quality == quality).Select(i => i.Id).ToListAsync(cancel));
        return images.FindAll(i => good.Contains(i.Id));
    }

    private async Task TellAsync(Evaluation evaluation, int done, CancellationToken cancel)
    {
        if (await Mine(evaluation).ExecuteUpdateAsync(set => set.SetProperty(e => e.Progress, done), cancel) == 0)
            throw new Superseded();
    }

    private async Task FailAsync(Evaluation evaluation, string sentence, CancellationToken cancel)
    {
        DateTimeOffset now = time.GetUtcNow();
        double spent = Spent;
        await Mine(evaluation).ExecuteUpdateAsync(set => set.SetProperty(e => e.ProcessorSeconds, spent).SetProperty(e => e.State, EvaluationState.Failed).SetProperty(e => e.Failure, sentence).SetProperty(e => e.FinishedAt, now), cancel);
    }

    private IQueryable<Evaluation> Mine(Evaluation evaluation) => db.Set<Evaluation>().Where(e => e.Id == evaluation.Id && e.Fence == evaluation.Fence && e.State == EvaluationState.Running);

    private sealed class Superseded : Exception;
}
