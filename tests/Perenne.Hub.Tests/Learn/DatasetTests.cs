using System.Net;
using DuckDB.NET.Data;
using Microsoft.EntityFrameworkCore;
using Perenne.Contracts.Annotation;
using Perenne.Hub.Agree;
using Perenne.Hub.Collect;
using Perenne.Hub.Datasets;
using Perenne.Hub.Observe;
using Perenne.Hub.Shared.Rights;
using Perenne.Vision.Sampling;

namespace Perenne.Hub.Tests.Learn;

public abstract class DatasetTests(HubFixture hub) : HubTests(hub)
{
    private static AnnotationDocument One(int i) => i % 4 == 0 ? Pool.NoDefect : Pool.Boxes((i % 2 == 0 ? "open" : "short", 10, 20, 30, 40));

    [Fact]
    public async Task A_version_holds_the_annotated_images_and_says_what_is_in_it()
    {
        Pool pool = await Pool.StartAsync(Hub);
        await pool.AddManyAsync(40, One, (i, image) => image.Camera = i < 20 ? "left" : "right");
        await pool.AddAsync(null);
        DatasetDetail made = await Learning.MadeAsync(pool, new("first"));

        Assert.Equal(DatasetState.Ready, made.Version.State);
        Assert.Equal((40, 30), (made.Version.Images, made.Version.Shapes));
        Assert.Equal(41, made.Version.Progress);
        DatasetStatistics figures = made.Statistics!;
        Assert.Equal((40, 10), (figures.Images.All, figures.NoDefect.All));
        Assert.Equal(["open", "short"], figures.Classes.Select(c => c.Name));
        Assert.Equal(10, figures.Classes[0].Shapes.All);
        Assert.Equal(20, figures.Classes[1].Medium);
        Assert.Equal(["left", "right"], figures.Cameras.Select(c => c.Name).Order());
        Assert.Equal(64, made.Version.ContentHash!.Length);

        List<ManifestImage> rows = await Learning.ManifestAsync(pool, made.Version.Number);
        Assert.Equal(40, rows.Count);
        ManifestShape shape = rows.First(r => r.Shapes.Count > 0).Shapes[0];
        Assert.Equal(("box", 10, 20, 30, 40), (shape.Kind, shape.Box.X, shape.Box.Y, shape.Box.Width, shape.Box.Height));
        Assert.Equal(10, rows.Count(r => !r.IsDefective));
        Assert.Equal(figures.Images.Test, rows.Count(r => r.Split == Split.Test));
    }

    /// <summary>The question of docs/dataset-manifest.md, asked by a reader that is not ours.</summary>
    [Fact]
    public async Task A_manifest_opens_in_DuckDB_with_its_counts_and_its_times()
    {
        Pool pool = await Pool.StartAsync(Hub);
        await pool.AddManyAsync(40, One);
        DatasetDetail made = await Learning.MadeAsync(pool, new("first"));
        string file = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(file, await pool.Client.GetByteArrayAsync($"{pool.Address}/datasets/{made.Version.Number}/manifest.parquet"), TestContext.Current.CancellationToken);
            await using DuckDBConnection duck = await Duck.OpenAsync(TestContext.Current.CancellationToken);
            string from = $"FROM read_parquet({Duck.Quote(file)})";
            var counts = await Duck.ReadAsync(duck, $"SELECT label, count(*) {from} WHERE shape_index IS NOT NULL GROUP BY ALL ORDER BY ALL", r => (r.GetString(0), r.GetInt64(1)), TestContext.Current.CancellationToken);
            Assert.Equal(made.Statistics!.Classes.OrderBy(c => c.Name, StringComparer.Ordinal).Select(c => (c.Name, (long)c.Shapes.All)), counts);
            // By a time, which readers skip whole row groups by.
            Assert.Equal(40, (await Duck.ReadAsync(duck, $"SELECT count(DISTINCT image_id) {from} WHERE arrived_at > TIMESTAMP '2000-01-01'", r => r.GetInt64(0), TestContext.Current.CancellationToken))[0]);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task The_same_content_has_the_same_hash_and_another_answer_another_one()
    {
        Pool pool = await Pool.StartAsync(Hub);
        await pool.AddManyAsync(12, One);
        DatasetDetail first = await Learning.MadeAsync(pool, new("first")), again = await Learning.MadeAsync(pool, new("again"));
        Assert.Equal(first.Version.ContentHash, again.Version.ContentHash);
        Assert.Equal(first.Version.Number, again.SameAs);
        await pool.AddAsync(Pool.NoDefect);
        Assert.NotEqual(first.Version.ContentHash, (await Learning.MadeAsync(pool, new("more"))).Version.ContentHash);
    }

    [Fact]
    public async Task Images_of_one_part_stay_together_and_never_move_when_the_pool_grows()
    {
        Pool pool = await Pool.StartAsync(Hub);
        await pool.AddManyAsync(60, One, (i, image) => image.PartId = $"part-{i / 3}");
        int first = (await Learning.MadeAsync(pool, new("first", Test: 0.3, Validation: 0.2))).Version.Number;
        await pool.AddManyAsync(60, One, (i, image) => image.PartId = $"part-{i / 2}");
        // The share asked for later does not matter: the first version froze it.
        int second = (await Learning.MadeAsync(pool, new("second", Test: 0.9, Validation: 0))).Version.Number;

        List<ManifestImage> before = await Learning.ManifestAsync(pool, first), after = await Learning.ManifestAsync(pool, second);
        Assert.All(after.GroupBy(i => i.Group), group => Assert.Single(group.Select(i => i.Split).Distinct()));
        Dictionary<Guid, Split> splits = after.ToDictionary(i => i.Id, i => i.Split);
        Assert.All(before, image => Assert.Equal(splits[image.Id], image.Split));
        Assert.Equal(3, before.Select(i => i.Split).Distinct().Count());
        DatasetDiff diff = await pool.Client.Get<DatasetDiff>($"{pool.Address}/datasets/{second}/diff/{first}");
        Assert.Equal((60, 0, 0, 0, 60), (diff.Added, diff.Removed, diff.Relabelled, diff.Moved, diff.Unchanged));
    }

    [Fact]
    public async Task A_difference_names_what_was_added_removed_and_annotated_otherwise()
    {
        Pool pool = await Pool.StartAsync(Hub);
        await pool.AddManyAsync(6, _ => Pool.NoDefect, (i, image) => image.Camera = i == 0 ? "old" : "new");
        await Learning.MadeAsync(pool, new("first"));
        await Hub.Inside(async db =>
        {
            Perenne.Hub.Annotate.Annotation one = await db.Set<Perenne.Hub.Annotate.Annotation>().Where(a => a.ProjectId == pool.Project.Id).OrderBy(a => a.ImageId).LastAsync();
            one.Document = Pool.Boxes(("open", 1, 1, 5, 5));
            return await db.SaveChangesAsync();
        });
        await pool.AddAsync(Pool.NoDefect, image => image.Camera = "new");
        await Learning.MadeAsync(pool, new("second", new() { Camera = "new" }));
        DatasetDiff diff = await pool.Client.Get<DatasetDiff>($"{pool.Address}/datasets/2/diff/1");
        Assert.Equal((1, 1, 1, 4), (diff.Added, diff.Removed, diff.Relabelled, diff.Unchanged));
    }

    [Fact]
    public async Task Only_ground_truth_counts_when_that_is_asked_for_and_it_wins_over_an_import()
    {
        Pool pool = await Pool.StartAsync(Hub);
        await pool.AddAsync(Pool.NoDefect, truth: TruthSource.Consensus);
        await pool.AddAsync(Pool.Boxes(("open", 1, 1, 5, 5)));
        Assert.Equal(1, (await Learning.MadeAsync(pool, new("strict", Labels: LabelSource.Accepted))).Version.Images);
        Assert.Equal(2, (await Learning.MadeAsync(pool, new("all"))).Version.Images);
    }

    [Fact]
    public async Task Warnings_name_leakage_empty_and_rare_classes_and_missing_parts()
    {
        Pool pool = await Pool.StartAsync(Hub);
        Guid cluster = new(7, 7, 7, new byte[8]);
        await pool.AddManyAsync(30, _ => Pool.Boxes(("open", 1, 1, 5, 5)), (i, image) => (image.PartId, image.ClusterId, image.QualityReasons) = ($"p{i}", cluster, i == 0 ? "|not-like-production|" : ""));
        DatasetDetail made = await Learning.MadeAsync(pool, new("leaky", new() { Quality = null }));
        string[] codes = [.. made.Warnings.Select(w => w.Code)];
        Assert.Contains("leakage", codes);
        Assert.Contains("empty-class", codes);
        Assert.Contains("no-good-images", codes);
        Assert.Contains("not-like-production", codes);
        Assert.Contains(made.Warnings, w => w.Sentence.Contains("'short' has no example", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Imported_test_images_stay_in_test()
    {
        Pool pool = await Pool.StartAsync(Hub);
        await pool.AddManyAsync(40, One, (i, image) => image.Metadata = i < 20 ? """{"split":"test"}""" : """{"split":"train"}""");
        SplitCounts counts = (await Learning.MadeAsync(pool, new("published"))).Statistics!.Images;
        Assert.Equal(20, counts.Test);
        Assert.Equal(20, counts.Train + counts.Validation);
    }

    [Fact]
    public async Task A_version_without_an_annotated_image_fails_with_a_sentence()
    {
        Pool pool = await Pool.StartAsync(Hub);
        await pool.AddAsync(null);
        DatasetDetail failed = await Learning.MadeAsync(pool, new("empty"));
        Assert.Equal(DatasetState.Failed, failed.Version.State);
        Assert.StartsWith("No annotated image matches: 1 images were found", failed.Failure);
        Assert.Contains("not ready", await pool.Client.GetAsync($"{pool.Address}/datasets/1/manifest.parquet").Refused(HttpStatusCode.Conflict));
    }

    [Fact]
    public async Task Shares_that_leave_nothing_to_train_on_are_refused()
    {
        Pool pool = await Pool.StartAsync(Hub);
        Assert.Contains("leave nothing to train on", await pool.Client.Post($"{pool.Address}/datasets", new DatasetDraft("x", Test: 0.6, Validation: 0.5)).Refused(HttpStatusCode.BadRequest));
        Assert.Contains("not offered", await pool.Client.Post($"{pool.Address}/datasets", new DatasetDraft("x", Classes: [Guid.Empty])).Refused(HttpStatusCode.BadRequest));
    }

    [Fact]
    public async Task Somebody_who_sees_only_one_of_the_organizations_does_not_see_the_version()
    {
        TestOrganization porto = await Hub.Organization("porto");
        Pool pool = await Pool.StartAsync(Hub, porto);
        TestPerson both = await Hub.Person("root", instanceAdministrator: true), local = await Hub.Person("pia", Role.DataScientist, porto);
        await pool.AddAsync(Pool.NoDefect);
        await pool.AddAsync(Pool.NoDefect, organization: porto);
        await Hub.As(both).Post($"{pool.Address}/datasets", new DatasetDraft("both")).Done();
        DatasetDetail made = await Learning.ReadyAsync(Hub.As(both), pool.Address, 1);
        Assert.Equal(2, made.Version.Images);
        Assert.Empty(await Hub.As(local).Get<List<DatasetRow>>($"{pool.Address}/datasets"));
        await Hub.As(local).GetAsync($"{pool.Address}/datasets/1").Refused(HttpStatusCode.NotFound);
        // Her own version has her own images alone.
        await Hub.As(local).Post($"{pool.Address}/datasets", new DatasetDraft("porto")).Done();
        Assert.Equal(1, (await Learning.ReadyAsync(Hub.As(local), pool.Address, 2)).Version.Images);
    }
}

public sealed class DatasetsOnSqlite(SqliteHub hub) : DatasetTests(hub), IClassFixture<SqliteHub>;

public sealed class DatasetsOnPostgres(PostgresHub hub) : DatasetTests(hub), IClassFixture<PostgresHub>;
