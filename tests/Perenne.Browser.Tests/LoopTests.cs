using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Perenne.Browser.Tests;

/// <summary>Board, drift report, policy and runs, as somebody finds them who comes in the morning after a lamp has failed.</summary>
public sealed partial class LoopTests(LoopingHub hub) : IClassFixture<LoopingHub>
{
    private static readonly string? Pictures = Environment.GetEnvironmentVariable("PERENNE_SCREENSHOTS");

    [Fact]
    public async Task From_the_red_cell_of_the_board_over_the_drift_report_to_the_audit_that_the_policy_began()
    {
        await using Visit visit = await hub.VisitAsync();
        IPage page = visit.Page;
        await ProjectAsync(page, "Lamps");
        await using Visit annotator = await Desk.JoinAsync(hub, await Desk.InviteAsync(page, "anna@example.com", "annotator"), "Anna Roth"); // An audit needs somebody to ask.

        // The policy: what is misspelt is refused with its line, what is good is tried before it is saved.
        await page.GotoAsync("/projects/lamps/automation");
        ILocator yaml = page.GetByLabel("Policy document (YAML)");
        await yaml.FillAsync("version: 1\nenabeld: true\n");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Line 2, column 1: 'enabeld' is not a key of the policy").First).ToBeVisibleAsync();
        await Assertions.Expect(yaml).ToHaveValueAsync(EnabledMisspelt());
        await yaml.FillAsync("version: 1\nenabled: true\nmonitor:\n  reference: 200\n  window: 100\naudit:\n  images: 10\n");
        await page.GetByRole(AriaRole.Button, new() { Name = "Try on the last 30 days" }).ClickAsync();
        await Assertions.Expect(page.GetByText("What it would have done").First).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Version 1, saved by Claire Moreau")).ToBeVisibleAsync();

        // A calm beginning, then the lamp fails, an hour ago.
        using LoopLine line = await LoopLine.EnrolAsync(hub, page, "lamps");
        DateTimeOffset failed = TimeProvider.System.GetUtcNow().AddMinutes(-230);
        await line.ProduceAsync(failed.AddMinutes(-420), 400, light: 1, samples: 8);
        await line.ProduceAsync(failed, 200, light: 0.8, samples: 8);

        // The hub notices by itself, and the board says so where one looks for the quality of images.
        ILocator red = page.Locator("tr", new() { HasText = "Lamps" }).Locator("a.fleet-bad", new() { HasText = "Production images have drifted" });
        await ReloadUntilAsync(page, "/", red);
        await LookAsync(page, "board");
        Assert.Equal(7, await page.Locator("tr", new() { HasText = "Lamps" }).Locator("a.fleet-cell").CountAsync());
        await red.ClickAsync();
        await page.WaitForURLAsync("**/projects/lamps/monitor/reports/*");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "The light changed" })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("Look at the lamps, the exposure and the covers of this camera.")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("perenne-chart canvas, perenne-chart svg").First).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Row, new() { Name = "Brightness, middle" }).First).ToContainTextAsync("changed");
        await Assertions.Expect(page.Locator(".shot img")).ToHaveCountAsync(8);
        await LookAsync(page, "drift-report");

        // Somebody takes the alert, and says what was done to the line.
        await page.GotoAsync("/projects/lamps/monitor");
        await page.GetByRole(AriaRole.Button, new() { Name = "I look into it" }).ClickAsync();
        await Assertions.Expect(page.GetByText("acknowledged").First).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Row, new() { Name = "The light changed" }).First).ToContainTextAsync("Claire Moreau");
        await page.GetByLabel("What was done at Lyon?").FillAsync("Lamp cleaned");
        await page.GetByRole(AriaRole.Button, new() { Name = "Record" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Lamp cleaned")).ToBeVisibleAsync();
        await LookAsync(page, "monitor");

        // The policy has asked people to look at the pictures.
        ILocator run = page.GetByRole(AriaRole.Link, new() { Name = "Audit after drift" });
        await ReloadUntilAsync(page, "/projects/lamps/automation", page.GetByRole(AriaRole.Row).Filter(new() { Has = run, HasText = "Done" }));
        await LookAsync(page, "automation");
        await run.ClickAsync();
        await Assertions.Expect(page.GetByText("The audit campaign runs; the measurement follows when its images are accepted.")).ToBeVisibleAsync();
        await LookAsync(page, "run");
        await page.GetByRole(AriaRole.Link, new() { Name = "open", Exact = true }).First.ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { NameRegex = AuditName() })).ToBeVisibleAsync();

        await page.GotoAsync("/projects/lamps/monitor");
        await page.GetByRole(AriaRole.Button, new() { Name = "Resolve" }).ClickAsync();
        await page.GetByLabel("What was found").FillAsync("The cover was dirty");
        await page.Locator(".dialog button[type=submit]:visible").ClickAsync();
        await Assertions.Expect(page.GetByText("No alert stands")).ToBeVisibleAsync();
        await page.GotoAsync("/projects/lamps/monitor?resolved=true");
        await Assertions.Expect(page.GetByText("The cover was dirty")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_new_plant_states_what_changes_there_and_the_planner_begins_with_it()
    {
        await using Visit visit = await hub.VisitAsync();
        IPage page = visit.Page;
        await ProjectAsync(page, "Valves");
        await page.GotoAsync("/");
        await page.Locator("tr", new() { HasText = "Valves" }).GetByRole(AriaRole.Link, new() { NameRegex = ReadinessLink() }).ClickAsync();
        await page.WaitForURLAsync("**/projects/valves/readiness*");
        foreach ((string label, string value) in new[] { ("Sites", "4"), ("Product variants at each", "6"), ("Changes of a variant a year", "12"), ("People who can annotate", "2"), ("Hours a week of each", "5") })
            await page.GetByLabel(label).FillAsync(value);
        await page.GetByRole(AriaRole.Button, new() { Name = "State it" }).ClickAsync();

        // 4 × 6 × 12 × 200 images a year, each 1.2 times, 60 s, and a tenth of it reviewed: 23 h a week.
        await Assertions.Expect(page.GetByText("That takes 5 people")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("5 people are needed for what changes there, 2 are available.")).ToBeVisibleAsync();
        await LookAsync(page, "readiness");
        await page.GetByRole(AriaRole.Link, new() { Name = "Plan the capacity of all" }).ClickAsync();
        await Assertions.Expect(page.GetByLabel("Product variants at each")).ToHaveValueAsync("6");
        await Assertions.Expect(page.Locator(".plan-answer")).ToContainTextAsync("5 people");
    }

    [Theory]
    [InlineData(1440, false, "en-GB")]
    [InlineData(390, true, "fr-FR")]
    public async Task Pages_of_the_loop_fit_their_window_in_both_languages(int width, bool dark, string locale)
    {
        await using Visit visit = await hub.VisitAsync(width: width, dark: dark, locale: locale);
        string slug = $"fit{width}";
        await ProjectAsync(visit.Page, slug);
        using LoopLine line = await LoopLine.EnrolAsync(hub, visit.Page, slug);
        await line.ProduceAsync(TimeProvider.System.GetUtcNow().AddMinutes(-130), 120, light: 1, samples: 2);
        foreach (string path in (string[])["/", $"/projects/{slug}/monitor", $"/projects/{slug}/automation", $"/projects/{slug}/readiness", $"/projects/{slug}/capacity"])
        {
            await visit.Page.GotoAsync(path);
            await LookAsync(visit.Page, $"fit{path.Replace('/', '-')}-{width}");
            string[] faults = await visit.Page.EvaluateAsync<string[]>(LookTests.Faults);
            Assert.True(faults.Length == 0, $"{path} at {width}:\n" + string.Join('\n', faults));
        }
    }

    private static string EnabledMisspelt() => "version: 1\nenabeld: true\n";

    private static Task ProjectAsync(IPage page, string name) => page.GotoAsync("/projects").ContinueWith(_ => page.EvaluateAsync("""
        async name => {
          const answer = await fetch("/api/v1/organizations/lyon/projects", { method: "POST", headers: { "Content-Type": "application/json", Accept: "application/json" }, body: JSON.stringify({ name, slug: name.toLowerCase() }) });
          if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
        }
        """, name), TaskScheduler.Default).Unwrap();

    private static async Task ReloadUntilAsync(IPage page, string path, ILocator wanted)
    {
        for (int attempt = 0; attempt < 120; attempt++)
        {
            await page.GotoAsync(path);
            if (await wanted.CountAsync() > 0)
                return;
            await Task.Delay(500);
        }

        await Assertions.Expect(wanted).ToBeVisibleAsync();
    }

    private static async Task LookAsync(IPage page, string name)
    {
        if (Pictures is not null)
            await page.ScreenshotAsync(new() { Path = Path.Combine(Pictures, $"loop-{name}.png"), FullPage = true });
    }

    [GeneratedRegex("^Audit ")]
    private static partial Regex AuditName();

    [GeneratedRegex("^Readiness: ")]
    private static partial Regex ReadinessLink();
}
