using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Datasets;
using Perenne.Hub.Evaluate;
using Perenne.Hub.Registry;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Train;

namespace Perenne.Hub.Automate;

internal sealed record FlowRunRow(
    Guid Id, Guid OrganizationId, FlowKind Kind, FlowState State, string Stage, string Reason, FlowInputs Inputs, FlowOutputs Outputs, IReadOnlyList<FlowNote> Log,
    double CostSeconds, DateTimeOffset StartedAt, DateTimeOffset? EndedAt);

/// <summary>Null: not made, or not in sight.</summary>
internal sealed record FlowRunNumbers(int? Dataset, int? Training, int? Model, int? Evaluation);

internal sealed record FlowRunList(IReadOnlyList<FlowRunRow> Runs, string? Next);

/// <summary>Runs of a project, newest first, by key.</summary>
internal sealed class ListFlowRuns(HubDbContext db)
{
    public const int Page = 50;

    public async Task<Result<FlowRunList>> HandleAsync(Guid project, string? kind, string? state, string? after, CancellationToken cancel)
    {
        IQueryable<FlowRun> runs = db.Set<FlowRun>().AsNoTracking().Where(r => r.ProjectId == project);
        if (!string.IsNullOrEmpty(kind))
        {
            if (!Enum.TryParse(kind, ignoreCase: true, out FlowKind wanted) || !Enum.IsDefined(wanted))
                return HubError.Invalid("kind", $"'{kind}' is no flow. Choose topUp, evaluate, audit or retrain.");
            runs = runs.Where(r => r.Kind == wanted);
        }

        if (!string.IsNullOrEmpty(state))
        {
            if (!Enum.TryParse(state, ignoreCase: true, out FlowState wanted) || !Enum.IsDefined(wanted))
                return HubError.Invalid("state", $"'{state}' is no state of a run. Choose running, succeeded, refused, failed or cancelled.");
            runs = runs.Where(r => r.State == wanted);
        }

        // Ids grow with time: the page's key.
        if (!string.IsNullOrEmpty(after))
        {
            if (!Guid.TryParse(after, out Guid last))
                return HubError.Invalid("after", "'after' is the 'next' of the page before, as it came.");
            runs = runs.Where(r => r.Id.CompareTo(last) < 0);
        }

        List<FlowRun> found = await runs.OrderByDescending(r => r.Id).Take(Page + 1).ToListAsync(cancel);
        return new FlowRunList([.. found.Take(Page).Select(Row)], found.Count > Page ? found[Page - 1].Id.ToString() : null);
    }

    public async Task<Result<FlowRunRow>> GetAsync(Guid project, Guid run, CancellationToken cancel) =>
        await db.Set<FlowRun>().AsNoTracking().SingleOrDefaultAsync(r => r.ProjectId == project && r.Id == run, cancel) is { } found ? Row(found) : HubError.NotFound("The run");

    /// <summary>The numbers under which people know what a run made.</summary>
    public async Task<FlowRunNumbers> NumbersAsync(Guid project, FlowOutputs made, CancellationToken cancel) => new(
        await db.Set<DatasetVersion>().Where(v => v.ProjectId == project && v.Id == made.DatasetVersion).Select(v => (int?)v.Number).SingleOrDefaultAsync(cancel),
        await db.Set<TrainingRun>().Where(r => r.ProjectId == project && r.Id == made.TrainingRun).Select(r => (int?)r.Number).SingleOrDefaultAsync(cancel),
        await db.Set<ModelVersion>().Where(m => m.ProjectId == project && m.Id == made.ModelVersion).Select(m => (int?)m.Number).SingleOrDefaultAsync(cancel),
        await db.Set<Evaluation>().Where(e => e.ProjectId == project && e.Id == made.Evaluation).Select(e => (int?)e.Number).SingleOrDefaultAsync(cancel));

    internal static FlowRunRow Row(FlowRun r) =>
        new(r.Id, r.OrganizationId, r.Kind, r.State, r.Stage, r.Reason, r.Inputs, r.Outputs, r.Log, r.CostSeconds, r.StartedAt, r.EndedAt);
}
