using System.Diagnostics;
using Perenne.Hub.Registry;
using Perenne.Hub.Train;

namespace Perenne.Hub.Tests.Learn;

/// <summary>A real hub process that dies without warning while it trains.</summary>
public sealed class RunKillTests
{
    [Fact]
    public async Task A_hub_that_is_killed_takes_its_trainer_along_and_the_next_one_goes_on_from_the_checkpoint()
    {
        CancellationToken cancel = TestContext.Current.CancellationToken;
        await using SqliteHub setUp = new();
        await setUp.InitializeAsync();
        Workshop shop = await Workshop.StartAsync(setUp);
        await setUp.App.StopAsync(cancel);

        (Process first, HttpClient client) = await HubProcess.StartAsync(setUp.Folder, shop.Pool.Scientist.Token, cancel);
        string runs = $"{shop.Pool.Address}/runs";
        int number = (await client.Post(runs, shop.Request(steps: 300, pause: 0.05)).Read<RunStarted>()).Number;
        RunDetail half = await Learning.UntilAsync(() => client.Get<RunDetail>($"{runs}/{number}"), r => r.Progress.Last.Step > 10);
        first.Kill(); // SIGKILL: nobody tells the trainer.
        string checkpoint = Path.Combine(shop.JobFolder(half.Run.Id), "checkpoint", "step");
        await Learning.UntilAsync(() => Task.FromResult(File.Exists(checkpoint) && File.ReadAllText(checkpoint).Length > 0), saved => saved);

        (Process second, HttpClient next) = await HubProcess.StartAsync(setUp.Folder, shop.Pool.Scientist.Token, cancel);
        RunDetail done = await Learning.UntilAsync(() => next.Get<RunDetail>($"{runs}/{number}"), r => r.Run.FinishedAt is not null);
        List<ModelRow> models = await next.Get<List<ModelRow>>($"{shop.Pool.Address}/models");
        second.Kill();
        await Task.WhenAll(first.WaitForExitAsync(cancel), second.WaitForExitAsync(cancel));
        Assert.Equal((RunState.Succeeded, 1, 300), (done.Run.State, done.Resumes, done.Progress.Last.Step));
        Assert.DoesNotContain("from step 0 ", done.Log);
        Assert.Single(models);
    }
}
