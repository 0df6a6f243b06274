using System.CommandLine;
using Perenne.Cli.Commands;

namespace Perenne.Cli.Learn.Kubernetes;

/// <summary>
/// <c>perenne kubernetes-job</c>: a trainer command that runs the training as a Kubernetes Job. For whoever starts it, it is a trainer like any other: the same
/// folder, the same exit codes, and SIGTERM stops the job after its checkpoint.
/// </summary>
internal static class KubernetesJobCommand
{
    public static Command Create()
    {
        Option<string> image = new("--image") { Description = "Container image of the trainer; its entry point gets the job folder as the last argument.", Required = true };
        Option<string> claim = new("--claim") { Description = "PersistentVolumeClaim that holds the folder of jobs, shared with the hub.", Required = true };
        Option<DirectoryInfo> job = new("--job") { Description = "Job folder, as the hub names it.", Required = true };
        Option<string?> volume = new("--volume-root") { Description = "Where the claim is mounted here and in the job (default: the folder above the job folder)." };
        Option<string?> space = new("--namespace") { Description = "Namespace (default: the pod's own, else default)." };
        Option<string> cpu = new("--cpu") { Description = "Processors asked for.", DefaultValueFactory = _ => "2" };
        Option<string> memory = new("--memory") { Description = "Memory asked for, also the limit.", DefaultValueFactory = _ => "8Gi" };
        Option<int> gpus = new("--gpus") { Description = "nvidia.com/gpu asked for (default 0)." };
        Option<string?> account = new("--service-account") { Description = "Service account of the job's pod." };
        Option<string[]> node = new("--node") { Description = "Label that a node must have, as KEY=VALUE; may be repeated." };
        Option<string?> server = new("--server") { Description = "Address of the API (default: of the cluster this runs in)." };
        Option<FileInfo?> token = new("--token-file") { Description = "File with the bearer token (default: the pod's)." };
        Option<FileInfo?> authority = new("--ca-file") { Description = "Certificate of the API's authority (default: the pod's)." };
        Command command = new("kubernetes-job", "Runs a training as a Kubernetes Job; for the hub's list of trainers.") { image, claim, job, volume, space, cpu, memory, gpus, account, node, server, token, authority };
        command.SetAction((parsed, cancellation) => CommandErrors.GuardAsync(async () =>
        {
            string folder = parsed.GetRequiredValue(job).FullName;
            if (!File.Exists(Path.Combine(folder, "job.json")))
                throw new CommandException($"{folder} holds no job.json. Give the folder of a training job; docs/training.md describes it.");
            ClusterAccess access = ClusterAccess.Find(parsed.GetValue(server), parsed.GetValue(token)?.FullName, parsed.GetValue(authority)?.FullName, parsed.GetValue(space));
            JobSettings settings = new(parsed.GetRequiredValue(image), parsed.GetRequiredValue(claim), folder, parsed.GetValue(volume) ?? Path.GetDirectoryName(folder)!, access.Namespace, parsed.GetValue(cpu)!, parsed.GetValue(memory)!,
                parsed.GetValue(gpus), parsed.GetValue(account), Labels(parsed.GetValue(node) ?? []));
            using KubernetesApi api = new(access);
            return await new KubernetesJob(api, settings, Console.Out, TimeProvider.System).RunAsync(cancellation);
        }));
        return command;
    }

    private static Dictionary<string, string> Labels(string[] pairs)
    {
        Dictionary<string, string> labels = [];
        foreach (string pair in pairs)
        {
            int at = pair.IndexOf('=', StringComparison.Ordinal);
            if (at < 1)
                throw new CommandException($"--node {pair}: write it as KEY=VALUE.");
            labels[pair[..at]] = pair[(at + 1)..];
        }
        return labels;
    }
}
