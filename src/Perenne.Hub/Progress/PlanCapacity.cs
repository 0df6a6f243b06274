using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Annotate;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Progress;

internal sealed record CapacityForecast(CapacityQuestion Question, CapacityAnswer Answer, double? MeasuredSeconds);

internal sealed class PlanCapacity(HubDbContext db)
{
    /// <summary>Median active time of an answer over the project's campaigns; null before the first.</summary>
    public async Task<double?> MeasuredAsync(Guid project, CancellationToken cancel)
    {
        var steps = await db.Set<CampaignPace>().Where(p => db.Set<Campaign>().Any(c => c.Id == p.CampaignId && c.ProjectId == project))
            .GroupBy(p => p.Step).Select(g => new { Step = g.Key, Answers = g.Sum(p => p.Answers) }).ToListAsync(cancel);
        return PaceSteps.Median(steps.Select(s => (s.Step, s.Answers)));
    }

    /// <summary>What the organizations in sight said of themselves.</summary>
    public Task<Dictionary<Guid, OutlookDraft>> StatedAsync(Guid project, CancellationToken cancel) => StateOutlook.OfAsync(db, project, cancel);

    public async Task<Result<CapacityForecast>> HandleAsync(Guid project, CapacityQuestion question, CancellationToken cancel) =>
        question.Problem() is { } problem ? problem : new CapacityForecast(question, CapacityPlan.Of(question), await MeasuredAsync(project, cancel));

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapPost("/projects/{project}/capacity", async ([FromBody] CapacityQuestion question, PlanCapacity handler, HttpContext http) =>
            (await handler.HandleAsync(http.ProjectId(), question, http.RequestAborted)).ToOk())
        .Requires(HubAction.ProgressRead).Produces<CapacityForecast>().WithTags("Campaigns").WithName("PlanCapacity").WithExample(new CapacityQuestion())
        .WithSummary("How many annotators a number of sites needs, from how often they change and how long an image takes. Changes nothing.");
}
