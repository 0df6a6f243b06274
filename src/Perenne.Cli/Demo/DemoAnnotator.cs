using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Perenne.Cli.Hub;
using Perenne.Contracts.Annotation;

namespace Perenne.Cli.Demo;

/// <summary>Works a campaign off through the same API that the canvas uses: next, read, save, submit; and for reviewers: next, accept.</summary>
internal sealed class DemoAnnotator(HubClient hub, SimulatedPerson person, string project, IReadOnlyList<string> classes, Func<Guid, DemoImage?> truth)
{
    private string Address => $"api/v1/projects/{project}";

    /// <returns>Images finished; stops when nothing is left for this person.</returns>
    public async Task<int> AnnotateAsync(Guid campaign, Action<int> progress, CancellationToken cancel)
    {
        for (int done = 0; ; done++)
        {
            Lease lease;
            try
            {
                lease = await hub.PostAsync<Lease>($"{Address}/campaigns/{campaign}/next", new { }, cancel);
            }
            catch (HubFailure failure) when (failure.Status is 404 or 409)
            {
                return done;
            }

            JsonObject view = await hub.GetAsync<JsonObject>($"{Address}/tasks/{lease.AssignmentId}", cancel);
            DemoImage image = truth(ImageOf(view)) ?? throw new HubFailure($"The demo was given a task for an image that it did not send ({view["title"]}).", 0);
            AnnotationDocument answer = person.Answer(image, classes);
            ImmutableArray<Change> changes = [.. answer.Shapes.Select(s => (Change)new PutShape(s)), new SetVerdict(answer.Verdict)];
            int revision = view["revision"]!.GetValue<int>();
            Operation operation = new($"demo-{lease.AssignmentId:N}-{revision}", TimeProvider.System.GetUtcNow(), 6_000 + (3_500 * answer.Shapes.Length), changes);
            JsonNode body = new JsonObject { ["fence"] = lease.Fence, ["baseRevision"] = revision, ["operations"] = new JsonArray(JsonSerializer.SerializeToNode(operation, AnnotationJson.Options)) };
            JsonObject saved = await hub.PostAsync<JsonObject>($"{Address}/tasks/{lease.AssignmentId}/operations", body, cancel);
            await hub.PostAsync<JsonObject>($"{Address}/tasks/{lease.AssignmentId}/submit",
                new { id = $"submit-{lease.AssignmentId:N}-{revision}", fence = lease.Fence, baseRevision = saved["revision"]!.GetValue<int>(), activeMilliseconds = 800 }, cancel);
            progress(1);
        }
    }

    /// <summary>Accepts what is close to the truth and fixes the rest, as a reviewer with the drawing in hand would.</summary>
    public async Task<int> ReviewAsync(Guid campaign, Action<int> progress, CancellationToken cancel)
    {
        for (int done = 0; ; done++)
        {
            Guid assignment;
            try
            {
                assignment = (await hub.PostAsync<Item>($"{Address}/reviews/next?campaign={campaign}", new { }, cancel)).AssignmentId;
            }
            catch (HubFailure failure) when (failure.Status is 404 or 409)
            {
                return done;
            }

            JsonObject view = await hub.GetAsync<JsonObject>($"{Address}/reviews/{assignment}", cancel);
            int revision = view["revision"]!.GetValue<int>();
            if (truth(ImageOf(view)) is { } image)
                revision = await FixAsync(assignment, view, revision, person.Answer(image, classes), cancel);
            await hub.PostAsync<JsonObject>($"{Address}/reviews/{assignment}/accept", new { id = $"accept-{assignment:N}-{revision}", baseRevision = revision }, cancel);
            progress(1);
        }
    }

    private async Task<int> FixAsync(Guid assignment, JsonObject view, int revision, AnnotationDocument right, CancellationToken cancel)
    {
        AnnotationDocument document = view["document"].Deserialize<AnnotationDocument>(AnnotationJson.Options)!;
        if (document.Shapes.Length == right.Shapes.Length && document.Shapes.Zip(right.Shapes).All(pair => pair.First.Label == pair.Second.Label))
            return revision;
        ImmutableArray<Change> changes =
        [
            .. document.Shapes.Select(s => (Change)new RemoveShape(s.Id)),
            .. right.Shapes.Select((s, i) => (Change)new PutShape(s with { Id = $"r{revision}-{i}" })),
            new SetVerdict(right.Verdict),
        ];
        Operation operation = new($"fix-{assignment:N}-{revision}", TimeProvider.System.GetUtcNow(), 4_000, changes);
        JsonNode body = new JsonObject { ["baseRevision"] = revision, ["operations"] = new JsonArray(JsonSerializer.SerializeToNode(operation, AnnotationJson.Options)) };
        return (await hub.PostAsync<JsonObject>($"{Address}/reviews/{assignment}/operations", body, cancel))["revision"]!.GetValue<int>();
    }

    // …/images/{id}/original or …/images/{id}/tiles
    private static Guid ImageOf(JsonObject view)
    {
        string[] parts = view["image"]!["url"]!.GetValue<string>().Split('/');
        return Guid.Parse(parts[Array.IndexOf(parts, "images") + 1]);
    }

    private sealed record Lease(Guid AssignmentId, long Fence);

    private sealed record Item(Guid AssignmentId);
}
