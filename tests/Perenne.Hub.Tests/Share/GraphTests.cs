using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Perenne.Hub.Share.Graph;
using Perenne.Hub.Shared.Rights;
using Perenne.Hub.Tests.Annotate;
using Perenne.TestSupport;

namespace Perenne.Hub.Tests.Share;

public abstract class GraphTests(HubFixture hub) : HubTests(hub)
{
    [Fact]
    public async Task One_request_reads_images_their_ground_truth_campaigns_and_agreement()
    {
        Workbench bench = await Workbench.StartAsync(Hub, images: 4, people: 1);
        TestPerson reader = await Hub.Person("ada", Role.DataScientist, bench.Organization);
        for (int i = 0; i < 2; i++)
            await bench.FinishOneAsync(bench.People[0]);
        JsonElement project = (await Data(reader, $$"""
            { project(slug: "{{bench.Project.Slug}}") {
                organizations { name }
                images(first: 3) { nodes { fileName width organization { slug } groundTruth { answer shapes { kind label box } image { fileName } } } pageInfo { hasNextPage endCursor } }
                annotations(first: 1) { nodes { state image { fileName } } pageInfo { hasNextPage endCursor } }
                campaigns { name state target totals { done open } agreement { images } }
                agreement { images overall { f1 { value } } } } }
            """)).GetProperty("project");
        JsonElement images = project.GetProperty("images");
        Assert.Equal((3, true), (images.GetProperty("nodes").GetArrayLength(), images.GetProperty("pageInfo").GetProperty("hasNextPage").GetBoolean()));
        JsonElement truth = images.GetProperty("nodes").EnumerateArray().Select(i => i.GetProperty("groundTruth")).First(t => t.ValueKind != JsonValueKind.Null);
        Assert.Equal(("box", 20), (truth.GetProperty("shapes")[0].GetProperty("kind").GetString(), truth.GetProperty("shapes")[0].GetProperty("box")[2].GetDouble()));
        Assert.Equal(bench.Organization.Slug, images.GetProperty("nodes")[0].GetProperty("organization").GetProperty("slug").GetString());
        Assert.Equal((2, 4), (project.GetProperty("campaigns")[0].GetProperty("totals").GetProperty("done").GetInt32(), project.GetProperty("campaigns")[0].GetProperty("target").GetInt32()));
        Assert.True(project.GetProperty("annotations").GetProperty("pageInfo").GetProperty("hasNextPage").GetBoolean());

        string after = images.GetProperty("pageInfo").GetProperty("endCursor").GetString()!;
        JsonElement rest = await Data(reader, "query($p: String!, $after: String) { project(slug: $p) { images(first: 3, after: $after) { nodes { id } pageInfo { hasNextPage } } } }", new { p = bench.Project.Slug, after });
        Assert.Equal(1, rest.GetProperty("project").GetProperty("images").GetProperty("nodes").GetArrayLength());
    }

    [Fact]
    public async Task Another_organization_is_not_there_and_a_field_without_the_right_is_null_beside_the_others()
    {
        Workbench bench = await Workbench.StartAsync(Hub, images: 1, people: 1);
        TestOrganization porto = await Hub.Organization("porto");
        TestPerson stranger = await Hub.Person("rui", Role.DataScientist, porto), annotator = bench.People[0];
        string query = $$"""{ project(slug: "{{bench.Project.Slug}}") { name images(first: 1) { nodes { fileName } } } }""";
        Assert.Equal(JsonValueKind.Null, (await Data(stranger, query)).GetProperty("project").ValueKind);
        Assert.Empty((await Data(stranger, "{ projects { slug } }")).GetProperty("projects").EnumerateArray());

        // An annotator sees images, and neither others' annotations nor agreement.
        JsonElement answer = await Ask(annotator, $$"""{ project(slug: "{{bench.Project.Slug}}") { images(first: 1) { nodes { fileName groundTruth { id } } } } }""", HttpStatusCode.OK);
        Assert.Equal("forbidden", answer.GetProperty("errors")[0].GetProperty("extensions").GetProperty("code").GetString());
        Assert.Contains("AnnotationsRead", answer.GetProperty("errors")[0].GetProperty("message").GetString()!, StringComparison.Ordinal);
        Assert.Equal(1, answer.GetProperty("data").GetProperty("project").GetProperty("images").GetProperty("nodes").GetArrayLength());
        await Hub.AsNobody().Post("/graphql", new { query = "{ projects { slug } }" }).Refused(HttpStatusCode.Unauthorized);
        string ingest = await Hub.Token(await Hub.Person("bot", Role.DataScientist, bench.Organization), TokenScope.Ingest);
        JsonElement narrow = await Hub.WithToken(ingest).Post("/graphql", new { query = $$"""{ project(slug: "{{bench.Project.Slug}}") { campaigns { name } } }""" }).Read<JsonElement>();
        Assert.Contains("CampaignsRead", narrow.GetProperty("errors")[0].GetProperty("message").GetString()!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_query_that_is_too_deep_or_too_costly_is_refused_before_anything_is_read_and_introspection_is_not()
    {
        Workbench bench = await Workbench.StartAsync(Hub, images: 1, people: 1);
        TestPerson reader = await Hub.Person("ada", Role.DataScientist, bench.Organization);
        string deep = string.Concat(Enumerable.Repeat("groundTruth { image { ", 8)) + "id" + string.Concat(Enumerable.Repeat(" } }", 8));
        JsonElement tooDeep = await Ask(reader, $$"""{ project(slug: "{{bench.Project.Slug}}") { images(first: 1) { nodes { {{deep}} } } } }""", HttpStatusCode.BadRequest);
        Assert.Contains("depth", tooDeep.GetProperty("errors")[0].GetProperty("message").GetString()!, StringComparison.OrdinalIgnoreCase);
        string many = string.Join(' ', Enumerable.Range(0, 60).Select(n => $"a{n}: images(first: 200) {{ nodes {{ id fileName hash width height camera partId batch qualityScore }} }}"));
        JsonElement tooCostly = await Ask(reader, $$"""{ project(slug: "{{bench.Project.Slug}}") { {{many}} } }""", HttpStatusCode.BadRequest);
        Assert.Contains("complex", tooCostly.GetProperty("errors")[0].GetProperty("message").GetString()!, StringComparison.OrdinalIgnoreCase);
        JsonElement schema = await Data(reader, Introspection);
        Assert.Contains("Annotation", schema.GetProperty("__schema").GetProperty("types").EnumerateArray().Select(t => t.GetProperty("name").GetString()));
        Assert.Contains("1 to 200", (await Ask(reader, $$"""{ project(slug: "{{bench.Project.Slug}}") { images(first: 0) { nodes { id } } } }""", HttpStatusCode.OK)).GetProperty("errors")[0].GetProperty("message").GetString()!, StringComparison.Ordinal);
        Assert.Contains("colour", (await Ask(reader, "{ projects { colour } }", HttpStatusCode.BadRequest)).GetProperty("errors")[0].GetProperty("message").GetString()!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_of_images_costs_the_same_number_of_database_commands_whatever_its_length()
    {
        Workbench bench = await Workbench.StartAsync(Hub, images: 40, people: 1);
        TestPerson reader = await Hub.Person("ada", Role.DataScientist, bench.Organization);
        for (int i = 0; i < 3; i++)
            await bench.FinishOneAsync(bench.People[0]);
        int few = await Commands(() => Data(reader, Query(2))), many = await Commands(() => Data(reader, Query(40)));
        Assert.Equal(few, many);
        Assert.InRange(many, 2, 20);

        string Query(int first) => $$"""{ project(slug: "{{bench.Project.Slug}}") { images(first: {{first}}) { nodes { fileName organization { name } groundTruth { shapes { label } } } } } }""";
    }

    /// <summary>The commands one request sends to the tables of images and annotations: those of its trace, because background work reads the same tables.</summary>
    private static async Task<int> Commands(Func<Task> work)
    {
        int count = 0;
        List<IDisposable> subscriptions = [];
        using ActivityListener traced = new() { ShouldListenTo = source => source.Name == "Microsoft.AspNetCore", Sample = (ref _) => ActivitySamplingResult.PropagationData };
        ActivitySource.AddActivityListener(traced);
        using Activity request = new Activity("counted").Start();
        subscriptions.Add(DiagnosticListener.AllListeners.Subscribe(new Each<DiagnosticListener>(listener =>
        {
            if (listener.Name == DbLoggerCategory.Name)
                subscriptions.Add(listener.Subscribe(new Each<KeyValuePair<string, object?>>(e =>
                {
                    if (e.Key == RelationalEventId.CommandExecuted.Name && Activity.Current?.TraceId == request.TraceId
                        && e.Value is CommandExecutedEventData { Command.CommandText: var sql } && Array.Exists(["\"images\"", "annotation_feed", "ground_truths"], sql.Contains))
                        Interlocked.Increment(ref count);
                })));
        })));
        try
        {
            await work();
        }
        finally
        {
            subscriptions.ForEach(s => s.Dispose());
        }
        return count;
    }

    private async Task<JsonElement> Data(TestPerson person, string query, object? variables = null)
    {
        JsonElement answer = await Ask(person, query, HttpStatusCode.OK, variables);
        Assert.False(answer.TryGetProperty("errors", out JsonElement errors), errors.ToString());
        return answer.GetProperty("data");
    }

    private async Task<JsonElement> Ask(TestPerson person, string query, HttpStatusCode status, object? variables = null)
    {
        using HttpResponseMessage response = await Hub.As(person).Post("/graphql", new { query, variables });
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == status, $"{(int)response.StatusCode} {text}");
        return JsonElement.Parse(text);
    }

    private sealed class Each<T>(Action<T> next) : IObserver<T>
    {
        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }

        public void OnNext(T value) => next(value);
    }

    // As GraphiQL asks it.
    private const string Introspection = """
        query { __schema { queryType { name } types { ...T } directives { name args { ...I } } } }
        fragment T on __Type { kind name description fields(includeDeprecated: true) { name args { ...I } type { ...R } } inputFields { ...I } interfaces { ...R } enumValues { name } possibleTypes { ...R } }
        fragment I on __InputValue { name type { ...R } defaultValue }
        fragment R on __Type { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } } }
        """;
}

public sealed class GraphOnSqlite(SqliteHub hub) : GraphTests(hub), IClassFixture<SqliteHub>;

public sealed class GraphOnPostgres(PostgresHub hub) : GraphTests(hub), IClassFixture<PostgresHub>;

public sealed class GraphSchemaTests
{
    [Fact]
    public async Task The_schema_in_docs_is_the_one_the_hub_serves()
    {
        string file = Path.Combine(SharedData.RepositoryRoot, "docs", "schema.graphql"), served = new GraphSchema().Sdl();
        if (Environment.GetEnvironmentVariable("PERENNE_UPDATE_OPENAPI") == "1")
            await File.WriteAllTextAsync(file, served, TestContext.Current.CancellationToken);
        Assert.True(File.Exists(file) && await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken) == served,
            "docs/schema.graphql is out of date. Refresh it: PERENNE_UPDATE_OPENAPI=1 with the test class GraphSchemaTests, and commit it.");
    }
}
