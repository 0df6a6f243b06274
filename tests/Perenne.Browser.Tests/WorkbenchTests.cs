using Microsoft.Playwright;
using static Perenne.Browser.Tests.Desk;

namespace Perenne.Browser.Tests;

/// <summary>A campaign from its plan to its ground truth, with real files, a mouse and keys.</summary>
public class WorkbenchTests(RunningHub hub) : IClassFixture<RunningHub>
{
    [Fact]
    public async Task A_campaign_runs_from_its_plan_to_accepted_answers_and_a_killed_tab_loses_nothing()
    {
        await using Visit manager = await hub.VisitAsync();
        await PrepareAsync(manager.Page);
        string anna = await InviteAsync(manager.Page, "anna@example.com", "annotator"), rita = await InviteAsync(manager.Page, "rita@example.com", "reviewer");
        await using Visit annotator = await JoinAsync(hub, anna, "Anna Roth"), reviewer = await JoinAsync(hub, rita, "Rita Sand");
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
}
