using System.Net;
using Microsoft.EntityFrameworkCore;
using Perenne.Contracts.Models;
using Perenne.Hub.Annotate;
using Perenne.Hub.Evaluate;
using Perenne.Hub.Registry;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Tests.Learn;

/// <summary>Evaluations of a detector of bright spots, of which it is known what it must answer.</summary>
public abstract class EvaluationTests(HubFixture hub) : HubTests(hub)
{
    [Fact]
    public async Task A_model_that_finds_every_spot_is_measured_as_such()
    {
        (Workshop shop, int model) = await TrainedAsync();
        EvaluationDetail done = await EvaluateAsync(shop, new(model, shop.Dataset, new(null)));
        Assert.Equal((EvaluationState.Ready, null), (done.Evaluation.State, done.Failure));
        EvaluationFigures figures = done.Figures!;
        Assert.Equal((24, 16, 8, 16), (figures.Images, figures.Defective, figures.Good, figures.Objects));
        // The detector's boxes have their own grid and size: found, but rarely at IoU .5. What it says of the part is right every time.
        Assert.Equal(0, figures.Headline["escape"].Value);
        Assert.Equal(0, figures.Headline["overkill"].Value);
        Assert.Equal(figures.Objects, figures.Confusion.Sum(row => row.Sum()) - figures.Confusion[^1].Sum());
        Assert.Equal(12, figures.Coco.Count);
        Assert.Contains(figures.Slices, s => s is { Kind: "organization", Images: 24 });
        Assert.Equal(figures.Errors["Miss"] + figures.Errors["BadlyPlaced"] > 0, figures.Headline["recall"].Value < 1);
        // In the dark a detector of bright spots still sees white ones; half a pixel of noise more or less is counted on the same images.
        Assert.Equal(7, figures.Robustness.Select(p => p.Kind).Distinct().Count());
        Assert.All(figures.Robustness, p => Assert.InRange(p.F1, 0, 1));
    }

    [Fact]
    public async Task A_blind_model_lets_every_defect_escape_and_the_comparison_says_which_images_got_worse()
    {
        (Workshop shop, int seeing) = await TrainedAsync();
        TestSupport.TestModels.BrightSpots(shop.Package, gain: 0, change: m => m with { Classes = [new("open", shop.Pool.Open)] });
        int blind = (await shop.RunAsync(shop.Request())).Run.Model!.Value;
        EvaluationDetail a = await EvaluateAsync(shop, new(seeing, shop.Dataset, new(null), Robustness: false)), b = await EvaluateAsync(shop, new(blind, shop.Dataset, new(null), Robustness: false));
        Assert.Equal(1, b.Figures!.Headline["escape"].Value);
        Assert.Equal(16, b.Figures.Errors["Miss"]);
        Assert.Equal(16, b.Figures.Errors["SuspectedLabel"]);
        EvaluationComparison compared = await shop.Pool.Client.Get<EvaluationComparison>($"{shop.Pool.Address}/evaluations/{b.Evaluation.Number}/compare/{a.Evaluation.Number}");
        Assert.Equal((24, 0d), (compared.Images, compared.F1B!.Value));
        Assert.False(compared.IsBetter);
        Assert.Equal(compared.F1A > 0, compared.IsWorse);

        ErrorPage misses = await shop.Pool.Client.Get<ErrorPage>($"{shop.Pool.Address}/evaluations/{b.Evaluation.Number}/errors?kind=miss");
        Assert.Equal(16, misses.Images.Count);
        Assert.All(misses.Images, i => Assert.Equal(ErrorKind.Miss, i.Errors[0].Kind));
    }

    [Fact]
    public async Task Images_with_errors_become_tasks_of_a_campaign_once()
    {
        (Workshop shop, int model) = await TrainedAsync();
        TestPerson manager = await Hub.Person("max", Role.Manager, shop.Pool.Lyon);
        CampaignCreated campaign = await Hub.As(manager).Post($"/api/v1/organizations/{shop.Pool.Lyon.Slug}/projects/{shop.Pool.Project.Slug}/campaigns", new CampaignDraft("errors", 100)).Read<CampaignCreated>();
        List<Guid> images = await Hub.Inside(db => db.Set<Perenne.Hub.Collect.Image>().Where(i => i.ProjectId == shop.Pool.Project.Id).OrderBy(i => i.Id).Select(i => i.Id).Take(5).ToListAsync());
        string send = $"{shop.Pool.Address}/evaluations/send";
        Assert.Equal(new SentToCampaign(5, 0), await shop.Pool.Client.Post(send, new SendRequest(campaign.Id, images)).Read<SentToCampaign>());
        Assert.Equal(new SentToCampaign(0, 5), await shop.Pool.Client.Post(send, new SendRequest(campaign.Id, images)).Read<SentToCampaign>());
        Assert.Contains("at least one", await shop.Pool.Client.Post(send, new SendRequest(campaign.Id, [])).Refused(HttpStatusCode.BadRequest));
        Assert.True(model > 0);
    }

    [Fact]
    public async Task A_slice_by_class_size_period_or_quality_takes_whole_images()
    {
        (Workshop shop, int model) = await TrainedAsync();
        async Task<int> CountAsync(EvaluationSlice slice) => (await EvaluateAsync(shop, new(model, shop.Dataset, slice, Robustness: false))).Figures!.Images;
        await Hub.Inside(db => db.Set<Perenne.Hub.Collect.Image>().Where(i => i.ProjectId == shop.Pool.Project.Id).OrderBy(i => i.Id).Take(5).ExecuteUpdateAsync(set => set.SetProperty(i => i.Quality, Perenne.Hub.Collect.ImageQuality.Flagged)));
        DateOnly today = DateOnly.FromDateTime(Hub.Time.GetUtcNow().UtcDateTime);
        Assert.Equal(16, await CountAsync(new(null, Class: "open")));
        Assert.Equal(16, await CountAsync(new(null, Size: "tiny"))); // 12 pixels
        Assert.Equal(24, await CountAsync(new(null, From: today.AddDays(-4000), Until: today.AddDays(1))));
        Assert.Equal(5, await CountAsync(new(null, Quality: Perenne.Hub.Collect.ImageQuality.Flagged)));
    }

    [Fact]
    public async Task A_model_with_a_reference_is_measured_with_the_image_that_the_metadata_names()
    {
        Workshop shop = await Workshop.StartAsync(Hub);
        TestSupport.TestModels.BrightSpots(shop.Package, new ModelInput { Width = 64, Height = 64, Dynamic = true, Resize = ResizeMode.Native, Reference = true }, change: m => m with { Classes = [new("open", shop.Pool.Open)] });
        int model = (await shop.RunAsync(shop.Request())).Run.Model!.Value;
        Assert.Contains("metadata \"reference\"", (await EvaluateAsync(shop, new(model, shop.Dataset, new(null)))).Failure);
        await Hub.Inside(async db =>
        {
            var images = db.Set<Perenne.Hub.Collect.Image>().Where(i => i.ProjectId == shop.Pool.Project.Id);
            string clean = await images.OrderBy(i => i.Id).Select(i => i.ContentHash).FirstAsync();
            return await images.ExecuteUpdateAsync(set => set.SetProperty(i => i.Metadata, $"{{\"reference\": \"{clean}\"}}"));
        });
        EvaluationDetail done = await EvaluateAsync(shop, new(model, shop.Dataset, new(null)));
        Assert.Equal((EvaluationState.Ready, null), (done.Evaluation.State, done.Failure));
        Assert.Equal((24, 0d), (done.Figures!.Images, done.Figures.Headline["escape"].Value));
        Assert.Equal(7, done.Figures.Robustness.Select(p => p.Kind).Distinct().Count());
    }

    [Fact]
    public async Task A_model_is_tried_on_images_at_once_and_shows_what_its_answer_rests_on()
    {
        (Workshop shop, int model) = await TrainedAsync();
        string address = $"{shop.Pool.Address}/models/{model}";
        Trials trials = await shop.Pool.Client.Post($"{address}/try", new TryRequest()).Read<Trials>();
        Assert.Equal(TryModel.Most, trials.Images.Count);
        Assert.False(trials.Silent);
        Assert.All(trials.Images, t => Assert.Null(t.Problem));
        Trial bad = trials.Images.First(t => t.IsRejected);
        Assert.Contains(bad.Found, f => f.Counts);
        Assert.Contains(trials.Images, t => !t.IsRejected);

        Occlusion map = await shop.Pool.Client.Post($"{address}/occlusion", new OcclusionRequest(bad.Id, 8)).Read<Occlusion>();
        Assert.Equal((8, 8, 64), (map.Columns, map.Rows, map.Drops.Count));
        // The patch that takes most away lies on the detection, and one in the far corner takes nothing.
        int most = map.Drops.Index().MaxBy(d => d.Item).Index;
        (double x, double y) = ((most % 8 + 0.5) * 8, (most / 8 + 0.5) * 8);
        Assert.InRange(x, map.Box![0] - 8, map.Box[0] + map.Box[2] + 8);
        Assert.InRange(y, map.Box[1] - 8, map.Box[1] + map.Box[3] + 8);
        Assert.Contains(0, map.Drops);

        // The first picture is black all over.
        Guid black = await Hub.Inside(db => db.Set<Perenne.Hub.Collect.Image>().Where(i => i.ProjectId == shop.Pool.Project.Id).OrderBy(i => i.Id).Select(i => i.Id).FirstAsync());
        Assert.Contains("finds nothing on this image", await shop.Pool.Client.Post($"{address}/occlusion", new OcclusionRequest(black)).Refused(HttpStatusCode.Conflict));
        Assert.Contains("at most 12", await shop.Pool.Client.Post($"{address}/try", new TryRequest([.. Enumerable.Repeat(black, 13)])).Refused(HttpStatusCode.BadRequest));
        Assert.Contains("The image", await shop.Pool.Client.Post($"{address}/occlusion", new OcclusionRequest(shop.Pool.Project.Id)).Refused(HttpStatusCode.NotFound));
    }

    [Fact]
    public async Task What_cannot_be_measured_is_a_sentence()
    {
        (Workshop shop, int model) = await TrainedAsync();
        Task<string> Refused(EvaluationRequest request) => shop.Pool.Client.Post($"{shop.Pool.Address}/evaluations", request).Refused(HttpStatusCode.BadRequest);
        Assert.Contains("Model 99 does not exist", await Refused(new(99, shop.Dataset)));
        Assert.Contains("Dataset version 99", await Refused(new(model, 99)));
        Assert.Contains("is no split", await Refused(new(model, shop.Dataset, new("holdout"))));
        Assert.Contains("is no size", await Refused(new(model, shop.Dataset, new(null, Size: "middling"))));
        Assert.Contains("has no class 'scratch'", await Refused(new(model, shop.Dataset, new(null, Class: "scratch"))));
        Assert.Contains("ends before it begins", await Refused(new(model, shop.Dataset, new(null, From: new(2026, 2, 1), Until: new(2026, 1, 1)))));
        Assert.Contains("No image of the dataset version lies in this slice", (await EvaluateAsync(shop, new(model, shop.Dataset, new(null, "nowhere")))).Failure);
    }

    private async Task<(Workshop Shop, int Model)> TrainedAsync()
    {
        Workshop shop = await Workshop.StartAsync(Hub);
        return (shop, (await shop.RunAsync(shop.Request())).Run.Model!.Value);
    }

    private static async Task<EvaluationDetail> EvaluateAsync(Workshop shop, EvaluationRequest request)
    {
        EvaluationStarted started = await shop.Pool.Client.Post($"{shop.Pool.Address}/evaluations", request).Read<EvaluationStarted>();
        return await Learning.UntilAsync(() => shop.Pool.Client.Get<EvaluationDetail>($"{shop.Pool.Address}/evaluations/{started.Number}"), e => e.Evaluation.FinishedAt is not null);
    }
}

public sealed class EvaluationsOnSqlite(SqliteHub hub) : EvaluationTests(hub), IClassFixture<SqliteHub>;

public sealed class EvaluationsOnPostgres(PostgresHub hub) : EvaluationTests(hub), IClassFixture<PostgresHub>;
