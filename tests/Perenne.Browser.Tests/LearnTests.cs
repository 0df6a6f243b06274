using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Playwright;
using Perenne.TestSupport;
using SkiaSharp;

namespace Perenne.Browser.Tests;

/// <summary>From annotated pictures to a promoted model, by the pages alone; the trainer is one of somebody's own, a few lines of Python.</summary>
public class LearnTests(RunningHub hub) : IClassFixture<RunningHub>
{
    private const int Side = 64, Spot = 12, Pictures = 36;

    [Fact]
    public async Task A_dataset_version_becomes_a_model_that_is_measured_looked_at_and_promoted()
    {
        await using Visit visit = await hub.VisitAsync();
        IPage page = visit.Page;
        await page.GotoAsync("/organizations/lyon/projects/new");
        await page.GetByLabel("Name").FillAsync("Spots");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create project" }).ClickAsync();
        await page.WaitForURLAsync("**/projects/spots/schema");
        await page.GetByRole(AriaRole.Link, new() { Name = "New class" }).First.ClickAsync();
        await page.Locator("#class-name").FillAsync("spot");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save as version 2" }).ClickAsync();
        await page.WaitForURLAsync("**/projects/spots/schema");
        await FillAsync(page);
        string package = TestModels.BrightSpots(Directory.CreateTempSubdirectory("perenne-package-").FullName);

        await page.GotoAsync("/trainers");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add a trainer" }).First.ClickAsync();
        await page.Locator("#add-trainer-name").FillAsync("in Python");
        await page.Locator("#add-trainer-command").FillAsync($"python3 {Path.Combine(SharedData.RepositoryRoot, "tests", "Perenne.Hub.Tests", "Learn", "trainer.py")} {{job}}");
        await page.Locator(".dialog button[type=submit]").First.ClickAsync();
        await Assertions.Expect(page.GetByText("The trainer was added.")).ToBeVisibleAsync();

        await page.GotoAsync("/projects/spots/datasets");
        await page.GetByRole(AriaRole.Link, new() { Name = "New version" }).First.ClickAsync();
        await LookAsync(page, "dataset-new");
        await page.Locator("#create-name").FillAsync("first");
        await page.Locator("[name='filter.quality']").SelectOptionAsync("");
        await page.Locator("#create-test").FillAsync("40");
        await page.Locator("#create-validation").FillAsync("20");
        await page.GetByRole(AriaRole.Button, new() { Name = "Make the version" }).ClickAsync();
        await page.WaitForURLAsync("**/datasets/1");
        await Assertions.Expect(page.GetByText("Shapes by class").First).ToBeVisibleAsync();
        await LookAsync(page, "dataset");
        await page.GetByRole(AriaRole.Link, new() { Name = "Train on it" }).ClickAsync();

        await LookAsync(page, "run-new");
        await page.Locator("#start-name").FillAsync("a try");
        await page.Locator("#start-trainer").SelectOptionAsync(new SelectOptionValue { Label = "in Python" });
        await page.Locator("#start-steps").FillAsync("40");
        await page.Locator("#start-parameters").FillAsync(JsonSerializer.Serialize(new { package, pause = 0.05 }));
        await page.GetByRole(AriaRole.Button, new() { Name = "Start" }).ClickAsync();
        await page.WaitForURLAsync("**/training/1");
        await LookAsync(page, "run");
        // The page follows the run by itself, and offers the model when there is one.
        await page.GetByRole(AriaRole.Link, new() { Name = "Model 1" }).ClickAsync();
        await page.WaitForURLAsync("**/models/1");
        await LookAsync(page, "model");

        await page.GetByRole(AriaRole.Link, new() { Name = "Evaluate" }).ClickAsync();
        await page.Locator("#evaluate-slice").SelectOptionAsync("");
        await page.GetByRole(AriaRole.Button, new() { Name = "Measure" }).ClickAsync();
        await page.WaitForURLAsync("**/evaluations/1");
        await Assertions.Expect(page.GetByText("Where to set the threshold")).ToBeVisibleAsync();
        await LookAsync(page, "evaluation");
        await page.GetByRole(AriaRole.Link, new() { Name = "Look at the errors" }).ClickAsync();
        await page.WaitForURLAsync("**/evaluations/1/errors");
        await Assertions.Expect(page.Locator(".error-shot").First).ToBeVisibleAsync();

        await LookAsync(page, "errors");

        await page.GotoAsync("/projects/spots/models/1");
        await page.GetByRole(AriaRole.Link, new() { Name = "Try on images" }).ClickAsync();
        await page.WaitForURLAsync("**/models/1/try");
        await page.Locator(".error-shot a:has(rect)").First.ClickAsync();
        await Assertions.Expect(page.Locator(".occlusion rect.heat").First).ToBeVisibleAsync();
        await LookAsync(page, "try");

        await page.GotoAsync("/projects/spots/models/1");
        await page.GetByRole(AriaRole.Button, new() { Name = "Promote" }).First.ClickAsync();
        await page.Locator("#promote-reason").FillAsync("the first that was measured");
        await page.Locator("#promote button[type=submit]").ClickAsync();
        await Assertions.Expect(page.GetByText("The alias was given.")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("the first that was measured")).ToBeVisibleAsync();
        await page.GotoAsync("/projects/spots/models");
        await Assertions.Expect(page.Locator("td", new() { HasText = "Champion" }).First).ToBeVisibleAsync();
        await LookAsync(page, "models");
        if (Environment.GetEnvironmentVariable("PERENNE_SHOTS") is { Length: > 0 })
        {
            foreach ((string address, string name) in new[] { ("/trainers", "trainers"), ("/projects/spots/models/upload", "upload"), ("/projects/spots/datasets", "datasets"), ("/projects/spots/training", "training"), ("/projects/spots/evaluations", "evaluations"), ("/projects/spots/evaluations/new", "evaluation-new") })
            {
                await page.GotoAsync(address);
                await LookAsync(page, name);
            }
        }
    }

    /// <summary>With PERENNE_SHOTS=FOLDER, pictures of the page for people to look at: wide and narrow, light and dark.</summary>
    private static async Task LookAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("PERENNE_SHOTS") is not { Length: > 0 } folder)
            return;
        foreach ((int width, ColorScheme scheme) in new[] { (1440, ColorScheme.Light), (390, ColorScheme.Dark) })
        {
            await page.SetViewportSizeAsync(width, 900);
            await page.EmulateMediaAsync(new() { ColorScheme = scheme });
            await page.WaitForTimeoutAsync(700);
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}-{width}.png"), FullPage = true });
        }

        await page.SetViewportSizeAsync(1440, 900);
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
    }

    private async Task FillAsync(IPage page)
    {
        await page.GotoAsync("/profile/tokens");
        await page.GetByRole(AriaRole.Button, new() { Name = "New token" }).ClickAsync();
        await page.Locator("#create-name").FillAsync("import");
        foreach (ILocator scope in await page.Locator("#create input[type=checkbox]").AllAsync())
            await scope.CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Create", Exact = true }).ClickAsync();
        using HttpClient program = new() { BaseAddress = new(hub.Address) };
        program.DefaultRequestHeaders.Authorization = new("Bearer", await page.Locator("#new-token").InputValueAsync());
        List<object> annotations = [];
        for (int i = 0; i < Pictures; i++)
        {
            (int x, int y) = (4 + (i * 7 % 44), 4 + (i * 11 % 44));
            byte[] png = Png(i % 3 == 0 ? null : (x, y), i);
            using ByteArrayContent content = new(png) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } };
            // One in six has its annotation beside the spot, so that there is something to find in the gallery of errors.
            int beside = i % 6 == 1 ? 20 : 0;
            (await program.PostAsync($"/api/v1/organizations/lyon/projects/spots/images?fileName=spot-{i}.png&partId=part-{i}&camera=top", content)).EnsureSuccessStatusCode();
            object[] shapes = i % 3 == 0 ? [] : [new { kind = "box", id = "a", label = "spot", box = new[] { (x + beside) % 50, y, Spot, Spot } }];
            annotations.Add(new { hash = Convert.ToHexStringLower(SHA256.HashData(png)), document = new { shapes, tags = Array.Empty<string>(), values = new { }, verdict = i % 3 == 0 ? "no_defect" : "defects" } });
        }

        using HttpResponseMessage imported = await program.PostAsJsonAsync("/api/v1/organizations/lyon/projects/spots/annotations/import", new { items = annotations });
        Assert.True(imported.IsSuccessStatusCode, await imported.Content.ReadAsStringAsync());
    }

    private static byte[] Png((int X, int Y)? spot, int number)
    {
        using SKBitmap bitmap = new(Side, Side, SKColorType.Gray8, SKAlphaType.Opaque);
        using SKCanvas canvas = new(bitmap);
        canvas.Clear(SKColors.Black);
        // A pattern of its own for each: near duplicates would share a cluster, and quality must call it usable.
        Random random = new(number);
        for (int i = 0; i < 60; i++)
        {
            byte grey = (byte)random.Next(20, 90);
            using SKPaint paint = new() { Color = new(grey, grey, grey) };
            canvas.DrawRect(random.Next(Side), random.Next(Side), random.Next(4, 16), random.Next(4, 16), paint);
        }

        if (spot is { } at)
        {
            using SKPaint bright = new() { Color = SKColors.White };
            canvas.DrawRect(at.X, at.Y, Spot, Spot, bright);
        }

        using SKData data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }
}
