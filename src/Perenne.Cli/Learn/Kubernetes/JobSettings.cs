using System.Text.Json.Nodes;
using Perenne.Contracts.Jobs;

namespace Perenne.Cli.Learn.Kubernetes;

/// <summary>What the job is made of.</summary>
/// <param name="Folder">Job folder, the same path here and in the pod.</param>
/// <param name="VolumeRoot">Where the claim is mounted.</param>
/// <param name="Memory">Asked for and limit: a trainer that wants more is ended, not its neighbours.</param>
internal sealed record JobSettings(
    string Image, string Claim, string Folder, string VolumeRoot, string Namespace, string Cpu, string Memory, int Gpus, string? ServiceAccount, IReadOnlyDictionary<string, string> NodeLabels)
{
    /// <summary>The grace after SIGTERM: below the hub's own, so that the checkpoint is written before another hub takes the run.</summary>
    private const int Grace = 15;

    /// <summary>Of the job folder, which the hub names by the run: the same run is the same job, whoever asks for it.</summary>
    public string Name => "perenne-" + new string([.. Path.GetFileName(Folder).ToLowerInvariant().Where(c => char.IsAsciiLetterOrDigit(c) || c == '-').Take(50)]).Trim('-');

    /// <summary>The manifest. Tried once: whether a failed training starts again is decided by whoever reads its exit code.</summary>
    public JsonObject Manifest()
    {
        JsonObject limits = new() { ["memory"] = Memory }, requests = new() { ["cpu"] = Cpu, ["memory"] = Memory };
        if (Gpus > 0)
            limits["nvidia.com/gpu"] = Gpus;
        JsonObject container = new()
        {
            ["name"] = "trainer", ["image"] = Image, ["args"] = new JsonArray(Folder), ["workingDir"] = Folder, ["resources"] = new JsonObject { ["requests"] = requests, ["limits"] = limits },
            ["volumeMounts"] = new JsonArray(new JsonObject { ["name"] = "jobs", ["mountPath"] = VolumeRoot }),
            ["securityContext"] = new JsonObject { ["allowPrivilegeEscalation"] = false, ["capabilities"] = new JsonObject { ["drop"] = new JsonArray("ALL") } },
            ["terminationMessagePolicy"] = "FallbackToLogsOnError",
        };
        JsonObject pod = new()
        {
            ["restartPolicy"] = "Never", ["terminationGracePeriodSeconds"] = Grace, ["automountServiceAccountToken"] = false, ["containers"] = new JsonArray(container),
            ["volumes"] = new JsonArray(new JsonObject { ["name"] = "jobs", ["persistentVolumeClaim"] = new JsonObject { ["claimName"] = Claim } }),
        };
        if (ServiceAccount is not null)
            pod["serviceAccountName"] = ServiceAccount;
        if (NodeLabels.Count > 0)
            pod["nodeSelector"] = new JsonObject(NodeLabels.Select(l => KeyValuePair.Create(l.Key, (JsonNode?)l.Value)));
        return new JsonObject
        {
            ["apiVersion"] = "batch/v1", ["kind"] = "Job",
            ["metadata"] = new JsonObject { ["name"] = Name, ["namespace"] = Namespace, ["labels"] = Labels() },
            ["spec"] = new JsonObject { ["backoffLimit"] = 0, ["template"] = new JsonObject { ["metadata"] = new JsonObject { ["labels"] = Labels() }, ["spec"] = pod } },
        };
    }

    private static JsonObject Labels() => new() { ["app.kubernetes.io/managed-by"] = "perenne", ["app.kubernetes.io/component"] = "trainer", ["perenne/job-format"] = TrainingJob.CurrentFormat.Replace('/', '-') };
}
