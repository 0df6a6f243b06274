using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Perenne.Cli.Commands;
using Perenne.Cli.Learn.Kubernetes;

namespace Perenne.Hub.Tests.Learn;

/// <summary>A training as a Kubernetes Job, against an API that answers as the real one does.</summary>
public sealed class KubernetesTests : IAsyncLifetime
{
    private readonly WebApplication api;
    private readonly string folder = Directory.CreateTempSubdirectory("perenne-cluster-").FullName;
    private readonly List<string> calls = [];
    private JsonObject? job;
    private Func<int, JsonObject?> pod = _ => null;
    private int looks, createStatus = 201;

    public KubernetesTests()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        api = builder.Build();
        api.MapPost("/apis/batch/v1/namespaces/plant/jobs", async (HttpRequest request) =>
        {
            calls.Add("create " + request.Headers.Authorization);
            if (createStatus != 201)
                return Results.Json(new { message = "jobs.batch is forbidden: User \"system:serviceaccount:plant:hub\" cannot create resource \"jobs\"" }, statusCode: createStatus);
            if (job is not null)
                return Results.Json(new { message = "already exists" }, statusCode: 409);
            job = (JsonObject)(await JsonNode.ParseAsync(request.Body))!;
            return Results.Json(job, statusCode: 201);
        });
        api.MapGet("/apis/batch/v1/namespaces/plant/jobs/{name}", () => job is null ? Results.NotFound() : Results.Json(job));
        api.MapDelete("/apis/batch/v1/namespaces/plant/jobs/{name}", (string propagationPolicy) =>
        {
            calls.Add("delete " + propagationPolicy);
            job = null;
            return Results.Ok();
        });
        api.MapGet("/api/v1/namespaces/plant/pods", () => Results.Json(new { items = job is null ? new JsonArray() : new JsonArray(pod(looks++)) }));
        api.MapGet("/api/v1/namespaces/plant/pods/{name}/log", () => "step 1\nstep 2\n");
    }

    private JobSettings Settings => new("registry.example/trainer:1", "jobs", Path.Combine(folder, "3f2a"), folder, "plant", "2", "8Gi", 1, null, new Dictionary<string, string> { ["gpu"] = "yes" });

    public async ValueTask InitializeAsync()
    {
        await api.StartAsync();
        await File.WriteAllTextAsync(Path.Combine(folder, "token"), "secret\n");
    }

    [Fact]
    public async Task A_training_runs_as_a_job_prints_what_it_prints_and_ends_as_it_ends()
    {
        pod = look => look == 0 ? Pod("Pending", """{"waiting": {"reason": "ContainerCreating"}}""") : look < 3 ? Pod("Running", """{"running": {}}""") : Pod("Failed", """{"terminated": {"exitCode": 75}}""");
        (int code, string output) = await RunAsync();
        Assert.Equal(75, code);
        Assert.Contains("The job waits: ContainerCreating", output);
        Assert.Contains("step 1\nstep 2\n", output);
        Assert.Equal(["create Bearer secret", "delete Foreground"], calls);
    }

    [Fact]
    public async Task The_job_is_tried_once_with_the_folder_as_last_argument_on_the_shared_volume()
    {
        pod = _ => Pod("Succeeded", """{"terminated": {"exitCode": 0}}""");
        JsonObject made = Settings.Manifest();
        Assert.Equal(0, (await RunAsync()).Code);
        Assert.Equal("perenne-3f2a", made["metadata"]!["name"]!.GetValue<string>());
        Assert.Equal(0, made["spec"]!["backoffLimit"]!.GetValue<int>());
        JsonNode spec = made["spec"]!["template"]!["spec"]!, container = spec["containers"]![0]!;
        Assert.Equal(("Never", false), (spec["restartPolicy"]!.GetValue<string>(), spec["automountServiceAccountToken"]!.GetValue<bool>()));
        Assert.Equal(Path.Combine(folder, "3f2a"), container["args"]![0]!.GetValue<string>());
        Assert.Equal(("jobs", folder), (spec["volumes"]![0]!["persistentVolumeClaim"]!["claimName"]!.GetValue<string>(), container["volumeMounts"]![0]!["mountPath"]!.GetValue<string>()));
        Assert.Equal(1, container["resources"]!["limits"]!["nvidia.com/gpu"]!.GetValue<int>());
        Assert.Equal("yes", spec["nodeSelector"]!["gpu"]!.GetValue<string>());
    }

    [Fact]
    public async Task Stopping_deletes_the_job_and_waits_until_its_pod_is_gone()
    {
        using CancellationTokenSource stop = new();
        pod = look =>
        {
            if (look == 1)
                stop.Cancel();
            return Pod("Running", """{"running": {}}""");
        };
        Assert.Equal(75, (await RunAsync(stop.Token)).Code);
        Assert.Equal("delete Foreground", calls[^1]);
        Assert.Null(job);
    }

    [Fact]
    public async Task A_job_that_a_dead_hub_left_running_is_taken_up_and_one_that_is_over_is_made_anew()
    {
        job = Settings.Manifest();
        pod = _ => Pod("Succeeded", """{"terminated": {"exitCode": 0}}""");
        (int code, string output) = await RunAsync();
        Assert.Equal(0, code);
        Assert.Contains("is running already", output);
        Assert.Single(calls, c => c.StartsWith("create", StringComparison.Ordinal));

        calls.Clear();
        job = Settings.Manifest();
        job["status"] = JsonNode.Parse("""{"conditions": [{"type": "Failed", "status": "True", "reason": "BackoffLimitExceeded"}]}""");
        Assert.Equal(0, (await RunAsync()).Code);
        Assert.Equal(["create Bearer secret", "delete Foreground", "create Bearer secret", "delete Foreground"], calls);
    }

    [Fact]
    public async Task What_can_never_start_is_a_sentence_and_leaves_no_job()
    {
        pod = _ => Pod("Pending", """{"waiting": {"reason": "ImagePullBackOff", "message": "pull access denied"}}""");
        CommandException image = await Assert.ThrowsAsync<CommandException>(() => RunAsync());
        Assert.Equal("The job cannot start, because the image cannot be fetched (registry.example/trainer:1): pull access denied", image.Message);
        Assert.Null(job);

        createStatus = 403;
        CommandException forbidden = await Assert.ThrowsAsync<CommandException>(() => RunAsync());
        Assert.StartsWith("Kubernetes refused to create the job (403): jobs.batch is forbidden", forbidden.Message);
    }

    [Fact]
    public void Outside_a_cluster_the_address_is_asked_for()
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST") is { Length: > 0 }, "This runs in a cluster.");
        Assert.Contains("--server", Assert.Throws<CommandException>(() => ClusterAccess.Find(null, null, null, null)).Message);
        Assert.Contains("is no address", Assert.Throws<CommandException>(() => ClusterAccess.Find("cluster", null, null, null)).Message);
    }

    public async ValueTask DisposeAsync()
    {
        await api.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private async Task<(int Code, string Output)> RunAsync(CancellationToken cancel = default)
    {
        ClusterAccess access = ClusterAccess.Find(api.Urls.Single(), Path.Combine(folder, "token"), null, "plant");
        using KubernetesApi client = new(access);
        await using StringWriter output = new() { NewLine = "\n" };
        int code = await new KubernetesJob(client, Settings, output, TimeProvider.System).RunAsync(cancel);
        return (code, output.ToString());
    }

    private static JsonObject Pod(string phase, string state) => new()
    {
        ["metadata"] = new JsonObject { ["name"] = "perenne-3f2a-x" },
        ["status"] = new JsonObject { ["phase"] = phase, ["containerStatuses"] = new JsonArray(new JsonObject { ["state"] = JsonNode.Parse(state) }) },
    };
}
