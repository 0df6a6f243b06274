using Microsoft.AspNetCore.Mvc;
using Perenne.Hub.Shared.Pages.Layout;
using Perenne.Hub.Shared.Rights;
using Perenne.Hub.Shared.Work;
using Perenne.Hub.Shared.Results;

namespace Perenne.Hub.Automate;

/// <summary>Flows: what the loop does by itself, by a policy that people read and edit.</summary>
internal static class AutomateFeature
{
    public static void AddAutomate(this IServiceCollection services)
    {
        services.AddScoped<SavePolicy>().AddScoped<DryRun>().AddScoped<ListFlowRuns>().AddScoped<MoveFlow>().AddScoped<CancelFlow>()
            .AddScoped<GatherLoop>().AddScoped<LoopTurn>().AddScoped<StepFlows>().AddScoped<EvaluateSteps>().AddScoped<RetrainSteps>().AddScoped<GateSteps>().AddScoped<RolloutSteps>();
        services.AddHostedService<LoopKeeper>();
        services.AddSingleton(new NavItem(NavPlace.Loop, 90, "repeat", "Automation", "/projects/{project}/automation", HubAction.AutomationRead));
    }

    public static void MapAutomate(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder flows = (RouteGroupBuilder)routes.MapGroup("/projects/{project}").WithTags("Automation");
        flows.MapGet("/policy", async (SavePolicy handler, HttpContext http) => TypedResults.Ok(await handler.ReadAsync(http.ProjectId(), http.RequestAborted)))
            .Requires(HubAction.AutomationRead).WithName("GetPolicy").WithSummary("The policy in force; number 0 is the default that nobody saved yet.");
        routes.MapGet("/policy-schema", () => TypedResults.Json(PolicySchema.Document, contentType: "application/schema+json"))
            .Requires(HubAction.SelfRead).WithTags("Automation").WithName("GetPolicySchema").WithSummary("The policy's JSON Schema, for editors and checks outside the hub.");
        flows.MapPut("/policy", async (PolicyDraft draft, SavePolicy handler, HttpContext http) => (await handler.HandleAsync(http.ProjectId(), draft, http.RequestAborted)).ToOk())
            .Requires(HubAction.AutomationEdit).Produces<PolicyView>().WithName("SavePolicy").WithSummary("A new version of the policy, refused when somebody else saved one meanwhile.");
        flows.MapPost("/policy/try", async (PolicyDraft draft, DryRun handler, HttpContext http) => (await handler.HandleAsync(http.ProjectId(), draft.Yaml, http.RequestAborted)).ToOk())
            .Requires(HubAction.AutomationRead).Produces<DryRunAnswer>().WithName("TryPolicy").WithSummary("What this policy would have done over the last 30 days; changes nothing.");
        flows.MapGet("/flows", async ([FromQuery] string? kind, [FromQuery] string? state, [FromQuery] string? after, ListFlowRuns handler, HttpContext http) =>
                (await handler.HandleAsync(http.ProjectId(), kind, state, after, http.RequestAborted)).ToOk())
            .Requires(HubAction.AutomationRead).Produces<FlowRunList>().WithName("ListFlows").WithSummary("Runs of the loop, newest first.");
        flows.MapGet("/flows/{run:guid}", async (Guid run, ListFlowRuns handler, HttpContext http) => (await handler.GetAsync(http.ProjectId(), run, http.RequestAborted)).ToOk())
            .Requires(HubAction.AutomationRead).Produces<FlowRunRow>().WithName("GetFlow").WithSummary("One run with its log and what it made.");
        flows.MapPost("/flows/{run:guid}/cancel", async (Guid run, CancelFlow handler, HttpContext http) => (await handler.HandleAsync(http.ProjectId(), run, http.RequestAborted)).ToOk())
            .Requires(HubAction.AutomationEdit).WithName("CancelFlow").WithSummary("The run takes no further step and what it ordered is stopped; what it made stays.");
        flows.MapPost("/flows/{run:guid}/retry", async (Guid run, MoveFlow handler, HttpContext http) => (await handler.RetryAsync(http.ProjectId(), run, http.RequestAborted)).ToOk())
            .Requires(HubAction.AutomationEdit).WithName("RetryFlow").WithSummary("A failed run goes on from the stage where it failed.");
    }
}
