using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Collect.Gallery;
using Perenne.Hub.Datasets;
using Perenne.Hub.Registry;
using Perenne.Hub.Shared.Blobs;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Evaluate;

internal sealed record EvaluationRow(
    Guid Id, int Number, EvaluationState State, int Model, string ModelName, int Dataset, EvaluationSlice Slice, int Progress, int Expected, IReadOnlyDictionary<string, Figure> Headline,
    string CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset? FinishedAt);

internal sealed record EvaluationDetail(EvaluationRow Evaluation, IReadOnlyList<string> Classes, EvaluationFigures? Figures, string? Failure);

/// <param name="Next">Images to skip for the next page; null at the end.</param>
internal sealed record ErrorPage(IReadOnlyList<ImageResult> Images, int? Next);

/// <summary>Evaluations, one of them, and its images by kind of error.</summary>
internal sealed class ReadEvaluations(HubDbContext db, IBlobStore blobs)
{
    private const int MostListed = 300;

    public const int PageSize = 48;

    public async Task<IReadOnlyList<EvaluationRow>> ListAsync(Guid project, CancellationToken cancel) =>
        [.. (await Joined(project).OrderByDescending(e => e.Evaluation.Number).Take(MostListed).ToListAsync(cancel)).Select(e => e.Row())];

    public async Task<Result<EvaluationDetail>> GetAsync(Guid project, int number, CancellationToken cancel)
    {
        if (await Joined(project).SingleOrDefaultAsync(e => e.Evaluation.Number == number, cancel) is not { } found)
            return HubError.NotFound($"Evaluation {number}");
        return new EvaluationDetail(found.Row(), [.. ModelStore.Read(found.Model).Classes.Select(c => c.Name)], found.Evaluation.Figures, found.Evaluation.Failure);
    }

    /// <summary>The images with an error of the kind, surest first.</summary>
    /// <param name="kind">Null: any.</param>
    /// <param name="one">Index of a class; null: any.</param>
    public async Task<Result<ErrorPage>> ErrorsAsync(Guid project, int number, ErrorKind? kind, int? one, int skip, CancellationToken cancel)
    {
        Result<List<ImageResult>> all = await WrongAsync(project, number, kind, one, skip, PageSize + 1, cancel);
        return all.Map(page => new ErrorPage([.. page.Take(PageSize)], page.Count > PageSize ? skip + PageSize : null));
    }

    /// <summary>The ids of the images that <see cref="ErrorsAsync"/> shows, over all pages.</summary>
    public async Task<Result<List<Guid>>> ErrorImagesAsync(Guid project, int number, ErrorKind? kind, int? one, int most, CancellationToken cancel) =>
        (await WrongAsync(project, number, kind, one, 0, most, cancel)).Map(all => all.ConvertAll(r => r.Id));

    private async Task<Result<List<ImageResult>>> WrongAsync(Guid project, int number, ErrorKind? kind, int? one, int skip, int most, CancellationToken cancel)
    {
        Result<List<ImageResult>> all = await ResultsAsync(project, number, r => r.Errors.Any(Wanted), cancel);
        return all.Map(wrong => wrong.OrderByDescending(r => r.Errors.Where(Wanted).Max(e => e.Score ?? 0.5)).ThenBy(r => r.Id).Skip(skip).Take(most).ToList());

        bool Wanted(ImageError e) => (kind is null || e.Kind == kind) && (one is null || e.Class == one);
    }

    public async Task<Result<List<ImageResult>>> ResultsAsync(Guid project, int number, Func<ImageResult, bool> wanted, CancellationToken cancel)
    {
        if (await Joined(project).SingleOrDefaultAsync(e => e.Evaluation.Number == number, cancel) is not { } found)
            return HubError.NotFound($"Evaluation {number}");
        if (found.Evaluation.ResultsHash is not { } hash || await blobs.OpenAsync(new(found.Dataset.OwnerOrganizationId, BlobKind.Evaluation, hash), cancel) is not { } stream)
            return HubError.Conflict("not-ready", $"Evaluation {number} has no results: it is not ready.");
        await using Stream _ = stream;
        List<ImageResult> results = [];
        await foreach (ImageResult result in ResultFile.ReadAsync(stream, cancel))
            if (wanted(result))
                results.Add(result);
        return results;
    }

    private IQueryable<Found> Joined(Guid project) => from e in db.EvaluationsIn(project).AsNoTracking()
                                                      join m in db.Set<ModelVersion>().AsNoTracking() on e.ModelVersionId equals m.Id
                                                      join v in db.Set<DatasetVersion>().AsNoTracking() on e.DatasetVersionId equals v.Id
                                                      select new Found { Evaluation = e, Model = m, Dataset = v };

    private sealed class Found
    {
        public required Evaluation Evaluation { get; init; }

        public required ModelVersion Model { get; init; }

        public required DatasetVersion Dataset { get; init; }

        public EvaluationRow Row() => new(Evaluation.Id, Evaluation.Number, Evaluation.State, Model.Number, Model.Name, Dataset.Number, Evaluation.Slice, Evaluation.Progress, Evaluation.Expected,
            Evaluation.Figures?.Headline ?? new Dictionary<string, Figure>(), Evaluation.CreatedByName, Evaluation.CreatedAt, Evaluation.FinishedAt);
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder group = (RouteGroupBuilder)routes.MapGroup("/projects/{project}/evaluations").WithTags("Evaluations");
        group.MapGet("", async (ReadEvaluations handler, HttpContext http) => TypedResults.Ok(await handler.ListAsync(http.ProjectId(), http.RequestAborted)))
            .Requires(HubAction.EvaluationsRead).WithName("ListEvaluations").WithSummary("The project's evaluations with their main figures, newest first.");
        group.MapGet("/{number:int}", async (int number, ReadEvaluations handler, HttpContext http) => (await handler.GetAsync(http.ProjectId(), number, http.RequestAborted)).ToOk())
            .Requires(HubAction.EvaluationsRead).Produces<EvaluationDetail>().WithName("GetEvaluation").WithSummary("One evaluation with all figures and curves.");
        group.MapGet("/{number:int}/errors", async (int number, Named<ErrorKind>? kind, int? @class, int? skip, ReadEvaluations handler, HttpContext http) =>
                (await handler.ErrorsAsync(http.ProjectId(), number, kind?.Value, @class, Math.Max(0, skip ?? 0), http.RequestAborted)).ToOk())
            .Requires(HubAction.EvaluationsRead).Produces<ErrorPage>().WithName("ListEvaluationErrors").WithSummary("Images on which the model was wrong, by kind of error, surest first.");
    }
}
