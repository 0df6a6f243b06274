using Microsoft.Playwright;

namespace Perenne.Browser.Tests;

/// <summary>A campaign from its plan to its ground truth, with real files, a mouse and keys.</summary>
public class WorkbenchTests(RunningHub hub) : IClassFixture<RunningHub>
{
    private static readonly string? Pictures = Environment.GetEnvironmentVariable("PERENNE_SCREENSHOTS");

    [Fact]
    public async Task A_campaign_runs_from_its_plan_to_accepted_answers_and_a_killed_tab_loses_nothing()
    {
        await using Visit manager = await hub.VisitAsync();
        await PrepareAsync(manager.Page);
        string anna = await InviteAsync(manager.Page, "anna@example.com", "annotator"), rita = await InviteAsync(manager.Page, "rita@example.com", "reviewer");
        await using Visit annotator = await JoinAsync(anna, "Anna Roth"), reviewer = await JoinAsync(rita, "Rita Sand");
        await PlanAsync(manager.Page);
        string campaign = manager.Page.Url;

        IPage work = annotator.Page;
        annotator.GoesOffline = true;
        await OpenBenchAsync(work, "Annotate");
        await ShootAsync(work, "annotate");
        string first = await TaskAsync(work);
        await DrawAsync(work);
        await work.Keyboard.PressAsync("s");
        await work.WaitForFunctionAsync("first => document.querySelector('perenne-annotator').session()?.task.id !== first", first);

        string second = await TaskAsync(work);
        Assert.Equal(0, await ShapesAsync(work));
        await work.RouteAsync("**/operations", route => route.AbortAsync()); // What was drawn last never reached the hub.
        await DrawAsync(work);
        await work.WaitForFunctionAsync("() => document.querySelector('perenne-annotator').saveState.type === 'offline'");
        IPage again = await work.Context.NewPageAsync();
        await work.CloseAsync();
        await OpenBenchAsync(again, "Annotate");
        Assert.Equal(second, await TaskAsync(again));
        Assert.Equal(1, await ShapesAsync(again));
        await again.Keyboard.PressAsync("s");
        await again.WaitForFunctionAsync("second => document.querySelector('perenne-annotator').session()?.task.id !== second", second);
        await again.Keyboard.PressAsync("n");
        await again.Keyboard.PressAsync("s");
        await Assertions.Expect(again.GetByText("Nothing is left for you at the moment")).ToBeVisibleAsync();
        await ShootAsync(again, "nothing-left");

        IPage desk = reviewer.Page;
        await OpenBenchAsync(desk, "Review");
        await ShootAsync(desk, "review");
        for (int i = 0; i < 3; i++)
        {
            string item = await TaskAsync(desk);
            await desk.Keyboard.PressAsync("a");
            await desk.WaitForFunctionAsync("item => document.querySelector('perenne-annotator').hidden || document.querySelector('perenne-annotator').session()?.task.id !== item", item);
        }

        await Assertions.Expect(desk.GetByText("Nothing is left for you at the moment")).ToBeVisibleAsync();
        await manager.Page.GotoAsync(campaign);
        await Assertions.Expect(manager.Page.GetByText("3 of 3")).ToBeVisibleAsync();
        await ShootAsync(manager.Page, "campaign");
        await manager.Page.GotoAsync("/campaigns");
        await ShootAsync(manager.Page, "campaigns");
        await manager.Page.GotoAsync("/work");
        await ShootAsync(manager.Page, "work-empty");
    }

    private static async Task PrepareAsync(IPage page)
    {
        await page.GotoAsync("/projects");
        await page.EvaluateAsync("""
            async () => {
              const send = async (method, url, type, body) => {
                const answer = await fetch(url, { method, headers: { "Content-Type": type, Accept: "application/json" }, body });
                if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
                return answer.json();
              };
              const json = (method, url, body) => send(method, url, "application/json", JSON.stringify(body));
              await json("POST", "/api/v1/organizations/lyon/projects", { name: "Boards", slug: "boards" });
              const one = (name, colour, hotKey) => ({ id: crypto.randomUUID(), name, colour, hotKey, description: "", examples: [], attributes: [] });
              await json("PUT", "/api/v1/projects/boards/schema", { basedOn: 1, classes: [one("open", "#e4572e", "1"), one("short", "#2e86ff", "2")] });
              for (let seed = 1; seed <= 3; seed++) {
                const canvas = new OffscreenCanvas(640, 480), ink = canvas.getContext("2d");
                ink.fillStyle = "#245"; ink.fillRect(0, 0, 640, 480);
                for (let i = 0; i < 60; i++) {
                  ink.fillStyle = `hsl(${(seed * 53 + i * 29) % 360} 50% ${30 + (i * 7) % 50}%)`;
                  ink.fillRect((i * 97 * seed) % 600, (i * 61 + seed * 40) % 440, 12 + (i * seed * 5) % 60, 10 + (i * 3) % 50);
                }
                const answer = await send("POST", `/api/v1/organizations/lyon/projects/boards/images?fileName=board-${seed}.png`, "image/png", await canvas.convertToBlob({ type: "image/png" }));
                if (answer.stored !== undefined && answer.stored !== 1) throw new Error(JSON.stringify(answer));
              }
            }
            """);
    }

    private static async Task<string> InviteAsync(IPage page, string email, string role) => await page.EvaluateAsync<string>("""
        async ([email, role]) => (await (await fetch("/api/v1/organizations/lyon/invitations", { method: "POST", headers: { "Content-Type": "application/json", Accept: "application/json" }, body: JSON.stringify({ email, role }) })).json()).path
        """, new[] { email, role });

    private async Task<Visit> JoinAsync(string invitation, string name)
    {
        Visit visit = await hub.VisitAsync(signedIn: false);
        await visit.Page.GotoAsync(invitation);
        await visit.Page.GetByLabel("Your name").FillAsync(name);
        await visit.Page.GetByLabel("Choose a password").FillAsync("a sentence is long");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Accept the invitation" }).ClickAsync();
        await visit.Page.WaitForURLAsync("**/organizations/lyon");
        return visit;
    }

    private static async Task PlanAsync(IPage page)
    {
        await page.GotoAsync("/campaigns");
        await ShootAsync(page, "campaigns-empty");
        await page.GetByRole(AriaRole.Link, new() { Name = "New campaign" }).ClickAsync();
        await Assertions.Expect(page.GetByText("3 images match")).ToBeVisibleAsync();
        await page.GetByLabel("Name, part or batch contains").FillAsync("board-2");
        await Assertions.Expect(page.GetByText("1 image matches")).ToBeVisibleAsync();
        await page.GetByLabel("Name, part or batch contains").FillAsync("");
        await Assertions.Expect(page.GetByText("3 images match")).ToBeVisibleAsync();
        await page.Locator("#create-name").FillAsync("November boards");
        await page.Locator("#create-target").FillAsync("3");
        await page.GetByLabel("Guidelines").FillAsync("Mark every open and every short.");
        await page.GetByLabel("Reviewed (%)").FillAsync("100");
        await page.GetByLabel("Anna Roth").CheckAsync();
        await ShootAsync(page, "new-campaign");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create and start" }).ClickAsync();
        await page.WaitForURLAsync("**/projects/boards/campaigns/*");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "November boards" })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("0 of 3")).ToBeVisibleAsync();
    }

    private static async Task OpenBenchAsync(IPage page, string button)
    {
        await page.GotoAsync("/work");
        await ShootAsync(page, "work-" + button);
        await page.GetByRole(AriaRole.Link, new() { Name = button, Exact = true }).First.ClickAsync();
        await page.WaitForFunctionAsync("() => document.documentElement.dataset.ready !== undefined && document.querySelector('perenne-annotator').session?.()");
    }

    private static async Task DrawAsync(IPage page)
    {
        LocatorBoundingBoxResult stage = (await page.Locator("perenne-annotator").BoundingBoxAsync())!;
        await page.Keyboard.PressAsync("b");
        await page.Mouse.MoveAsync(stage.X + 350, stage.Y + 300);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(stage.X + 400, stage.Y + 340, new() { Steps = 4 });
        await page.Mouse.MoveAsync(stage.X + 460, stage.Y + 380, new() { Steps = 4 });
        await page.Mouse.UpAsync();
        await page.WaitForFunctionAsync("() => document.querySelector('perenne-annotator').document.shapes.length === 1");
    }

    private static Task<string> TaskAsync(IPage page) => page.EvaluateAsync<string>("() => document.querySelector('perenne-annotator').session().task.id");

    private static Task<int> ShapesAsync(IPage page) => page.EvaluateAsync<int>("() => document.querySelector('perenne-annotator').document.shapes.length");

    private static async Task ShootAsync(IPage page, string name)
    {
        if (Pictures is null)
            return;
        foreach ((int width, ColorScheme scheme) in new[] { (390, ColorScheme.Dark), (390, ColorScheme.Light), (1440, ColorScheme.Dark), (1440, ColorScheme.Light) })
        {
            await page.SetViewportSizeAsync(width, 900);
            await page.EmulateMediaAsync(new() { ColorScheme = scheme });
            await page.WaitForTimeoutAsync(250);
            await page.ScreenshotAsync(new() { Path = Path.Combine(Pictures, $"{name}-{width}-{scheme}.png"), FullPage = true });
        }
    }
}
