using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Datasets;

/// <summary>Stops a version that is being made; its number stays taken.</summary>
internal sealed class CancelDatasetVersion(HubDbContext db, TimeProvider time)
{
    public async Task<Result<Done>> HandleAsync(Guid project, int number, CancellationToken cancel)
    {
        DateTimeOffset now = time.GetUtcNow();
        int stopped = await db.VisibleVersions(project).Where(v => v.Number == number && (v.State == DatasetState.Queued || v.State == DatasetState.Building))
            .ExecuteUpdateAsync(set => set.SetProperty(v => v.State, DatasetState.Cancelled).SetProperty(v => v.FinishedAt, now), cancel);
        if (stopped == 1)
            return new Done();
        return await db.VisibleVersions(project).AnyAsync(v => v.Number == number, cancel)
            ? HubError.Conflict("finished", $"Dataset version {number} is finished already; there is nothing to stop.")
            : HubError.NotFound($"Dataset version {number}");
    }

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/projects/{project}/datasets/{number:int}/cancel", async (int number, CancelDatasetVersion handler, HttpContext http) =>
            (await handler.HandleAsync(http.ProjectId(), number, http.RequestAborted)).ToOk())
        .Requires(HubAction.DatasetsEdit).Produces(StatusCodes.Status204NoContent).WithTags("Datasets").WithName("CancelDatasetVersion").WithSummary("Stops a version that is being made.");
}
