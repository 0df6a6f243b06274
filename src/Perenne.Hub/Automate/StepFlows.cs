using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Annotate;
using Perenne.Hub.Collect;
using Perenne.Hub.Collect.Gallery;
using Perenne.Hub.Monitor;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Results;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Automate;

/// <summary>Moves a run by one step. A step first claims its stage by a move, then has its effect, then moves on with what it made.</summary>
internal sealed class StepFlows(HubDbContext db, MoveFlow move, FillCampaign fill, CreateCampaign campaigns, ChangeCampaignState states, EvaluateSteps evaluate, RetrainSteps retrain)
{
    public static string First(FlowKind kind) => kind is FlowKind.Retrain or FlowKind.Evaluate ? RetrainSteps.Dataset : "start";

    public Task MoveAsync(FlowRun run, LoopPolicy policy, CancellationToken cancel) => run.Kind switch
    {
        FlowKind.TopUp => TopUpAsync(run, policy, cancel),
        FlowKind.Audit => AuditAsync(run, policy, cancel),
        FlowKind.Retrain => retrain.MoveAsync(run, policy, cancel),
        _ => evaluate.MoveAsync(run, policy, cancel),
    };

    private async Task TopUpAsync(FlowRun run, LoopPolicy policy, CancellationToken cancel)
    {
        // Filling twice adds no image twice: a task per image and campaign is unique.
        int added = await fill.HandleAsync(run.Inputs.Subject!.Value, policy.Collect.ImagesPerTopUp, cancel);
        await EndAsync(run, FlowState.Succeeded, $"{added} images were added to the queue.", run.Outputs with { Campaign = run.Inputs.Subject, Images = added }, cancel);
    }

    private async Task AuditAsync(FlowRun run, LoopPolicy policy, CancellationToken cancel)
    {
        string name = $"Audit {run.StartedAt:yyyy-MM-dd} {run.Id.ToString()[..8]}";
        Guid? made = await db.Set<Campaign>().Where(c => c.ProjectId == run.ProjectId && c.OrganizationId == run.OrganizationId && c.Name == name).Select(c => (Guid?)c.Id).FirstOrDefaultAsync(cancel);
        if (made is null)
        {
            // The drifted period: images taken since the change, of the camera that changed where it is one. Without any yet, it waits for the first.
            Alert? alert = await db.Set<Alert>().AsNoTracking().SingleOrDefaultAsync(a => a.Id == run.Inputs.Subject, cancel);
            ImageFilter filter = new() { From = alert?.Since ?? run.StartedAt.AddDays(-2), Camera = alert?.Camera, Annotated = false };
            if (!await filter.Apply(db.Set<Image>().Where(i => i.OrganizationId == run.OrganizationId && i.ProjectId == run.ProjectId), db).AnyAsync(cancel))
                return;
            if (run.Stage != "start" || !await move.ToAsync(run, "campaign", "An audit campaign is being made.", run.Outputs, FlowState.Running, 0, cancel))
                return;
            Result<CampaignCreated> created = await campaigns.HandleAsync(run.OrganizationId, run.ProjectId, new(
                name, policy.Audit.Images, Guidelines: "The production images have changed. Mark what is there, so that the model can be measured on it.",
                Rules: new(OverlapShare: policy.Audit.Overlap, Order: QueueOrder.Random), Filter: filter,
                People: await PeopleAsync(run, cancel)), cancel);
            if (!created.Succeeded)
            {
                await EndAsync(run, FlowState.Failed, created.Error.Detail, run.Outputs, cancel);
                return;
            }

            made = created.Value.Id;
        }

        Result<Done> started = await states.HandleAsync(run.ProjectId, made.Value, CampaignState.Running, cancel);
        await EndAsync(run, started.Succeeded ? FlowState.Succeeded : FlowState.Failed,
            started.Succeeded ? "The audit campaign runs; the measurement follows when its images are accepted." : started.Error.Detail, run.Outputs with { Campaign = made }, cancel);
    }

    // Those who annotated for this project here before; without any, everybody whose trade it is.
    private async Task<List<Guid>> PeopleAsync(FlowRun run, CancellationToken cancel)
    {
        List<Guid> before = await BeforeAsync(run, cancel);
        return before.Count > 0 ? before : await db.Set<Membership>()
            .Where(m => m.OrganizationId == run.OrganizationId && (m.ProjectId == null || m.ProjectId == run.ProjectId) && (m.Role == Role.Annotator || m.Role == Role.Reviewer) && m.User!.DisabledAt == null)
            .Select(m => m.UserId).Distinct().ToListAsync(cancel);
    }

    private Task<List<Guid>> BeforeAsync(FlowRun run, CancellationToken cancel) => (
        from member in db.Set<CampaignMember>()
        join campaign in db.Set<Campaign>() on member.CampaignId equals campaign.Id
        where campaign.ProjectId == run.ProjectId && campaign.OrganizationId == run.OrganizationId
        select member.PersonId).Distinct().ToListAsync(cancel);

    private Task<bool> EndAsync(FlowRun run, FlowState state, string words, FlowOutputs outputs, CancellationToken cancel) => move.ToAsync(run, run.Stage, words, outputs, state, 0, cancel);
}
