using Microsoft.Playwright;

namespace Perenne.Browser.Tests;

/// <summary>What the tests do at a desk, in the words of the people who sit there.</summary>
internal static class Desk
{
    private static readonly string? Pictures = Environment.GetEnvironmentVariable("PERENNE_SCREENSHOTS");

    internal static async Task PrepareAsync(IPage page)
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

    internal static async Task<string> InviteAsync(IPage page, string email, string role) => await page.EvaluateAsync<string>("""
        async ([email, role]) => (await (await fetch("/api/v1/organizations/lyon/invitations", { method: "POST", headers: { "Content-Type": "application/json", Accept: "application/json" }, body: JSON.stringify({ email, role }) })).json()).path
        """, new[] { email, role });

    internal static async Task<Visit> JoinAsync(RunningHub hub, string invitation, string name)
    {
        Visit visit = await hub.VisitAsync(signedIn: false);
        await AcceptAsync(visit, invitation, name);
        return visit;
    }

    internal static async Task AcceptAsync(Visit visit, string invitation, string name)
    {
        await visit.Page.GotoAsync(invitation);
        await visit.Page.GetByLabel("Your name").FillAsync(name);
        await visit.Page.GetByLabel("Choose a password").FillAsync("a sentence is long");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Accept the invitation" }).ClickAsync();
        await visit.Page.WaitForURLAsync("**/organizations/lyon");
    }

    internal static async Task DrawAsync(IPage page, int left = 350, int top = 300)
    {
        int before = await ShapesAsync(page);
        LocatorBoundingBoxResult stage = (await page.Locator("perenne-annotator").BoundingBoxAsync())!;
        await page.Keyboard.PressAsync("b");
        await page.Mouse.MoveAsync(stage.X + left, stage.Y + top);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(stage.X + left + 50, stage.Y + top + 40, new() { Steps = 4 });
        await page.Mouse.MoveAsync(stage.X + left + 110, stage.Y + top + 80, new() { Steps = 4 });
        await page.Mouse.UpAsync();
        await page.WaitForFunctionAsync("before => document.querySelector('perenne-annotator').document.shapes.length === before + 1", before);
    }

    internal static Task<string> TaskAsync(IPage page) => page.EvaluateAsync<string>("() => document.querySelector('perenne-annotator').session().task.id");

    internal static Task<int> ShapesAsync(IPage page) => page.EvaluateAsync<int>("() => document.querySelector('perenne-annotator').document.shapes.length");

    /// <summary>Opens the canvas at an address and waits for its task.</summary>
    internal static async Task OpenAsync(IPage page, string address)
    {
        await page.GotoAsync(address);
        await page.WaitForFunctionAsync("() => document.documentElement.dataset.ready !== undefined && document.querySelector('perenne-annotator').session?.()");
    }

    internal static Task StateAsync(IPage page, string state) => page.WaitForFunctionAsync("state => document.querySelector('perenne-annotator').saveState?.type === state", state);

    /// <summary>A running campaign over the three boards, made through the API; its page's address.</summary>
    internal static Task<string> CampaignAsync(IPage manager, object rules, IReadOnlyList<string> people) => manager.EvaluateAsync<string>("""
        async ([rules, people]) => {
          const send = async (method, url, body) => {
            const answer = await fetch(url, { method, headers: { "Content-Type": "application/json", Accept: "application/json" }, body: JSON.stringify(body) });
            if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
            return answer.status === 204 ? null : answer.json();
          };
          const root = "/api/v1/organizations/lyon/projects/boards/campaigns";
          const made = await send("POST", root, { name: `Boards ${crypto.randomUUID().slice(0, 4)}`, target: 3, rules, filter: {}, people });
          await send("PUT", `/api/v1/projects/boards/campaigns/${made.id}/state`, { state: "running" });
          return `/projects/boards/campaigns/${made.id}`;
        }
        """, new object[] { rules, people });

    internal static async Task ShootAsync(IPage page, string name, bool keepSize = false)
    {
        if (Pictures is null)
            return;
        foreach ((int width, ColorScheme scheme) in new[] { (390, ColorScheme.Dark), (390, ColorScheme.Light), (1440, ColorScheme.Dark), (1440, ColorScheme.Light) })
        {
            if (keepSize && width != 390)
                continue;
            await page.SetViewportSizeAsync(width, 900);
            await page.EmulateMediaAsync(new() { ColorScheme = scheme });
            await page.WaitForTimeoutAsync(250);
            await page.ScreenshotAsync(new() { Path = Path.Combine(Pictures, $"{name}-{width}-{scheme}.png"), FullPage = true });
        }
    }
}
