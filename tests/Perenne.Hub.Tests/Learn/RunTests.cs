using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Perenne.Contracts.Models;
using Perenne.Hub.Registry;
using Perenne.Hub.Shared.Rights;
using Perenne.Hub.Train;
using Perenne.TestSupport;

namespace Perenne.Hub.Tests.Learn;

/// <summary>Runs of a trainer of somebody's own, written in Python: the contract is tested from the other side.</summary>
public abstract class RunTests(HubFixture hub) : HubTests(hub)
{
    [Fact]
    public async Task A_run_makes_exactly_one_model_with_its_lineage_and_its_curve()
    {
        Workshop shop = await Workshop.StartAsync(Hub);
        RunDetail done = await shop.RunAsync(shop.Request(steps: 25));

        Assert.Equal((RunState.Succeeded, null), (done.Run.State, done.Failure));
        Assert.Equal((25, 25), (done.Progress.Last.Step, done.Progress.Last.Steps));
        Assert.Equal(25, done.Progress.Curve.Count);
        Assert.Equal(5, done.Progress.Curve.Count(p => p.Validation is not null));
        Assert.Contains("on 24 samples", done.Log);
        // What it said by the last validation, of images of the hub and not of more than fit on the page.
        Assert.Equal(RunProgress.MaxAnswers, done.Progress.Last.Answers!.Count);
        Assert.Equal((0, 0.9), (done.Progress.Last.Answers[0].Found[0].Class, done.Progress.Last.Answers[0].Found[0].Score));
        Assert.Equal(["open"], done.Classes);
        ModelRow model = Assert.Single(await shop.Pool.Client.Get<List<ModelRow>>($"{shop.Pool.Address}/models"));
        Assert.Equal((done.Run.Model!.Value, shop.Dataset, done.Run.Number, ModelSource.Run), (model.Number, model.Dataset!.Value, model.Run!.Value, model.Source));
        await Learning.UntilAsync(() => Task.FromResult(Directory.Exists(shop.JobFolder(done.Run.Id))), exists => !exists); // A finished run leaves no images on the disk; they go after its model is registered.
    }

    [Fact]
    public async Task A_failing_trainer_is_shown_with_its_last_words_and_leaves_no_model()
    {
        Workshop shop = await Workshop.StartAsync(Hub);
        RunDetail failed = await shop.RunAsync(shop.Request("fail"));
        Assert.Equal(RunState.Failed, failed.Run.State);
        Assert.Equal("The trainer ended with exit code 3. Its last words:\nTraceback: class 'open' has no example that fits into a crop", failed.Failure);
        Assert.StartsWith("The trainer ended as if all was well but left no model.", (await shop.RunAsync(shop.Request("empty"))).Failure);
        RunDetail nan = await shop.RunAsync(shop.Request("nan"));
        Assert.EndsWith("the loss became NaN at step 1", nan.Failure);
        Assert.All(nan.Progress.Curve, p => Assert.Null(p.Loss));
        Assert.Empty(await shop.Pool.Client.Get<List<ModelRow>>($"{shop.Pool.Address}/models"));
    }

    [Fact]
    public async Task Forty_megabytes_of_output_are_kept_as_their_last_lines()
    {
        Workshop shop = await Workshop.StartAsync(Hub);
        RunDetail failed = await shop.RunAsync(shop.Request("flood"));
        Assert.EndsWith("the flood is over", failed.Failure);
        Assert.InRange(failed.Log.Length, 1000, 40_000);
    }

    [Fact]
    public async Task A_trainer_that_hangs_is_stopped_and_named_as_such()
    {
        Workshop shop = await Workshop.StartAsync(Hub, silenceMinutes: 1);
        int number = await shop.StartRunAsync(shop.Request("silent"));
        RunDetail run = await shop.UntilAsync(number, r => r.Log.Contains("from step", StringComparison.Ordinal));
        // The skipped minute may cost the hub its claim as well; the next one to take the run waits for the same silence.
        while (run.Run.FinishedAt is null)
        {
            Hub.Time.Skip(TimeSpan.FromSeconds(61));
            for (int i = 0; i < 40 && run.Run.FinishedAt is null; i++)
            {
                await Task.Delay(100, TestContext.Current.CancellationToken);
                run = await shop.Pool.Client.Get<RunDetail>($"{shop.Pool.Address}/runs/{number}");
            }
        }

        Assert.Equal(RunState.Failed, run.Run.State);
        Assert.StartsWith("The trainer gave no sign of life for 1 minutes and was stopped.", run.Failure);
        Assert.DoesNotContain(Processes(), line => line.Contains(run.Run.Id.ToString("n"), StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_command_that_is_not_there_and_a_package_that_does_not_fit_are_sentences()
    {
        Workshop shop = await Workshop.StartAsync(Hub, command: "/nowhere/train {job}");
        Assert.StartsWith("The trainer's command was not found.", (await shop.RunAsync(shop.Request())).Failure);

        Workshop other = await Workshop.StartAsync(Hub);
        File.AppendAllText(Path.Combine(other.Package, "model.onnx"), "damaged");
        string sentence = (await other.RunAsync(other.Request())).Failure!;
        Assert.StartsWith("The trainer finished, but its model cannot be used: model.onnx has the hash", sentence);
    }

    [Fact]
    public async Task A_run_that_is_stopped_ends_within_seconds_and_its_processes_with_it()
    {
        Workshop shop = await Workshop.StartAsync(Hub);
        int number = await shop.StartRunAsync(shop.Request(steps: 100_000, pause: 0.05));
        await shop.UntilAsync(number, r => r.Progress.Last.Step > 2);
        await shop.Pool.Client.PostAsync($"{shop.Pool.Address}/runs/{number}/stop", null).Done();
        RunDetail stopped = await shop.UntilAsync(number, r => r.Run.State == RunState.Cancelled);
        Assert.DoesNotContain(Processes(), line => line.Contains(stopped.Run.Id.ToString("n"), StringComparison.Ordinal));
        Assert.Contains("is over already", await shop.Pool.Client.PostAsync($"{shop.Pool.Address}/runs/{number}/stop", null).Refused(HttpStatusCode.Conflict));
    }

    [Fact]
    public async Task A_trainer_that_was_told_to_stop_goes_on_from_its_checkpoint()
    {
        Workshop shop = await Workshop.StartAsync(Hub);
        int number = await shop.StartRunAsync(shop.Request(steps: 60, pause: 0.05));
        RunDetail half = await shop.UntilAsync(number, r => r.Progress.Last.Step > 10);
        int trainer = int.Parse(Processes().First(line => line.Contains("trainer.py", StringComparison.Ordinal) && line.Contains(half.Run.Id.ToString("n"), StringComparison.Ordinal) && !line.Contains("perenne-supervisor", StringComparison.Ordinal)).Split('\t')[0], System.Globalization.CultureInfo.InvariantCulture);
        using (System.Diagnostics.Process kill = System.Diagnostics.Process.Start("kill", ["-TERM", trainer.ToString(System.Globalization.CultureInfo.InvariantCulture)]))
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        RunDetail done = await shop.UntilAsync(number, r => r.Run.FinishedAt is not null);
        Assert.Equal(RunState.Succeeded, done.Run.State);
        Assert.DoesNotContain("from step 0", done.Log);
        Assert.Single(await shop.Pool.Client.Get<List<ModelRow>>($"{shop.Pool.Address}/models"));
    }

    [Fact]
    public async Task A_run_whose_claim_was_lost_goes_on_from_its_checkpoint_under_a_new_fence_and_makes_one_model()
    {
        Workshop shop = await Workshop.StartAsync(Hub);
        int number = await shop.StartRunAsync(shop.Request(steps: 700, pause: 0.05));
        RunDetail half = await shop.UntilAsync(number, r => r.Progress.Last.Step > 10);
        // As after a hub that stood still for longer than its lease: the claim belongs to nobody.
        await Hub.Inside(db => db.Set<Perenne.Hub.Shared.Work.WorkItem>().Where(w => w.SubjectId == half.Run.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(w => w.LeaseId, Guid.Empty).SetProperty(w => w.LeasedUntil, 0L)));
        RunDetail done = await shop.UntilAsync(number, r => r.Run.FinishedAt is not null);
        Assert.Equal((RunState.Succeeded, 1), (done.Run.State, done.Resumes));
        Assert.DoesNotContain("from step 0 ", done.Log);
        Assert.Single(await shop.Pool.Client.Get<List<ModelRow>>($"{shop.Pool.Address}/models"));
    }

    [Fact]
    public async Task Only_an_administrator_of_the_hub_may_define_a_command()
    {
        Pool pool = await Pool.StartAsync(Hub);
        TestPerson chief = await Hub.Person("chief", Role.Administrator, pool.Lyon);
        await Hub.As(chief).Post("/api/v1/trainers", new TrainerDraft("mine", "rm -rf /")).Refused(HttpStatusCode.Forbidden);
        TestPerson root = await Hub.Person("root", instanceAdministrator: true);
        Assert.Contains("quote", await Hub.As(root).Post("/api/v1/trainers", new TrainerDraft("mine", "python3 'x")).Refused(HttpStatusCode.BadRequest));
    }

    [Fact]
    public async Task What_cannot_be_learnt_is_refused_before_anything_starts()
    {
        Workshop shop = await Workshop.StartAsync(Hub);
        Task<string> Refused(RunRequest request) => shop.Pool.Client.Post($"{shop.Pool.Address}/runs", request).Refused(HttpStatusCode.BadRequest);
        Assert.Contains("No image has a value", await Refused(shop.Request() with { Task = ModelTask.Regress }));
        Assert.Contains("minutes, or a number of steps", await Refused(shop.Request() with { Minutes = null, Steps = null }));
        Assert.Contains("JSON object", await Refused(shop.Request() with { Parameters = JsonSerializer.SerializeToElement(3) }));
        Assert.Contains("Model 9 does not exist", await Refused(shop.Request() with { WarmStart = 9 }));
    }

    [Fact]
    public async Task An_alias_moves_with_its_history_and_its_model_cannot_be_removed()
    {
        Workshop shop = await Workshop.StartAsync(Hub);
        int first = (await shop.RunAsync(shop.Request())).Run.Model!.Value, second = (await shop.RunAsync(shop.Request())).Run.Model!.Value;
        string models = $"{shop.Pool.Address}/models";
        foreach (int model in new[] { first, second, second })
            await shop.Pool.Client.Post($"{models}/{model}/aliases", new AliasRequest(ModelAlias.Champion, $"because {model}")).Done();
        List<ModelRow> rows = await shop.Pool.Client.Get<List<ModelRow>>(models);
        Assert.Equal([ModelAlias.Champion], rows.Single(m => m.Number == second).Aliases);
        Assert.Empty(rows.Single(m => m.Number == first).Aliases);
        Assert.Equal([second, first], (await shop.Pool.Client.Get<ModelCard>($"{models}/{first}")).History.Select(h => h.Model!.Value));
        Assert.Contains("has an alias", await shop.Pool.Client.PostAsync($"{models}/{second}/retire", null).Refused(HttpStatusCode.Conflict));
        // Both have the same network: what the champion needs stays.
        await shop.Pool.Client.PostAsync($"{models}/{first}/retire", null).Done();
        Assert.Contains("was removed", await shop.Pool.Client.GetAsync($"{models}/{first}/model.onnx").Refused(HttpStatusCode.Conflict));
        Assert.NotEmpty(await shop.Pool.Client.GetByteArrayAsync($"{models}/{second}/package.zip"));
    }

    private static List<string> Processes() => [.. Directory.EnumerateDirectories("/proc").Where(d => int.TryParse(Path.GetFileName(d), out _)).Select(d =>
    {
        try
        {
            return Path.GetFileName(d) + "\t" + File.ReadAllText(Path.Combine(d, "cmdline")).Replace('\0', ' ');
        }
        catch (IOException)
        {
            return ""; // Gone meanwhile.
        }
    })];
}

public sealed class RunsOnSqlite(SqliteHub hub) : RunTests(hub), IClassFixture<SqliteHub>;

public sealed class RunsOnPostgres(PostgresHub hub) : RunTests(hub), IClassFixture<PostgresHub>;
