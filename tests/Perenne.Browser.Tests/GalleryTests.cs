using Microsoft.Playwright;

namespace Perenne.Browser.Tests;

/// <summary>The gallery: filters in the address, a saved view, verdicts for chosen images, and what is said of an image.</summary>
public class GalleryTests(RunningHub hub) : IClassFixture<RunningHub>
{
    [Fact]
    public async Task Images_are_filtered_kept_as_a_view_judged_together_and_corrected()
    {
        await using Visit visit = await hub.VisitAsync();
        IPage page = visit.Page;
        await PrepareAsync(page);

        await page.GotoAsync("/projects/gallery/images");
        await Assertions.Expect(page.Locator(".shot")).ToHaveCountAsync(4);
        await page.Locator("[name=text]").FillAsync("board-2");
        await page.GetByRole(AriaRole.Button, new() { Name = "Filter", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator(".shot")).ToHaveCountAsync(1);
        Assert.Contains("text=board-2", page.Url, StringComparison.Ordinal);

        await page.GetByRole(AriaRole.Button, new() { Name = "Save view" }).ClickAsync();
        await page.Locator("#save-view-name").FillAsync("The second board");
        await page.Locator("#save-view").GetByRole(AriaRole.Button, new() { Name = "Save view" }).ClickAsync();
        // The form is on its way: leaving now would take it back.
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "The second board" })).ToBeVisibleAsync();
        await page.GotoAsync("/projects/gallery/images");
        await page.GetByRole(AriaRole.Link, new() { Name = "The second board" }).ClickAsync();
        await Assertions.Expect(page.Locator(".shot")).ToHaveCountAsync(1);

        await page.GotoAsync("/projects/gallery/images");
        foreach (string name in new[] { "board-1.png", "board-3.png" })
            await page.GetByLabel($"Choose {name}").CheckAsync();
        await page.Locator("#chosen-verdict").SelectOptionAsync("Rejected");
        await page.Locator("#chosen-reason").FillAsync("wrong side up");
        await page.GetByRole(AriaRole.Button, new() { Name = "Set verdict" }).ClickAsync();
        await Assertions.Expect(page.GetByText("2 images changed.")).ToBeVisibleAsync();
        await page.GotoAsync("/projects/gallery/images?quality=rejected");
        await Assertions.Expect(page.Locator(".shot")).ToHaveCountAsync(2);

        await page.Locator(".shot a").First.ClickAsync();
        await Assertions.Expect(page.GetByText("wrong side up").First).ToBeVisibleAsync();
        await page.GetByText("Correct what is said of it").ClickAsync();
        await page.Locator("#facts-batch").FillAsync("B-17");
        await page.Locator("#facts-metadata").FillAsync("line: 3");
        await page.Locator("form", new() { Has = page.Locator("#facts-batch") }).GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Assertions.Expect(page.Locator("dd", new() { HasText = "B-17" })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("What is said of it was corrected").First).ToBeVisibleAsync();
        await page.GotoAsync("/projects/gallery/images?metadata=line:3");
        await Assertions.Expect(page.Locator(".shot")).ToHaveCountAsync(1);
    }

    private static async Task PrepareAsync(IPage page)
    {
        await page.GotoAsync("/projects");
        await page.EvaluateAsync("""
            async () => {
              const send = async (url, type, body) => {
                const answer = await fetch(url, { method: "POST", headers: { "Content-Type": type, Accept: "application/json" }, body });
                if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
              };
              await send("/api/v1/organizations/lyon/projects", "application/json", JSON.stringify({ name: "Gallery", slug: "gallery" }));
              for (let seed = 1; seed <= 4; seed++) {
                const canvas = new OffscreenCanvas(320, 240), ink = canvas.getContext("2d");
                for (let i = 0; i < 60; i++) {
                  ink.fillStyle = `hsl(${(seed * 53 + i * 29) % 360} 50% ${30 + (i * 7) % 50}%)`;
                  ink.fillRect((i * 97 * seed) % 300, (i * 61 + seed * 40) % 220, 12 + (i * seed * 5) % 60, 10 + (i * 3) % 50);
                }
                await send(`/api/v1/organizations/lyon/projects/gallery/images?fileName=board-${seed}.png`, "image/png", await canvas.convertToBlob({ type: "image/png" }));
              }
            }
            """);
    }
}
