using Microsoft.Playwright;

namespace Perenne.Browser.Tests;

public class WalkTests(RunningHub hub) : IClassFixture<RunningHub>
{
    [Fact]
    public async Task An_organization_gets_a_project_a_class_a_member_a_token_and_a_record_of_it_all()
    {
        await using Visit visit = await hub.VisitAsync();
        IPage page = visit.Page;
        await page.GotoAsync("/organizations/lyon/projects/new");
        await page.GetByLabel("Name").FillAsync("PCB");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create project" }).ClickAsync();
        await page.WaitForURLAsync("**/projects/pcb/schema");

        await page.GetByRole(AriaRole.Link, new() { Name = "New class" }).First.ClickAsync();
        await page.Locator("#class-name").FillAsync("mousebite");
        await page.Locator("#class-hotKey").FillAsync("m");
        await page.GetByLabel("Name of attribute 1").FillAsync("Severity");
        await page.GetByLabel("Kind of attribute 1").SelectOptionAsync("Select");
        await page.GetByLabel("Options of attribute 1").FillAsync("light, severe");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save as version 2" }).ClickAsync();
        await page.WaitForURLAsync("**/projects/pcb/schema");
        await Assertions.Expect(page.Locator("td", new() { HasText = "mousebite" }).First).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("td", new() { HasText = "Severity" }).First).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("version 2");
        await page.GotoAsync("/projects/pcb/schema/history/2");
        await Assertions.Expect(page.GetByText("Class added")).ToBeVisibleAsync();

        await page.GotoAsync("/organizations/lyon/members");
        await page.GetByRole(AriaRole.Button, new() { Name = "Invite" }).ClickAsync();
        await page.Locator("#invite-email").FillAsync("jean@example.com");
        await page.Locator("#invite-role").SelectOptionAsync("Manager");
        await page.GetByRole(AriaRole.Button, new() { Name = "Make the link" }).ClickAsync();
        string link = await page.Locator("#one-time-link").InputValueAsync();
        Assert.StartsWith(hub.Address + "/invitation/", link, StringComparison.Ordinal);
        await AcceptInFrench(link);
        await page.ReloadAsync();
        await Assertions.Expect(page.Locator("td", new() { HasText = "Jean Petit" }).First).ToBeVisibleAsync();

        await page.GotoAsync("/profile/tokens");
        await page.GetByRole(AriaRole.Button, new() { Name = "New token" }).ClickAsync();
        await page.Locator("#create-name").FillAsync("nightly import");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create", Exact = true }).ClickAsync();
        string token = await page.Locator("#new-token").InputValueAsync();
        using HttpClient program = new() { BaseAddress = new(hub.Address) };
        program.DefaultRequestHeaders.Authorization = new("Bearer", token);
        Assert.Contains("lyon", await program.GetStringAsync("/api/v1/organizations"), StringComparison.Ordinal);
        await page.ReloadAsync();
        Assert.Equal(0, await page.Locator("#new-token").CountAsync());

        await page.GotoAsync("/organizations/lyon/audit");
        foreach (string action in (string[])["organization.created", "project.created", "schema.changed", "invitation.created", "membership.added"])
            await Assertions.Expect(page.GetByText(action, new() { Exact = true }).First).ToBeVisibleAsync();
    }

    private async Task AcceptInFrench(string link)
    {
        await using Visit visit = await hub.VisitAsync(signedIn: false, locale: "fr-FR");
        IPage page = visit.Page;
        await page.GotoAsync(link);
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Rejoindre Lyon" })).ToBeVisibleAsync();
        await page.GetByLabel("Votre nom").FillAsync("Jean Petit");
        await page.GetByLabel("Choisissez un mot de passe").FillAsync("une phrase assez longue");
        await page.GetByRole(AriaRole.Button, new() { Name = "Accepter l’invitation" }).ClickAsync();
        await page.WaitForURLAsync("**/organizations/lyon");
        Assert.Equal("fr", await page.Locator("html").GetAttributeAsync("lang"));
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "Membres" }).First).ToBeVisibleAsync();
        // A manager may look at the members and may not change them.
        await page.GotoAsync("/organizations/lyon/members");
        Assert.Equal(0, await page.GetByRole(AriaRole.Button, new() { Name = "Inviter" }).CountAsync());
        await page.GotoAsync("/organizations/lyon/settings");
        await Assertions.Expect(page.GetByText("Ceci ne vous est pas ouvert")).ToBeVisibleAsync();
        IResponse? used = await page.GotoAsync(link);
        Assert.Equal(410, used!.Status);
    }

    [Fact]
    public async Task Signing_in_needs_no_mouse_and_no_script()
    {
        foreach (bool scripts in (bool[])[true, false])
        {
            await using Visit visit = await hub.VisitAsync(signedIn: false, scripts: scripts);
            IPage page = visit.Page;
            await page.GotoAsync("/organizations/lyon");
            Assert.Contains("/sign-in?returnUrl=", page.Url, StringComparison.Ordinal);
            await page.Locator("#sign-in-email").FocusAsync();
            await page.Keyboard.TypeAsync(RunningHub.Email);
            await page.Keyboard.PressAsync("Tab");
            await page.Keyboard.TypeAsync(RunningHub.Password);
            await page.Keyboard.PressAsync("Enter");
            await page.WaitForURLAsync("**/organizations/lyon");
        }
    }

    [Fact]
    public async Task A_wrong_password_keeps_the_address_and_says_what_to_do()
    {
        await using Visit visit = await hub.VisitAsync(signedIn: false);
        IPage page = visit.Page;
        await page.GotoAsync("/sign-in");
        await page.Locator("#sign-in-email").FillAsync("nobody@example.com");
        await page.Locator("#sign-in-password").FillAsync("not the password");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("An administrator can hand out a new password");
        Assert.Equal("nobody@example.com", await page.Locator("#sign-in-email").InputValueAsync());
        Assert.Equal("", await page.Locator("#sign-in-password").InputValueAsync());
    }
}
