using Microsoft.Playwright;
using Perenne.TestSupport;

namespace Perenne.Browser.Tests;

/// <summary>What the tests do at a desk, in the words of the people who sit there.</summary>
internal static class Desk
{
    private static readonly string? Pictures = Environment.GetEnvironmentVariable("PERENNE_SCREENSHOTS");

    internal static async Task PrepareAsync(IPage page)
    {
        await page.GotoAsync("/projects");
        await page.EvaluateAsync("""
            async boards => {
              const send = async (method, url, type, body) => {
                const answer = await fetch(url, { method, headers: { "Content-Type": type, Accept: "application/json" }, body });
                if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
                return answer.json();
              };
              const json = (method, url, body) => send(method, url, "application/json", JSON.stringify(body));
              await json("POST", "/api/v1/organizations/lyon/projects", { name: "Boards", slug: "boards" });
              const one = (name, colour, hotKey) => ({ id: crypto.randomUUID(), name, colour, hotKey, description: "", examples: [], attributes: [] });
              await json("PUT", "/api/v1/projects/boards/schema", { basedOn: 1, classes: [one("open", "#e4572e", "1"), one("short", "#2e86ff", "2")] });
              for (const [i, bytes] of boards.entries()) {
                const file = new Blob([Uint8Array.from(atob(bytes), one => one.charCodeAt(0))]);
                await send("POST", `/api/v1/organizations/lyon/projects/boards/images?fileName=board-${i + 1}.jpg`, "image/jpeg", file);
              }
            }
            """, Boards());
    }

    // Three real boards; in the browser's own words, because it is the browser that sends them.
    private static string[] Boards()
    {
        string data = SharedData.Require("data/deeppcb");
        return [.. File.ReadLines(Path.Combine(data, "train.txt")).Take(3).Select(board => Convert.ToBase64String(File.ReadAllBytes(Path.Combine(data, board + ".jpg"))))];
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

    /// <summary>Where a point of the image is in the window.</summary>
    internal static async Task<(float X, float Y)> AtAsync(IPage page, double x, double y)
    {
        float[] at = await page.EvaluateAsync<float[]>("""
            ([x, y]) => {
              const annotator = document.querySelector("perenne-annotator"), { scale, offsetX, offsetY } = annotator.session().viewport;
              const { left, top } = annotator.shadowRoot.querySelector(".stage").getBoundingClientRect();
              return [left + x * scale + offsetX, top + y * scale + offsetY];
            }
            """, new[] { x, y });
        return (at[0], at[1]);
    }

    /// <summary>From one point of the image to another with the button held.</summary>
    internal static async Task DragAsync(IPage page, double fromX, double fromY, double toX, double toY)
    {
        (float x1, float y1) = await AtAsync(page, fromX, fromY);
        (float x2, float y2) = await AtAsync(page, toX, toY);
        await page.Mouse.MoveAsync(x1, y1);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync((x1 + x2) / 2, (y1 + y2) / 2);
        await page.Mouse.MoveAsync(x2, y2);
        await page.Mouse.UpAsync();
    }

    internal static async Task KeysAsync(IPage page, params string[] keys)
    {
        foreach (string key in keys)
            await page.Keyboard.PressAsync(key);
    }

    /// <summary>"label x y width height" of every box, in whole pixels.</summary>
    internal static Task<string[]> BoxesAsync(IPage page) => page.EvaluateAsync<string[]>(
        "() => document.querySelector('perenne-annotator').document.shapes.map(shape => `${shape.label} ${shape.box.map(Math.round).join(' ')}`)");

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
