using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Perenne.Contracts.Annotation;
using Perenne.Hub.Agree;
using Perenne.Hub.Annotate;
using Perenne.Hub.Automate;
using Perenne.Hub.Evaluate;
using Perenne.Hub.Monitor;
using Perenne.Hub.Registry;
using Perenne.Hub.Shared;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Tests.Learn;
using Perenne.TestSupport;
using Perenne.Vision.Sampling;

namespace Perenne.Hub.Tests.Automate;

/// <summary>The nightly measurement, with a detector of bright spots and one that is blind beside it.</summary>
public abstract class MeasurementTests(HubFixture hub) : HubTests(hub)
{
    private const int Fresh = 12;

    [Fact]
    public async Task Champion_and_challenger_are_measured_on_the_same_newest_accepted_images_that_neither_was_trained_on()
    {
        Workshop shop = await Workshop.StartAsync(Hub);
        Pool pool = shop.Pool;
        int seeing = (await shop.RunAsync(shop.Request())).Run.Model!.Value;
        TestModels.BrightSpots(shop.Package, gain: 0, change: m => m with { Classes = [new("open", pool.Open)] });
        int blind = (await shop.RunAsync(shop.Request())).Run.Model!.Value;
        await pool.Client.Post($"{pool.Address}/models/{seeing}/aliases", new AliasRequest(ModelAlias.Champion)).Done();
        await pool.Client.Post($"{pool.Address}/models/{blind}/aliases", new AliasRequest(ModelAlias.Candidate)).Done();
        Hub.Time.Skip(TimeSpan.FromMinutes(1));
        for (int i = 100; i < 100 + Fresh; i++)
            await Workshop.AddPictureAsync(Hub, pool, i);
        // Everything is accepted now, what was trained on too: an acceptance that is newer than the model does not make its image new.
        await AcceptAllAsync(pool);
        List<Perenne.Hub.Datasets.ManifestImage> trained = await Learning.ManifestAsync(pool, shop.Dataset);
        int test = trained.Count(i => i.Split == Split.Test);
        const string yaml = "version: 1\nenabled: true\nevaluate:\n  cron: \"0 * * * * ?\"\n  least_accepted: 10\n  newest_accepted: 300\nretrain:\n  pause_hours: 100\n  new_accepted: 1000000\n";
        await pool.Client.Put($"{pool.Address}/policy", new PolicyDraft(yaml, 0)).Done();

        FlowRun run = await Learning.UntilAsync(() => TurnAsync(pool), r => r is not null && r.State != FlowState.Running) ?? throw new InvalidOperationException("It began.");
        List<Evaluation> evaluations = await Hub.Inside(db => db.Set<Evaluation>().AsNoTracking().Where(e => e.ProjectId == pool.Project.Id && e.DatasetVersionId == run.Outputs.DatasetVersion).OrderBy(e => e.Number).ToListAsync());
        List<MeasurementRow> history = await pool.Client.Get<List<MeasurementRow>>($"{pool.Address}/measurements?organizationId={pool.Lyon.Id}");
        string page = await pool.Client.GetStringAsync($"/projects/{pool.Project.Slug}/monitor");

        Assert.True(run.State == FlowState.Succeeded, string.Join(" ", run.Log.Select(n => n.Words)));
        Assert.Equal(2, evaluations.Count);
        Assert.All(evaluations, e => Assert.Equal(($"{seeing},{blind}", 300, Fresh + test), (e.Slice.NotSeenBy, e.Slice.Newest, e.Figures!.Images)));
        // A slow machine reaches the next minute, in which both are measured again.
        MeasurementRow[] measured = [.. history.DistinctBy(h => h.Model)];
        Assert.Equal([seeing, blind], measured.Select(h => h.Model));
        Assert.All(history, h => Assert.InRange(h.F1.Value, h.F1.Low, h.F1.High));
        Assert.True(measured[0].F1.Value >= measured[1].F1.Value);
        Assert.Contains($"Model {blind}: F1 0.0 %", run.Log[^1].Words, StringComparison.Ordinal);
        Assert.Contains("perenne-chart", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_newest_are_those_that_were_accepted_last_and_what_was_trained_on_alone_is_refused()
    {
        Workshop shop = await Workshop.StartAsync(Hub);
        int model = (await shop.RunAsync(shop.Request())).Run.Model!.Value;
        Task<EvaluationDetail> Done(EvaluationSlice slice) => EvaluateAsync(shop, new(model, shop.Dataset, slice, Robustness: false));
        List<Perenne.Hub.Datasets.ManifestImage> trained = await Learning.ManifestAsync(shop.Pool, shop.Dataset);

        Assert.Equal(5, (await Done(new(null, Newest: 5))).Figures!.Images);
        Assert.Equal(trained.Count(i => i.Split == Split.Test), (await Done(new(null, NotSeenBy: $"{model}"))).Figures!.Images);
        Assert.Contains("trained on every image", (await Done(new("train", NotSeenBy: $"{model}"))).Failure, StringComparison.Ordinal);
        Assert.Contains("separated by commas", await shop.Pool.Client.Post($"{shop.Pool.Address}/evaluations", new EvaluationRequest(model, shop.Dataset, new(null, NotSeenBy: "all"))).Refused(HttpStatusCode.BadRequest), StringComparison.Ordinal);
    }

    private async Task<FlowRun?> TurnAsync(Pool pool) => await Hub.Inside(async services =>
    {
        await services.GetRequiredService<LoopTurn>().HandleAsync(pool.Project.Id, CancellationToken.None);
        return await services.GetRequiredService<HubDbContext>().Set<FlowRun>().AsNoTracking().FirstOrDefaultAsync(r => r.ProjectId == pool.Project.Id && r.Kind == FlowKind.Evaluate);
    });

    private Task<int> AcceptAllAsync(Pool pool) => Hub.Inside(async services =>
    {
        HubDbContext db = services.GetRequiredService<HubDbContext>();
        IdSource ids = services.GetRequiredService<IdSource>();
        foreach (Annotation annotation in await db.Set<Annotation>().Where(a => a.ProjectId == pool.Project.Id).ToListAsync())
            db.Add(new GroundTruth { Id = ids.Next(), OrganizationId = annotation.OrganizationId, ProjectId = pool.Project.Id, ImageId = annotation.ImageId, Source = TruthSource.Accepted, From = [annotation.Id], At = Hub.Time.GetUtcNow(), IsCurrent = true, Document = annotation.Document });
        return await db.SaveChangesAsync();
    });

    private static async Task<EvaluationDetail> EvaluateAsync(Workshop shop, EvaluationRequest request)
    {
        EvaluationStarted started = await shop.Pool.Client.Post($"{shop.Pool.Address}/evaluations", request).Read<EvaluationStarted>();
        return await Learning.UntilAsync(() => shop.Pool.Client.Get<EvaluationDetail>($"{shop.Pool.Address}/evaluations/{started.Number}"), e => e.Evaluation.FinishedAt is not null);
    }
}

public sealed class MeasurementsOnSqlite(SqliteHub hub) : MeasurementTests(hub), IClassFixture<SqliteHub>;

public sealed class MeasurementsOnPostgres(PostgresHub hub) : MeasurementTests(hub), IClassFixture<PostgresHub>;
