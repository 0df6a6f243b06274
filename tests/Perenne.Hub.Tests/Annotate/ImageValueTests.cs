using System.Net;
using System.Text.Json;
using Perenne.Contracts.Annotation;
using Perenne.Hub.Agree;
using Perenne.Hub.Annotate;
using Perenne.Hub.Shared.Results;

namespace Perenne.Hub.Tests.Annotate;

public sealed class ImageValueTestsOnSqlite(SqliteHub hub) : ImageValueTests(hub), IClassFixture<SqliteHub>;

public sealed class ImageValueTestsOnPostgres(PostgresHub hub) : ImageValueTests(hub), IClassFixture<PostgresHub>;

public abstract class ImageValueTests(HubFixture hub) : HubTests(hub)
{
    private static readonly ImageValueRule Coverage = new("coverage", "%", 0, 100);

    [Fact]
    public async Task A_value_asked_of_the_image_comes_with_the_task_and_an_answer_without_it_is_refused()
    {
        Workbench bench = await Workbench.StartAsync(Hub, images: 1, people: 1, new(ReviewShare: 0, Kinds: ["value"], Values: [Coverage]));
        TestPerson anna = bench.People[0];
        JsonElement pulled = await Workbench.ReadAsync<JsonElement>(await bench.As(anna).PostAsync($"{bench.Address}/campaigns/{bench.Campaign}/next?view=true", null));
        JsonElement task = pulled.GetProperty("task");
        Assert.Equal("coverage", task.GetProperty("values")[0].GetProperty("name").GetString());
        Assert.Equal(0, task.GetProperty("kinds").GetArrayLength());
        Assert.Equal(JsonValueKind.Null, task.GetProperty("tagClasses").ValueKind);
        Lease lease = new(pulled.GetProperty("assignmentId").GetGuid(), pulled.GetProperty("fence").GetInt64(), default);

        await Workbench.ReadAsync<Saved>(await bench.SaveAsync(anna, lease, 0, Workbench.NoDefect()));
        Assert.Contains("'coverage' is missing", await Workbench.RefusalAsync(await bench.SubmitAsync(anna, lease, 1)), StringComparison.Ordinal);
        await Workbench.ReadAsync<Saved>(await bench.SaveAsync(anna, lease, 1, Value("much", 120)));
        Assert.Contains("between 0 and 100; 120 was given", await Workbench.RefusalAsync(await bench.SubmitAsync(anna, lease, 2)), StringComparison.Ordinal);
        await Workbench.ReadAsync<Saved>(await bench.SaveAsync(anna, lease, 2, Value("right", 12.5)));
        Assert.Equal(HttpStatusCode.OK, (await bench.SubmitAsync(anna, lease, 3)).StatusCode);
    }

    [Fact]
    public async Task Values_that_differ_by_more_than_a_tenth_are_a_dispute_and_the_ground_truth_of_others_is_their_middle()
    {
        Workbench bench = await Workbench.StartAsync(Hub, images: 2, people: 2, new(OverlapShare: 1, ReviewShare: 0, Kinds: ["value"], Values: [Coverage]));
        Dictionary<Guid, double> first = [];
        await bench.AnswerAllAsync(bench.People[0], task => [Value("a" + task.ToString("N")[..8], first[task] = 50)]);
        Guid disputed = first.Keys.First();
        await bench.AnswerAllAsync(bench.People[1], task => [Value("b" + task.ToString("N")[..8], task == disputed ? 80 : 52)]);

        var tasks = await bench.LookAsync(db => Task.FromResult(db.Set<AnnotationTask>().ToDictionary(t => t.Id)));
        Assert.Equal(TaskState.Disputed, tasks[disputed].State);
        Guid agreed = first.Keys.Single(id => id != disputed);
        Assert.Equal(TaskState.Done, tasks[agreed].State);
        GroundTruth truth = await bench.LookAsync(db => Task.FromResult(db.Set<GroundTruth>().Single(t => t.ImageId == tasks[agreed].ImageId)));
        Assert.Equal(51, truth.Document.Values["coverage"]);
    }

    [Fact]
    public void The_lines_of_the_form_are_read_and_written_and_a_wrong_one_is_named()
    {
        Result<IReadOnlyList<ImageValueRule>> read = ImageValueRule.Read("coverage; %; 0; 100\n\n depth\r\n");
        Assert.Equal([Coverage, new("depth")], read.Value);
        Assert.Equal("coverage; %; 0; 100\ndepth", ImageValueRule.Write(read.Value));
        Assert.Contains("'coverage; %; low' is not understood", ImageValueRule.Read("coverage; %; low").Error!.Detail, StringComparison.Ordinal);
        Assert.Contains(new CampaignRules(Values: [new("a"), new("a")]).Problems(), p => p.Problem.Contains("there twice", StringComparison.Ordinal));
        Assert.Contains(new CampaignRules(Values: [new("a", null, 3, 3)]).Problems(), p => p.Problem.Contains("below the highest", StringComparison.Ordinal));
    }

    [Fact]
    public void Who_gave_no_value_disagrees_with_who_did_whichever_comes_first()
    {
        AnnotationDocument without = AnnotationDocument.Empty with { Verdict = ImageVerdict.NoDefect }, with = without with { Values = without.Values.Add("coverage", 5) };
        Assert.False(DocumentAgreement.Compare(without, with).SameVerdict);
        Assert.False(DocumentAgreement.Compare(with, without).SameVerdict);
        Assert.True(DocumentAgreement.Compare(with, with).SameVerdict);
    }

    private static Operation Value(string id, double value) => new(id, DateTimeOffset.UnixEpoch, 500, [new SetValue("coverage", value)]);
}
