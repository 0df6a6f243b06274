using Microsoft.Playwright;
using static Perenne.Browser.Tests.Desk;

namespace Perenne.Browser.Tests;

/// <summary>What goes wrong at a desk, and what people do to each other's work: on the real hub, with a mouse, keys and a finger.</summary>
public class TeamTests(RunningHub hub) : IClassFixture<RunningHub>, IAsyncLifetime
{
    private readonly List<Visit> visits = [];
    private IPage manager = null!;

    public async ValueTask InitializeAsync()
    {
        RunningHub.Require();
        Visit visit = Keep(await hub.VisitAsync());
        manager = visit.Page;
        await manager.GotoAsync("/projects");
        if (!await manager.EvaluateAsync<bool>("async () => (await fetch('/api/v1/projects/boards', { headers: { Accept: 'application/json' } })).ok"))
            await PrepareAsync(manager);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        foreach (Visit visit in visits)
            await visit.DisposeAsync();
    }

    [Fact]
    public async Task An_expired_session_keeps_what_is_drawn_and_another_tab_that_signs_in_lets_it_go_on()
    {
        Visit anna = await PersonAsync("annotator");
        IPage page = anna.Page;
        string campaign = await PlanAsync(new { reviewShare = 0 }, anna);
        await OpenAsync(page, campaign + "/annotate");
        await DrawAsync(page);
        await StateAsync(page, "saved");
        await page.Context.ClearCookiesAsync();
        await DrawAsync(page, left: 520);
        await StateAsync(page, "signedOut");
        await DrawAsync(page, left: 350, top: 420);
        Assert.Equal(3, await ShapesAsync(page));

        IPage tab = await page.Context.NewPageAsync();
        await tab.GotoAsync("/sign-in");
        await tab.GetByLabel("E-mail address").FillAsync(emails[anna]);
        await tab.GetByLabel("Password").FillAsync("a sentence is long");
        await tab.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await tab.WaitForURLAsync(url => !url.Contains("sign-in", StringComparison.Ordinal));
        await page.BringToFrontAsync();
        await page.EvaluateAsync("() => document.querySelector('perenne-annotator').signedIn()");
        await StateAsync(page, "saved");
        await page.ReloadAsync();
        await page.WaitForFunctionAsync("() => document.querySelector('perenne-annotator')?.document?.shapes.length === 3");
    }

    [Fact]
    public async Task A_second_tab_on_the_same_task_reads_only_and_may_take_over_with_the_first_tabs_work()
    {
        Visit anna = await PersonAsync("annotator");
        string campaign = await PlanAsync(new { reviewShare = 0 }, anna);
        IPage first = anna.Page;
        await OpenAsync(first, campaign + "/annotate");
        await DrawAsync(first);
        await StateAsync(first, "saved");
        IPage second = await first.Context.NewPageAsync();
        await OpenAsync(second, campaign + "/annotate");
        Assert.Equal(await TaskAsync(first), await TaskAsync(second));
        await Assertions.Expect(second.GetByText("open in another tab")).ToBeVisibleAsync();
        await second.GetByRole(AriaRole.Button, new() { Name = "Edit here instead" }).ClickAsync();
        await second.WaitForFunctionAsync("() => !document.querySelector('perenne-annotator').session().readOnly");
        await DrawAsync(second, left: 520);
        await StateAsync(second, "saved");
        await Assertions.Expect(first.GetByText("took this task over")).ToBeVisibleAsync();
        Assert.Equal(2, await ShapesAsync(second));
    }

    [Fact]
    public async Task Offline_work_is_kept_and_sent_when_the_network_is_back()
    {
        Visit anna = await PersonAsync("annotator");
        anna.GoesOffline = true;
        string campaign = await PlanAsync(new { reviewShare = 0 }, anna);
        await OpenAsync(anna.Page, campaign + "/annotate");
        await anna.Page.Context.SetOfflineAsync(true);
        await DrawAsync(anna.Page);
        await DrawAsync(anna.Page, left: 520);
        await StateAsync(anna.Page, "offline");
        await anna.Page.Context.SetOfflineAsync(false);
        await StateAsync(anna.Page, "saved");
        await anna.Page.ReloadAsync();
        await anna.Page.WaitForFunctionAsync("() => document.querySelector('perenne-annotator')?.document?.shapes.length === 2");
    }

    [Fact]
    public async Task An_answer_of_an_earlier_visit_that_the_hub_refuses_stays_on_the_screen_until_it_is_mended()
    {
        Visit anna = await PersonAsync("annotator");
        anna.GoesOffline = true;
        string campaign = await PlanAsync(new { reviewShare = 0 }, anna);
        IPage before = anna.Page;
        await OpenAsync(before, campaign + "/annotate");
        string task = await TaskAsync(before);
        await before.Context.SetOfflineAsync(true);
        await DrawAsync(before);
        await StateAsync(before, "offline");
        await before.Keyboard.PressAsync("s");
        await before.WaitForFunctionAsync("async task => (await document.querySelector('perenne-annotator').unfinished()).includes(task)", task);
        await before.CloseAsync();

        // Meanwhile the campaign asks for something else.
        await manager.EvaluateAsync("""
            async id => {
              const answer = await fetch(`/api/v1/projects/boards/campaigns/${id}`, { method: "PUT", headers: { "Content-Type": "application/json", Accept: "application/json" },
                body: JSON.stringify({ name: "Outlines", target: 3, rules: { reviewShare: 0, kinds: ["polygon"] } }) });
              if (!answer.ok) throw new Error(await answer.text());
            }
            """, campaign[(campaign.LastIndexOf('/') + 1)..]);
        IPage page = await anna.Page.Context.NewPageAsync();
        await page.Context.SetOfflineAsync(false);
        await OpenAsync(page, campaign + "/annotate");
        await StateAsync(page, "returned");
        await Assertions.Expect(page.GetByRole(AriaRole.Application).GetByText("This campaign asks for polygon")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("[data-bench-next]")).ToBeVisibleAsync();
        Assert.Equal((task, 1), (await TaskAsync(page), await ShapesAsync(page)));
        await ShootAsync(page, "returned");

        await KeysAsync(page, "Control+a", "Delete", "n");
        await SubmitAsync(page);
        await Assertions.Expect(page.GetByRole(AriaRole.Application).GetByText("This campaign asks for polygon")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task A_rejected_answer_comes_back_with_its_comment_and_a_fixed_one_keeps_its_author_and_its_history()
    {
        Visit anna = await PersonAsync("annotator"), rita = await PersonAsync("reviewer");
        string campaign = await PlanAsync(new { reviewShare = 1 }, anna);
        string id = campaign[(campaign.LastIndexOf('/') + 1)..];
        await OpenAsync(anna.Page, campaign + "/annotate");
        string rejected = await TaskAsync(anna.Page);
        await DrawAsync(anna.Page);
        await SubmitAsync(anna.Page);

        IPage desk = rita.Page;
        await OpenAsync(desk, "/projects/boards/review?campaign=" + id);
        Assert.Equal(rejected, await TaskAsync(desk));
        (float x, float y) = await MiddleAsync(desk);
        await desk.Keyboard.PressAsync("c");
        await desk.Mouse.ClickAsync(x, y);
        await desk.Keyboard.TypeAsync("Too wide on the left");
        await desk.Keyboard.PressAsync("Control+Enter");
        await desk.Keyboard.PressAsync("r");
        await Assertions.Expect(desk.GetByText("Nothing is left for you at the moment")).ToBeVisibleAsync();

        await OpenAsync(anna.Page, campaign + "/annotate");
        await anna.Page.WaitForFunctionAsync("task => document.querySelector('perenne-annotator').session().task.id !== task", rejected);
        await DrawAsync(anna.Page);
        await SubmitAsync(anna.Page, expectNext: true);
        Assert.Equal(rejected, await TaskAsync(anna.Page));
        await Assertions.Expect(anna.Page.GetByText("Too wide on the left").First).ToBeVisibleAsync();

        await OpenAsync(desk, "/projects/boards/review?campaign=" + id);
        await desk.Keyboard.PressAsync("f");
        await DrawAsync(desk, left: 520);
        await StateAsync(desk, "saved");
        await desk.Keyboard.PressAsync("a");
        await Assertions.Expect(desk.GetByText("Nothing is left for you at the moment")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_dispute_is_decided_by_picking_a_shape_and_can_be_withdrawn()
    {
        Visit anna = await PersonAsync("annotator"), ben = await PersonAsync("annotator");
        string campaign = await PlanAsync(new { reviewShare = 0, overlapShare = 1 }, anna, ben);
        string id = campaign[(campaign.LastIndexOf('/') + 1)..];
        int left = 350;
        foreach (Visit person in new[] { anna, ben })
        {
            await OpenAsync(person.Page, campaign + "/annotate");
            for (int i = 0; i < 3; i++)
            {
                await DrawAsync(person.Page, left);
                await SubmitAsync(person.Page, expectNext: i < 2);
            }

            left += 170;
        }

        await OpenAsync(manager, "/projects/boards/adjudicate?campaign=" + id);
        await ShootAsync(manager, "adjudicate");
        await manager.Keyboard.PressAsync("Tab");
        await manager.Keyboard.PressAsync("Enter");
        await manager.WaitForFunctionAsync("() => document.querySelector('perenne-annotator').document.shapes.length === 1");
        string task = await TaskAsync(manager);
        await SubmitAsync(manager, expectNext: true);

        await manager.GotoAsync($"/projects/boards/tasks/{task}/compare");
        await Assertions.Expect(manager.GetByText("Decided by a person").First).ToBeVisibleAsync();
        await Assertions.Expect(manager.Locator(".answer-picture")).ToHaveCountAsync(3);
        await ShootAsync(manager, "compare");
        await manager.GetByRole(AriaRole.Button, new() { Name = "Withdraw" }).First.ClickAsync();
        await manager.Locator("#reopen button[type=submit]").ClickAsync();
        await Assertions.Expect(manager.Locator(".answer-picture")).ToHaveCountAsync(2);
        foreach ((string page, string name) in new[] { ($"/projects/boards/agreement?campaign={id}", "agreement"), ($"/projects/boards/contradictions?campaign={id}", "contradictions"), ($"{campaign}/progress", "progress"),
            ($"{campaign}/preview", "preview"), ("/projects/boards/capacity", "capacity"), (campaign, "campaign-steered"), ($"{campaign}/settings", "campaign-settings") })
        {
            await manager.GotoAsync(page);
            await Assertions.Expect(manager.Locator("h1")).ToBeVisibleAsync();
            await ShootAsync(manager, name);
        }
    }

    [Fact]
    public async Task A_finger_draws_on_a_phone_and_submits()
    {
        Visit anna = Keep(await hub.VisitAsync(signedIn: false, width: 390, touch: true));
        await InviteInAsync(anna, "annotator");
        string campaign = await PlanAsync(new { reviewShare = 0 }, anna);
        IPage page = anna.Page;
        await OpenAsync(page, campaign + "/annotate");
        string first = await TaskAsync(page);
        await TapAsync(page, "tool.box", "() => document.querySelector('perenne-annotator').session().tool", tool => tool == "box");
        (float x, float y) = await MiddleAsync(page);
        ICDPSession finger = await page.Context.NewCDPSessionAsync(page);
        foreach ((string type, float dx) in new[] { ("touchStart", -60f), ("touchMove", 0f), ("touchMove", 60f), ("touchEnd", 0f) })
        {
            object[] points = type == "touchEnd" ? [] : [new { x = x + dx, y = y + (dx / 2), id = 1 }];
            await finger.SendAsync("Input.dispatchTouchEvent", new() { ["type"] = type, ["touchPoints"] = points });
        }

        await page.WaitForFunctionAsync("() => document.querySelector('perenne-annotator').document.shapes.length === 1");
        await ShootAsync(page, "touch", keepSize: true);
        await TapAsync(page, "submit", "() => document.querySelector('perenne-annotator').session()?.task.id ?? ''", task => task != first);
    }

    /// <summary>
    /// Taps until it has shown, as a person would: on a busy machine Chromium now and then hands the page a finger's down and up without a click.
    /// Asked from outside: a phone's page without a screen may draw no frames to ask in.
    /// </summary>
    private static async Task TapAsync(IPage page, string command, string question, Func<string, bool> shown)
    {
        for (int i = 0; i < 240 && !shown(await page.EvaluateAsync<string>(question)); i++)
        {
            if (i % 40 == 0)
                await page.Locator($"button[data-command='{command}']").TapAsync();
            await Task.Delay(250, TestContext.Current.CancellationToken);
        }

        Assert.True(shown(await page.EvaluateAsync<string>(question)));
    }

    private readonly Dictionary<Visit, string> emails = [];

    private Visit Keep(Visit visit)
    {
        visits.Add(visit);
        return visit;
    }

    private async Task<Visit> PersonAsync(string role)
    {
        Visit visit = Keep(await hub.VisitAsync(signedIn: false));
        await InviteInAsync(visit, role);
        return visit;
    }

    private async Task InviteInAsync(Visit visit, string role)
    {
        string name = role + Path.GetRandomFileName()[..6], email = name + "@example.com";
        await AcceptAsync(visit, await InviteAsync(manager, email, role), name);
        emails[visit] = email;
    }

    private async Task<string> PlanAsync(object rules, params Visit[] people)
    {
        List<string> ids = [];
        foreach (Visit person in people)
            ids.Add(await person.Page.EvaluateAsync<string>("async () => (await (await fetch('/api/v1/me', { headers: { Accept: 'application/json' } })).json()).id"));
        return await CampaignAsync(manager, rules, ids);
    }

    private static async Task SubmitAsync(IPage page, bool expectNext = true)
    {
        string task = await TaskAsync(page);
        await StateAsync(page, "saved");
        await page.Keyboard.PressAsync("s");
        if (expectNext)
            await page.WaitForFunctionAsync("task => document.querySelector('perenne-annotator').session()?.task.id !== task && document.querySelector('perenne-annotator').document", task);
        else
            await Assertions.Expect(page.GetByText("Nothing is left for you at the moment")).ToBeVisibleAsync();
    }

    private static async Task<(float X, float Y)> MiddleAsync(IPage page)
    {
        LocatorBoundingBoxResult stage = (await page.Locator("perenne-annotator").BoundingBoxAsync())!;
        return (stage.X + (stage.Width / 2), stage.Y + (stage.Height / 2));
    }
}
