using System.Text.Json;
using Perenne.Contracts;
using Perenne.Contracts.Stations;
using Perenne.Inference;
using Perenne.Station.Judge;
using Perenne.Station.Models;
using Perenne.Station.Spool;

namespace Perenne.Station.Hub;

/// <summary>
/// Brings the station to the hub's plan: fetch what is missing, check it, put everything in place at once, remember the plan before it.
/// Until all of that has succeeded the old plan judges. Without a hub the remembered plan is used.
/// </summary>
internal sealed class PlanKeeper(HubClient hub, ModelStore store, ModelSet models, GoldenFrames golden, StationMemory memory, Throttle throttle, StationPaths paths, StationIdentity identity, StationStatus status) : IDisposable
{
    private readonly SemaphoreSlim turn = new(1);
    private string? loaded;

    public string? Etag => loaded;

    /// <summary>At the start: the last plan, else the one before it.</summary>
    public async Task ResumeAsync()
    {
        foreach (string path in new[] { paths.Plan, paths.PreviousPlan })
        {
            if (ReadPlan(path) is not { } plan || !StationPlans.Models(plan).All(store.Has))
                continue;
            try
            {
                await UseAsync(plan);
                return;
            }
            catch (ModelPackageException e)
            {
                status.Trouble($"The remembered plan cannot be used: {e.Message}");
            }
        }
    }

    /// <summary>Asks the hub and follows.</summary>
    public async Task RefreshAsync(CancellationToken cancel)
    {
        await turn.WaitAsync(cancel);
        try
        {
            await FollowAsync(cancel);
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose() => turn.Dispose();

    private async Task FollowAsync(CancellationToken cancel)
    {
        (StationPlan? plan, bool changed) = await hub.PlanAsync(loaded, cancel);
        status.HubReached = true;
        if (!changed || plan is null || plan.Etag == loaded)
            return;
        try
        {
            Directory.CreateDirectory(paths.Models);
            foreach (PlannedModel model in StationPlans.Models(plan).Where(m => !store.Has(m)))
                await store.AddAsync(model, identity.Read()!.SigningKey, (name, to) => hub.FetchAsync(model.ModelVersionId, name, to, cancel), golden.Test);
            await UseAsync(plan);
        }
        catch (ModelPackageException e)
        {
            status.Trouble($"The hub's new plan is not followed: {e.Message}");
            return;
        }
        if (File.Exists(paths.Plan))
            DurableFile.Write(paths.PreviousPlan, File.ReadAllBytes(paths.Plan));
        DurableFile.Write(paths.Plan, JsonSerializer.SerializeToUtf8Bytes(plan, ContractJson.Options));
        store.Keep(new[] { plan, ReadPlan(paths.PreviousPlan) }.OfType<StationPlan>());
    }

    private async Task UseAsync(StationPlan plan)
    {
        await models.UseAsync(plan);
        (memory.Plan, throttle.BytesPerSecond, loaded) = (plan, plan.UploadBytesPerSecond, plan.Etag);
    }

    private static StationPlan? ReadPlan(string path)
    {
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize<StationPlan>(File.ReadAllBytes(path), ContractJson.Options) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
