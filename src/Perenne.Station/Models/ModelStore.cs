using System.Security.Cryptography;
using Perenne.Contracts.Stations;
using Perenne.Inference;
using Perenne.Station.Spool;

namespace Perenne.Station.Models;

/// <summary>
/// Packages on disk, one folder per content. A package gets its final name only after hash, signature and self-test, so that what is there
/// is good; those of the running and the previous plan are kept, so that going back needs no hub.
/// </summary>
internal sealed class ModelStore(string folder)
{
    public string FolderOf(PlannedModel model) => Path.Combine(folder, $"{model.Sha256[..16]}-{model.ManifestSha256[..16]}");

    public bool Has(PlannedModel model) => Directory.Exists(FolderOf(model));

    /// <summary>Fetches, checks and names a package.</summary>
    /// <exception cref="ModelPackageException">It is not what the plan says, not signed by the hub, or does not run; the message says which.</exception>
    public async Task AddAsync(PlannedModel model, string signingKey, Func<string, Stream, Task> fetch, Action<ModelPackage> selfTest)
    {
        // The signature covers both hashes: checked first, nothing is fetched for a plan somebody forged.
        if (!ModelSignature.Verify(signingKey, model))
            throw new ModelPackageException($"Model version {model.Number} is not signed by the hub this station enrolled with. It is not run.");
        string temporary = Path.Combine(folder, $"incoming-{model.ModelVersionId:N}");
        if (Directory.Exists(temporary))
            Directory.Delete(temporary, recursive: true);
        Directory.CreateDirectory(temporary);
        await FetchAsync(temporary, ModelPackage.ManifestFile, model.ManifestSha256, fetch);
        await FetchAsync(temporary, ModelPackage.ModelFile, model.Sha256, fetch);
        selfTest(ModelPackage.Open(temporary));
        Directory.Move(temporary, FolderOf(model));
        DurableFile.SyncFolder(folder);
    }

    /// <summary>Removes packages that neither of these plans names.</summary>
    public void Keep(IEnumerable<StationPlan> plans)
    {
        HashSet<string> wanted = [.. plans.SelectMany(StationPlans.Models).Select(FolderOf)];
        foreach (string package in Directory.Exists(folder) ? Directory.GetDirectories(folder) : [])
            if (!wanted.Contains(package))
                Directory.Delete(package, recursive: true);
    }

    private static async Task FetchAsync(string folder, string name, string sha256, Func<string, Stream, Task> fetch)
    {
        string path = Path.Combine(folder, name);
        await using (FileStream file = new(path, FileMode.Create, FileAccess.ReadWrite, FileShare.None))
        {
            await fetch(name, file);
            file.Flush(flushToDisk: true);
            file.Position = 0;
            string hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(file));
            if (hash != sha256)
                throw new ModelPackageException($"{name} arrived with the hash {hash[..12]}… instead of {sha256[..12]}…: it was damaged or replaced on the way. It is fetched again.");
        }
    }
}

internal static class StationPlans
{
    public static IEnumerable<PlannedModel> Models(StationPlan plan) => plan.Projects.SelectMany(p => Roles(p).Select(r => r.Model));

    public static IEnumerable<(PlannedModel Model, Contracts.Observations.JudgementRole Role)> Roles(ProjectPlan plan)
    {
        if (plan.Active is { } active)
            yield return (active, Contracts.Observations.JudgementRole.Active);
        if (plan.Canary is { } canary)
            yield return (canary, Contracts.Observations.JudgementRole.Canary);
        foreach (PlannedModel shadow in plan.Shadows)
            yield return (shadow, Contracts.Observations.JudgementRole.Shadow);
    }
}
