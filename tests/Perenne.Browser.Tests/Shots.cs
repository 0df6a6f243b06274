using Microsoft.Playwright;

namespace Perenne.Browser.Tests;

/// <summary>With PERENNE_SHOTS=FOLDER, pictures of pages for people to look at: wide and narrow, light and dark, English and French. Without it, nothing.</summary>
internal static class Shots
{
    private static readonly string? Folder = Environment.GetEnvironmentVariable("PERENNE_SHOTS") is { Length: > 0 } set ? set : null;

    private static readonly (string Path, string Name)[] Empty = [("/datasets", "datasets"), ("/training", "training"), ("/evaluations", "evaluations"), ("/models", "models"), ("/training/new", "run-new"), ("/evaluations/new", "evaluation-new")];

    private static readonly (string Path, string Name)[] Full =
    [
        ("/datasets", "datasets"), ("/datasets/new", "dataset-new"), ("/datasets/1", "dataset"), ("/training", "training"), ("/training/new?dataset=1", "run-new"), ("/training/1", "run"),
        ("/models", "models"), ("/models/1", "model"), ("/models/upload", "upload"), ("/models/1/try", "try"),
        ("/evaluations", "evaluations"), ("/evaluations/new?model=1", "evaluation-new"), ("/evaluations/1", "evaluation"), ("/evaluations/1/errors", "errors"), ("/evaluations/1/errors?kind=Miss", "errors-missed"),
    ];

    public static async Task OfAsync(IPage page, string name)
    {
        if (Folder is null)
            return;
        foreach ((int width, ColorScheme scheme) in new[] { (1440, ColorScheme.Light), (1440, ColorScheme.Dark), (390, ColorScheme.Light), (390, ColorScheme.Dark) })
        {
            await page.SetViewportSizeAsync(width, 900);
            await page.EmulateMediaAsync(new() { ColorScheme = scheme });
            await page.WaitForTimeoutAsync(600);
            await page.ScreenshotAsync(new() { Path = Path.Combine(Folder, $"{name}-{width}-{(scheme == ColorScheme.Dark ? "dark" : "light")}.png"), FullPage = true });
        }

        await page.SetViewportSizeAsync(1440, 900);
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
    }

    /// <summary>The pages of a project in which nothing was made yet.</summary>
    public static Task OfEmptyAsync(IPage page, string project) => EachAsync(page, project, Empty, "empty-");

    /// <summary>All pages of learning, and again in French.</summary>
    public static async Task OfPagesAsync(IPage page, string project)
    {
        if (Folder is null)
            return;
        await EachAsync(page, project, Full, "");
        await page.GotoAsync(project + "/models");
        await page.GetByRole(AriaRole.Button, new() { Name = "Your menu" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Français" }).ClickAsync();
        await EachAsync(page, project, Full, "fr-");
        await page.GetByRole(AriaRole.Button, new() { Name = "Votre menu" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "English" }).ClickAsync();
    }

    private static async Task EachAsync(IPage page, string project, (string Path, string Name)[] pages, string prefix)
    {
        if (Folder is null)
            return;
        foreach ((string path, string name) in pages)
        {
            await page.GotoAsync(project + path);
            await OfAsync(page, prefix + name);
        }
    }
}
