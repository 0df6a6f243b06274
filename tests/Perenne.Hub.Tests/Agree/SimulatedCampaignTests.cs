using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Perenne.Contracts.Annotation;
using Perenne.Hub.Agree.Figures;
using Perenne.Hub.Annotate;
using Perenne.Hub.Collect.Gallery;
using Perenne.Hub.Shared.Rights;
using Perenne.Hub.Tests.Annotate;
using Perenne.TestSupport;
using Perenne.Vision.Agreement;

namespace Perenne.Hub.Tests.Agree;

public sealed class SimulatedCampaignTestsOnSqlite(SqliteHub hub) : SimulatedCampaignTests(hub), IClassFixture<SqliteHub>;

public sealed class SimulatedCampaignTestsOnPostgres(PostgresHub hub) : SimulatedCampaignTests(hub), IClassFixture<PostgresHub>;

/// <summary>
/// A campaign on real boards from upload to agreement, through the API alone: five annotators of different care, every image answered by all
/// five. PERENNE_SIMULATED_IMAGES=200 runs the large one.
/// </summary>
public abstract class SimulatedCampaignTests(HubFixture hub) : HubTests(hub)
{
    /// <param name="Jitter">Standard deviation of each edge, pixels; a defect measures some 30.</param>
    private sealed record Care(double Jitter, double Misses, double WrongClass);

    private static readonly Care[] Cares = [new(0.5, 0, 0), new(2, 0.06, 0.03), new(3.5, 0.14, 0.08), new(5.5, 0.24, 0.15), new(8, 0.38, 0.25)];

    private static readonly string[] Classes = ["open", "short", "mousebite", "spur", "copper", "pin-hole"];

    private static int Images => int.TryParse(Environment.GetEnvironmentVariable("PERENNE_SIMULATED_IMAGES"), CultureInfo.InvariantCulture, out int images) ? images : 40;

    [Fact]
    public async Task Annotators_of_different_care_are_ranked_in_their_true_order_and_planted_contradictions_are_found()
    {
        string data = SharedData.Require("data/deeppcb");
        string[] boards = [.. File.ReadLines(Path.Combine(data, "train.txt")).Take(Images)];
        TestOrganization organization = await Hub.Organization("lyon");
        TestProject project = await Hub.Project("pcb", organization);
        TestPerson manager = await Hub.Person("max", Role.Manager, organization);
        List<TestPerson> people = [];
        foreach (Care _ in Cares)
            people.Add(await Hub.Person($"person{people.Count}", Role.Annotator, organization));
        string root = $"/api/v1/organizations/{organization.Slug}/projects/{project.Slug}", api = $"/api/v1/projects/{project.Slug}";
        foreach (string board in boards)
        {
            using ByteArrayContent file = new(await File.ReadAllBytesAsync(Path.Combine(data, board + ".jpg")));
            file.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
            await Hub.As(manager).PostAsync($"{root}/images?fileName={Path.GetFileName(board)}.jpg", file).Done();
        }

        CampaignCreated campaign = await Hub.As(manager).Post($"{root}/campaigns", new CampaignDraft(
            "Simulated", boards.Length, Rules: new(OverlapShare: 1, OverlapCount: 5, ReviewShare: 0), Filter: new ImageFilter(), People: [.. people.Select(p => p.Id)])).Read<CampaignCreated>();
        Assert.Equal(boards.Length, campaign.Images);
        await Hub.As(manager).Put($"{api}/campaigns/{campaign.Id}/state", new { state = "running" }).Done();

        // Planted: on two boards two people say "no defect" against three; on a third, two name another class throughout.
        Dictionary<string, HashSet<int>> silent = new() { [boards[3]] = [0, 4], [boards[7]] = [1, 3] }, confused = new() { [boards[11]] = [0, 2] };
        Dictionary<string, string> byName = boards.ToDictionary(b => Path.GetFileName(b) + ".jpg", b => b);
        for (int i = 0; i < people.Count; i++)
            await WorkAsync(people[i], i, api, campaign.Id, byName, data, silent, confused);

        AgreementReport report = await Hub.As(manager).Get<AgreementReport>($"{api}/agreement?campaign={campaign.Id}");
        foreach (PersonFigures person in report.People)
            TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{person.Name}: F1 {person.F1.Value:0.000} ({person.F1.Low:0.000}–{person.F1.High:0.000}), IoU {person.MeanIou:0.000}"));
        Assert.Equal(boards.Length, report.Images);
        Assert.Equal(people.Select(p => p.Name), report.People.Select(p => p.Name));
        Assert.All(report.People, p => Assert.InRange(p.F1.Value!.Value, p.F1.Low!.Value, p.F1.High!.Value));

        ContradictionPage page = await Hub.As(manager).Get<ContradictionPage>($"{api}/contradictions?campaign={campaign.Id}&settled=true&limit=200");
        Assert.Equal(silent.Keys.Select(b => Path.GetFileName(b) + ".jpg").Order(), page.Items.Take(2).Select(c => c.FileName).Order());
        Assert.All(page.Items.Take(2), c => Assert.Equal((ContradictionKind.Presence, 3), (c.Kind, c.SeeDefect)));
        Assert.Contains(page.Items, c => c.Kind == ContradictionKind.LabelClass && byName[c.FileName] == confused.Keys.Single());
    }

    private async Task WorkAsync(
        TestPerson person, int number, string api, Guid campaign, Dictionary<string, string> byName, string data, Dictionary<string, HashSet<int>> silent, Dictionary<string, HashSet<int>> confused)
    {
        string[] boards = [.. byName.Values];
        HttpClient client = Hub.As(person);
        while (true)
        {
            HttpResponseMessage pulled = await client.PostAsync($"{api}/campaigns/{campaign}/next", null);
            if (pulled.StatusCode == HttpStatusCode.NotFound)
                return;
            Lease lease = await Workbench.ReadAsync<Lease>(pulled);
            TaskView view = await client.Get<TaskView>($"{api}/tasks/{lease.AssignmentId}");
            string board = byName[view.Title[..view.Title.IndexOf(" · ", StringComparison.Ordinal)]];
            // Of its own for each board: the queue's order differs from run to run.
            Random random = new((1000 * number) + Array.IndexOf(boards, board));
            bool says = silent.GetValueOrDefault(board)?.Contains(number) != true;
            bool swaps = confused.GetValueOrDefault(board)?.Contains(number) == true;
            ImmutableArray<Change> changes = says ? [.. Draw(Path.Combine(data, board + ".txt"), Cares[number], random, swaps, silent.ContainsKey(board))] : [];
            Operation operation = new("o" + lease.AssignmentId.ToString("N"), DateTimeOffset.UnixEpoch, 4000, changes.IsEmpty ? [new SetVerdict(ImageVerdict.NoDefect)] : changes);
            StringContent body = new(System.Text.Json.JsonSerializer.Serialize(new TaskEndpoints.SaveBody(lease.Fence, 0, [operation]), AnnotationJson.Options), System.Text.Encoding.UTF8, "application/json");
            await client.PostAsync($"{api}/tasks/{lease.AssignmentId}/operations", body).Done();
            await client.Post($"{api}/tasks/{lease.AssignmentId}/submit", new TaskEndpoints.SubmitBody("s" + lease.AssignmentId.ToString("N"), lease.Fence, 1, 2000)).Done();
        }
    }

    /// <param name="certain">A planted board is seen by everybody else: nobody misses all of it by chance.</param>
    private static IEnumerable<Change> Draw(string truth, Care care, Random random, bool swaps, bool certain)
    {
        int number = 0;
        foreach (string line in File.ReadLines(truth))
        {
            int[] box = [.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(n => int.Parse(n, CultureInfo.InvariantCulture))];
            bool missed = random.NextDouble() < care.Misses, wrong = random.NextDouble() < care.WrongClass;
            double[] edges = [.. box.Take(4).Select(edge => edge + (care.Jitter * Normal(random)))];
            number++;
            if (missed && !(certain && number == 1))
                continue;
            int kind = (box[4] - 1 + (swaps || wrong ? 1 + random.Next(Classes.Length - 1) : 0)) % Classes.Length;
            if (swaps)
                kind = box[4] % Classes.Length;
            yield return new PutShape(new DocumentBox("d" + number, Classes[kind], [edges[0], edges[1], Math.Max(2, edges[2] - edges[0]), Math.Max(2, edges[3] - edges[1])]));
        }
    }

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
