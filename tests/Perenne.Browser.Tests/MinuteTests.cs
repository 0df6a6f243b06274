using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using Microsoft.Playwright;
using Perenne.TestSupport;

namespace Perenne.Browser.Tests;

/// <summary>Pictures of real boards, the built-in trainer, one minute, by the pages alone: from a dataset version to a promoted model.</summary>
public class MinuteTests(RunningHub hub) : IClassFixture<RunningHub>
{
    private const string Base = "/projects/boards";

    private static readonly string[] Classes = ["open", "short", "mousebite", "spur", "copper", "pin-hole"];

    /// <summary>Five minutes on a busy machine, so only when asked for: -explicit only -class '*MinuteTests*'.</summary>
    [Fact(Explicit = true)]
    public async Task A_minute_of_training_on_real_boards_becomes_a_model_that_is_measured_looked_at_and_promoted()
    {
        string boards = SharedData.Require("data/deeppcb");
        await using Visit visit = await hub.VisitAsync();
        IPage page = visit.Page;
        await page.GotoAsync("/organizations/lyon/projects/new");
        await page.GetByLabel("Name").FillAsync("Boards");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create project" }).ClickAsync();
        await page.WaitForURLAsync("**" + Base + "/schema");
        await FillAsync(page, boards);
        await Shots.OfEmptyAsync(page, Base);

        await page.GotoAsync(Base + "/datasets/new");
        await page.Locator("#create-name").FillAsync("first boards");
        await page.Locator("[name='filter.quality']").SelectOptionAsync("");
        await page.Locator("#create-test").FillAsync("30");
        await page.Locator("#create-validation").FillAsync("15");
        await page.GetByRole(AriaRole.Button, new() { Name = "Make the version" }).ClickAsync();
        await page.WaitForURLAsync("**/datasets/1");
        await Assertions.Expect(page.GetByText("Shapes by class").First).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Train on it" }).ClickAsync();

        await page.Locator("#start-name").FillAsync("a minute");
        await page.Locator("#start-minutes").FillAsync("1");
        await page.Locator("#start-parameters").FillAsync("{\"batch\": 8}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Start" }).ClickAsync();
        await page.WaitForURLAsync("**/training/1");
        // The page follows the run by itself: the loss while it trains, what the model says by then, and the model in the end.
        await Assertions.Expect(page.GetByText("What it says by now")).ToBeVisibleAsync(new() { Timeout = 420_000 });
        await Shots.OfAsync(page, "run-running");
        await page.GetByRole(AriaRole.Link, new() { Name = "Model 1" }).ClickAsync(new() { Timeout = 420_000 });
        await page.WaitForURLAsync("**/models/1");

        await page.GetByRole(AriaRole.Link, new() { Name = "Evaluate" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Measure" }).ClickAsync();
        await page.WaitForURLAsync("**/evaluations/1");
        await Assertions.Expect(page.GetByText("What was taken for what").First).ToBeVisibleAsync(new() { Timeout = 300_000 });
        await page.GetByRole(AriaRole.Link, new() { Name = "Look at the errors" }).ClickAsync();
        await page.WaitForURLAsync("**/evaluations/1/errors");
        await Assertions.Expect(page.Locator(".error-shot").First).ToBeVisibleAsync();

        await page.GotoAsync(Base + "/models/1");
        await page.GetByRole(AriaRole.Button, new() { Name = "Promote" }).First.ClickAsync();
        await page.Locator("#promote-reason").FillAsync("a minute is better than nothing");
        await page.Locator("#promote button[type=submit]").ClickAsync();
        await Assertions.Expect(page.GetByText("The alias was given.")).ToBeVisibleAsync();
        await Shots.OfPagesAsync(page, Base);
    }

    // A few boards of each design; the text beside a picture holds one "x1 y1 x2 y2 type" per defect. Every fourth picture is the defect-free one, answered "no defect".
    private async Task FillAsync(IPage page, string boards)
    {
        await page.GotoAsync("/profile/tokens");
        await page.GetByRole(AriaRole.Button, new() { Name = "New token" }).ClickAsync();
        await page.Locator("#create-name").FillAsync("import");
        foreach (ILocator scope in await page.Locator("#create input[type=checkbox]").AllAsync())
            await scope.CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Create", Exact = true }).ClickAsync();
        using HttpClient program = new() { BaseAddress = new(hub.Address) };
        program.DefaultRequestHeaders.Authorization = new("Bearer", await page.Locator("#new-token").InputValueAsync());
        object[] classes = [.. Classes.Select((name, i) => new { id = $"00000000-0000-7000-8000-00000000000{i + 1}", name, colour = $"#{0x30 + (i * 32):x2}60{0xd0 - (i * 32):x2}", hotKey = (i + 1).ToString(CultureInfo.InvariantCulture), description = "", examples = Array.Empty<string>(), attributes = Array.Empty<object>() })];
        using HttpResponseMessage schema = await program.PutAsJsonAsync($"/api/v1{Base}/schema", new { basedOn = 1, classes, comment = "as in the data set" });
        Assert.True(schema.IsSuccessStatusCode, await schema.Content.ReadAsStringAsync());

        string[] ids = [.. (await File.ReadAllLinesAsync(Path.Combine(boards, "train.txt"))).Where(l => l.Length > 0).GroupBy(l => l.Split('/')[0]).SelectMany(group => group.Take(9))];
        List<object> annotations = [];
        foreach ((int number, string id) in ids.Index())
        {
            bool clean = number % 4 == 3;
            byte[] picture = await File.ReadAllBytesAsync(Path.Combine(boards, clean ? "reference" : "", id + ".jpg"));
            using ByteArrayContent content = new(picture) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } };
            string design = id.Split('/')[0];
            (await program.PostAsync($"/api/v1/organizations/lyon{Base}/images?fileName={Path.GetFileName(id)}{(clean ? "-clean" : "")}.jpg&partId={id}&camera={design}", content)).EnsureSuccessStatusCode();
            object[] shapes = clean ? [] : [.. (await File.ReadAllLinesAsync(Path.Combine(boards, id + ".txt"))).Where(l => l.Length > 0).Select((line, i) => Shape(line, i))];
            annotations.Add(new { hash = Convert.ToHexStringLower(SHA256.HashData(picture)), document = new { shapes, tags = Array.Empty<string>(), values = new { }, verdict = clean ? "no_defect" : "defects" } });
        }

        using HttpResponseMessage imported = await program.PostAsJsonAsync($"/api/v1/organizations/lyon{Base}/annotations/import", new { items = annotations });
        Assert.True(imported.IsSuccessStatusCode, await imported.Content.ReadAsStringAsync());
    }

    private static object Shape(string line, int number)
    {
        int[] n = [.. line.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries).Select(t => int.Parse(t, CultureInfo.InvariantCulture))];
        return new { kind = "box", id = $"s{number}", label = Classes[n[4] - 1], box = new[] { n[0], n[1], n[2] - n[0], n[3] - n[1] } };
    }
}
