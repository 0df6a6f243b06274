using System.Diagnostics;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Perenne.TestSupport;

namespace Perenne.Browser.Tests;

/// <summary>The real hub in a process of its own, on a free port with a new SQLite folder, set up through its page; and Chromium to look at it.</summary>
public partial class RunningHub : IAsyncLifetime
{
    public const string Email = "claire@example.com", Password = "a sentence is long";

    private const string Chromium = "/usr/bin/chromium";

    private readonly string folder = Directory.CreateTempSubdirectory("perenne-browser-").FullName;
    private Process? hub;
    private IPlaywright? playwright;
    private IBrowser? browser;
    private string signedIn = "";

    public string Address { get; private set; } = "";

    /// <summary>What this hub is told besides.</summary>
    private protected virtual IEnumerable<string> Settings => [];

    public async ValueTask InitializeAsync()
    {
        if (!File.Exists(Chromium))
            return;
        string link = await StartAsync();
        Address = link[..link.IndexOf("/set-up/", StringComparison.Ordinal)];
        Assertions.SetDefaultExpectTimeout(60_000); // A busy machine is slow, not wrong.
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Chromium, Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"] });
        await using Visit visit = await VisitAsync(signedIn: false);
        IPage page = visit.Page;
        await page.GotoAsync(link);
        await page.GetByLabel("Your name").FillAsync("Claire Moreau");
        await page.GetByLabel("E-mail address").FillAsync(Email);
        await page.GetByLabel("Password").FillAsync(Password);
        await page.Locator("[name=organization]").FillAsync("Lyon");
        await page.GetByLabel("Time zone").FillAsync("Europe/Paris");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create account and organization" }).ClickAsync();
        await page.WaitForURLAsync("**/organizations/lyon");
        signedIn = await page.Context.StorageStateAsync();
    }

    /// <summary>A new window, as somebody else's: nothing is shared but the address.</summary>
    /// <param name="address">Another server's; null: the hub's.</param>
    internal async Task<Visit> VisitAsync(bool signedIn = true, string locale = "en-GB", int width = 1440, bool dark = false, bool scripts = true, bool touch = false, string? address = null)
    {
        Require();
        IBrowserContext context = await browser!.NewContextAsync(new()
        {
            Locale = locale,
            ViewportSize = new() { Width = width, Height = 900 },
            ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light,
            StorageState = signedIn ? this.signedIn : null,
            BaseURL = address ?? Address,
            HasTouch = touch,
            JavaScriptEnabled = scripts,
        });
        context.SetDefaultTimeout(60_000);
        return new Visit(context, await context.NewPageAsync(), address ?? Address);
    }

    public static void Require()
    {
        if (File.Exists(Chromium))
            return;
        if (Environment.GetEnvironmentVariable("CI") is "true" or "1")
            Assert.Fail($"{Chromium} is missing. In CI it must be there: install the Debian package 'chromium'.");
        Assert.Skip($"{Chromium} is missing: install the Debian package 'chromium' to run the browser tests.");
    }

    private async Task<string> StartAsync()
    {
        string configuration = AppContext.BaseDirectory.Contains("Release", StringComparison.Ordinal) ? "Release" : "Debug";
        string dll = Path.Combine(SharedData.RepositoryRoot, "src", "Perenne.Hub", "bin", configuration, "net10.0", "Perenne.Hub.dll");
        hub = Process.Start(new ProcessStartInfo("dotnet", [dll, "--urls", "http://127.0.0.1:0", $"--Hub:DataFolder={folder}", "--Hub:SignInAttemptsPerMinute=1000", .. Settings])
        {
            RedirectStandardOutput = true,
        })!;
        while (await hub.StandardOutput.ReadLineAsync() is { } line)
        {
            if (SetUpLink().Match(line) is { Success: true } link)
            {
                // Keep draining, or the hub blocks on a full pipe.
                _ = Task.Run(async () => { while (await hub.StandardOutput.ReadLineAsync() is not null) { } });
                return link.Value;
            }
        }

        throw new InvalidOperationException("The hub ended without printing a set-up link.");
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null)
            await browser.CloseAsync();
        playwright?.Dispose();
        if (hub is not null)
        {
            hub.Kill(entireProcessTree: true);
            await hub.WaitForExitAsync();
            hub.Dispose();
        }

        Directory.Delete(folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    [GeneratedRegex(@"http://\S+/set-up/\S+")]
    private static partial Regex SetUpLink();
}

/// <summary>One window. At its end: no request left this machine, and the console stayed quiet.</summary>
internal sealed class Visit : IAsyncDisposable
{
    private readonly IBrowserContext context;
    private readonly List<string> complaints = [];

    public Visit(IBrowserContext context, IPage page, string address)
    {
        (this.context, Page) = (context, page);
        page.Console += (_, message) =>
        {
            // Chromium reports an expected 404 or 422 of the page itself as an error of loading.
            if (message.Type == "error" && !message.Text.StartsWith("Failed to load resource: the server responded with a status of 4", StringComparison.Ordinal)
                && !(GoesOffline && message.Text.StartsWith("Failed to load resource: net::", StringComparison.Ordinal)))
                complaints.Add($"console at {page.Url}: {message.Text}");
        };
        page.PageError += (_, error) => complaints.Add($"script at {page.Url}: {error}");
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(address, StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal) && !request.Url.StartsWith("blob:", StringComparison.Ordinal))
                complaints.Add($"request to {request.Url}");
        };
    }

    public IPage Page { get; }

    /// <summary>The test cuts the network: Chromium's own complaints about it are expected.</summary>
    public bool GoesOffline { get; set; }

    public async ValueTask DisposeAsync()
    {
        await context.CloseAsync();
        Assert.Empty(complaints);
    }
}
