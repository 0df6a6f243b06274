using System.Text.Json;
using Microsoft.Playwright;
using static Perenne.Browser.Tests.Desk;

namespace Perenne.Browser.Tests;

/// <summary>Everything a mouse and a keyboard do on a real board, and that the hub has it to the pixel.</summary>
public class CanvasTests(RunningHub hub) : IClassFixture<RunningHub>
{
    [Fact]
    public async Task Boards_are_drawn_on_changed_undone_skipped_and_answered_and_the_hub_has_what_the_screen_shows()
    {
        await using Visit manager = await hub.VisitAsync();
        await PrepareAsync(manager.Page);
        await using Visit annotator = await JoinAsync(hub, await InviteAsync(manager.Page, "anna@example.com", "annotator"), "Anna Roth");
        IPage page = annotator.Page;
        string me = await page.EvaluateAsync<string>("async () => (await (await fetch('/api/v1/me', { headers: { Accept: 'application/json' } })).json()).id");
        string campaign = await CampaignAsync(manager.Page, new { reviewShare = 0, skipsToGiveUp = 1 }, [me]);
        await OpenAsync(page, campaign + "/annotate");

        await KeysAsync(page, "F1");
        await Assertions.Expect(page.Locator(".class-guide").GetByText("open", new() { Exact = true })).ToBeVisibleAsync();
        await ShootAsync(page, "guidelines");
        await page.SetViewportSizeAsync(1440, 900);
        await page.GetByRole(AriaRole.Button, new() { Name = "Close" }).ClickAsync();

        await DrawChangeAndUndoAsync(page);
        string first = await TaskAsync(page);
        await StateAsync(page, "saved");
        Assert.Equal(await OnScreenAsync(page), await OnHubAsync(page, first));
        await KeysAsync(page, "s");
        await NextAsync(page, first);
        Assert.Equal(0, await ShapesAsync(page));

        string second = await TaskAsync(page);
        await KeysAsync(page, "k", "2");
        await NextAsync(page, second);
        string third = await TaskAsync(page);
        await KeysAsync(page, "n");
        await StateAsync(page, "saved");
        await KeysAsync(page, "s");
        await Assertions.Expect(page.GetByText("Nothing is left for you at the moment")).ToBeVisibleAsync();
        Assert.Contains("no_defect", await OnHubAsync(page, third), StringComparison.Ordinal);

        await manager.Page.GotoAsync(campaign + "/progress");
        await Assertions.Expect(manager.Page.GetByText("2 of 3")).ToBeVisibleAsync();
        await Assertions.Expect(manager.Page.GetByText("not annotatable").First).ToBeVisibleAsync();
    }

    private static async Task DrawChangeAndUndoAsync(IPage page)
    {
        await KeysAsync(page, "b", "2");
        await DragAsync(page, 100, 100, 160, 150);
        (float x, float y) = await AtAsync(page, 300, 300);
        await page.Mouse.ClickAsync(x, y); // Click and click draws too.
        (x, y) = await AtAsync(page, 360, 340);
        await page.Mouse.ClickAsync(x, y);
        await Close(page, ["short 100 100 60 50", "short 300 300 60 40"]);
        await KeysAsync(page, "1"); // Class after drawing: of what is selected, and of the next.
        await Close(page, ["short 100 100 60 50", "open 300 300 60 40"]);

        await KeysAsync(page, "v");
        await DragAsync(page, 130, 125, 180, 175);
        await Close(page, ["short 150 150 60 50", "open 300 300 60 40"]);
        await DragAsync(page, 210, 200, 250, 220); // The lower right handle.
        await Close(page, ["short 150 150 100 70", "open 300 300 60 40"]);
        await KeysAsync(page, "ArrowRight", "Shift+ArrowDown", "Alt+ArrowRight");
        await Close(page, ["short 151 160 101 70", "open 300 300 60 40"]);
        await KeysAsync(page, "Control+z", "Control+z", "Control+z", "Control+z");
        await Close(page, ["short 150 150 60 50", "open 300 300 60 40"]);
        await KeysAsync(page, "Control+Shift+z", "Control+d");
        Assert.Equal(3, await ShapesAsync(page));
        await KeysAsync(page, "Delete");
        await Close(page, ["short 150 150 100 70", "open 300 300 60 40"]);
    }

    // A window's pixel is more or less than one of the image: to one pixel of it.
    private static async Task Close(IPage page, string[] expected)
    {
        string[] seen = await BoxesAsync(page);
        bool close = seen.Length == expected.Length && seen.Zip(expected).All(pair =>
        {
            string[] a = pair.First.Split(' '), b = pair.Second.Split(' ');
            return a[0] == b[0] && a.Skip(1).Zip(b.Skip(1)).All(n => Math.Abs(int.Parse(n.First, System.Globalization.CultureInfo.InvariantCulture) - int.Parse(n.Second, System.Globalization.CultureInfo.InvariantCulture)) <= 2);
        });
        Assert.True(close, $"Expected {string.Join(", ", expected)}; seen {string.Join(", ", seen)}.");
    }

    private static Task NextAsync(IPage page, string before) => page.WaitForFunctionAsync(
        "before => document.querySelector('perenne-annotator').session()?.task.id !== before && document.querySelector('perenne-annotator').document", before);

    private static Task<string> OnScreenAsync(IPage page) => page.EvaluateAsync<string>("() => JSON.stringify(document.querySelector('perenne-annotator').document.shapes.map(s => [s.id, s.label, s.box]))");

    private static async Task<string> OnHubAsync(IPage page, string task)
    {
        string text = await page.EvaluateAsync<string>("async task => JSON.stringify((await (await fetch(`/api/v1/projects/boards/tasks/${task}`, { headers: { Accept: 'application/json' } })).json()).document)", task);
        JsonElement document = JsonDocument.Parse(text).RootElement;
        return document.GetProperty("shapes").GetArrayLength() == 0 ? text
            : await page.EvaluateAsync<string>("text => JSON.stringify(JSON.parse(text).shapes.map(s => [s.id, s.label, s.box]))", text);
    }
}
