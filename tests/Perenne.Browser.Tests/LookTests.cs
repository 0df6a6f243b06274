using Microsoft.Playwright;

namespace Perenne.Browser.Tests;

public class LookTests(RunningHub hub) : IClassFixture<RunningHub>
{
    private static readonly string[] Pages =
    [
        "/", "/organizations", "/organizations/new", "/organizations/lyon", "/organizations/lyon/members", "/organizations/lyon/teams", "/organizations/lyon/machines",
        "/organizations/lyon/audit", "/organizations/lyon/settings", "/organizations/lyon/projects/new", "/projects", "/profile", "/profile/tokens", "/nothing-here",
    ];

    /// <summary>Set PERENNE_SCREENSHOTS to a folder to look at every page yourself.</summary>
    private static readonly string? Pictures = Environment.GetEnvironmentVariable("PERENNE_SCREENSHOTS");

    [Theory]
    [InlineData(1440, false)]
    [InlineData(1440, true)]
    [InlineData(390, false)]
    [InlineData(390, true)]
    public async Task Pages_fit_their_window_name_their_controls_and_keep_contrast(int width, bool dark)
    {
        await using Visit visit = await hub.VisitAsync(width: width, dark: dark);
        foreach (string path in Pages)
        {
            await visit.Page.GotoAsync(path);
            if (Pictures is not null)
                await visit.Page.ScreenshotAsync(new() { Path = Path.Combine(Pictures, $"{path.Trim('/').Replace('/', '-')}-{width}-{(dark ? "dark" : "light")}.png"), FullPage = true });
            string[] faults = await visit.Page.EvaluateAsync<string[]>(Faults);
            Assert.True(faults.Length == 0, $"{path} at {width}, {(dark ? "dark" : "light")}:\n" + string.Join('\n', faults));
        }
    }

    [Fact]
    public async Task The_focus_is_visible_where_the_keyboard_goes()
    {
        await using Visit visit = await hub.VisitAsync();
        await visit.Page.GotoAsync("/organizations/lyon");
        for (int i = 0; i < 12; i++)
        {
            await visit.Page.Keyboard.PressAsync("Tab");
            string seen = await visit.Page.EvaluateAsync<string>("(() => { if (document.activeElement === document.body) return 'the window itself'; const s = getComputedStyle(document.activeElement); return s.outlineStyle + ' ' + s.outlineWidth + ' ' + s.boxShadow; })()");
            Assert.False(seen.StartsWith("none", StringComparison.Ordinal) && seen.EndsWith("none", StringComparison.Ordinal), $"Focus {i} is not visible: {seen}");
        }
    }

    [Fact]
    public async Task The_theme_and_the_language_are_one_click_in_the_user_menu()
    {
        await using Visit visit = await hub.VisitAsync();
        IPage page = visit.Page;
        await page.GotoAsync("/profile");
        await page.GetByRole(AriaRole.Button, new() { Name = "Your menu" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Dark" }).ClickAsync();
        await page.WaitForFunctionAsync("document.documentElement.dataset.theme === 'dark'");
        Assert.Equal("dark", await page.Locator("html").GetAttributeAsync("data-bs-theme"));
        await page.GetByRole(AriaRole.Button, new() { Name = "Your menu" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Français" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Profil" })).ToBeVisibleAsync();
        // Put back for the other tests, which share this person.
        await page.GetByRole(AriaRole.Button, new() { Name = "Votre menu" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "English" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Your menu" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "System" }).ClickAsync();
        await page.WaitForFunctionAsync("document.documentElement.dataset.theme === 'auto'");
    }

    // WCAG 2.2: 1.4.3 contrast (text 4.5:1), 4.1.2 names of controls, 1.4.10 reflow, 1.3.1 one main heading.
    internal const string Faults = """
        (() => {
          const faults = [];
          if (document.documentElement.scrollWidth > innerWidth) faults.push(`wider than the window by ${document.documentElement.scrollWidth - innerWidth} px`);
          if (document.querySelectorAll("h1").length !== 1) faults.push(`${document.querySelectorAll("h1").length} main headings`);
          const shown = e => e.checkVisibility({ visibilityProperty: true }) && e.getClientRects().length > 0;
          for (const e of document.querySelectorAll("input:not([type=hidden]), select, textarea"))
            if (shown(e) && !e.labels?.length && !e.getAttribute("aria-label")) faults.push(`no label: ${e.outerHTML.slice(0, 120)}`);
          for (const e of document.querySelectorAll("button, a[href]"))
            if (shown(e) && !e.textContent.trim() && !e.getAttribute("aria-label")) faults.push(`no name: ${e.outerHTML.slice(0, 120)}`);
          // A canvas turns every colour notation (oklab, color-mix …) into bytes.
          const ink = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d", { willReadFrequently: true });
          const parse = c => { ink.clearRect(0, 0, 1, 1); ink.fillStyle = c; ink.fillRect(0, 0, 1, 1); const [r, g, b, a] = ink.getImageData(0, 0, 1, 1).data; return { rgb: [r, g, b], a: a / 255 }; };
          const lum = rgb => { const [r, g, b] = rgb.map(v => { v /= 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; }); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
          const behind = e => { for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor); if (c.a > 0.99) return c.rgb; } return [255, 255, 255]; };
          const seen = new Set();
          for (const e of document.querySelectorAll("body *")) {
            if (!shown(e) || e.closest("[disabled], .visually-hidden, .skip-link") || ![...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim())) continue;
            const color = parse(getComputedStyle(e).color), back = behind(e);
            if (color.a < 0.99) continue;
            const [hi, lo] = [lum(color.rgb), lum(back)].sort((a, b) => b - a), ratio = (hi + 0.05) / (lo + 0.05);
            const key = color.rgb + "/" + back;
            if (ratio < 4.5 && !seen.has(key)) { seen.add(key); faults.push(`contrast ${ratio.toFixed(2)} of "${e.textContent.trim().slice(0, 40)}" (${key}) ${e.className}`); }
          }
          return faults;
        })()
        """;
}
