using System.Net;
using Microsoft.EntityFrameworkCore;
using Perenne.Hub.Organizations;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Tests.Organizations;

/// <summary>The whole way of a browser: hub, provider, back to the hub.</summary>
public sealed class OpenIdTests(OpenIdHub hub) : HubTests(hub), IClassFixture<OpenIdHub>
{
    private readonly OpenIdProvider provider = hub.Provider;

    [Fact]
    public async Task A_verified_address_signs_its_person_in_and_leads_back_to_where_they_were_going()
    {
        TestPerson anna = await Hub.Person("anna");
        HttpClient browser = Hub.Browser();

        Assert.Equal("/profile", await Go(browser, new("sub-anna", anna.Email.ToUpperInvariant(), true, "Anna"), "/profile"));

        Assert.Equal(anna.Id, (await browser.Get<Me>("/api/v1/me")).Id);
    }

    [Fact]
    public async Task After_the_first_time_the_subject_counts_and_not_the_address()
    {
        TestPerson anna = await Hub.Person("anna");
        await Go(Hub.Browser(), new("sub-lasting", anna.Email, true, "Anna"));
        HttpClient browser = Hub.Browser();

        Assert.Equal("/", await Go(browser, new("sub-lasting", "married@example.org", false, "Anna")));
        Assert.Equal(anna.Id, (await browser.Get<Me>("/api/v1/me")).Id);
        await Refused(new("sub-successor", anna.Email, true, "Another Anna"), "another account of the same provider");
    }

    [Fact]
    public async Task An_address_the_provider_does_not_vouch_for_is_refused()
    {
        TestPerson anna = await Hub.Person("anna");
        await Refused(new("sub-unverified", anna.Email, false, "Somebody"), "Verify it there");
    }

    [Fact]
    public async Task Somebody_unknown_is_refused_and_gets_no_account()
    {
        await Refused(new("sub-stranger", "stranger@example.org", true, "Stranger"), "Ask an administrator for an invitation");
        Assert.False(await Hub.Inside(db => db.Users.AnyAsync(u => u.Email == "stranger@example.org")));
    }

    [Fact]
    public async Task Somebody_invited_becomes_a_member_once()
    {
        TestOrganization lyon = await Hub.Organization("lyon");
        TestPerson chief = await Hub.Person("chief", Role.Administrator, @in: lyon);
        string email = $"new@{lyon.Slug}.example";
        InviteDone invitation = await Hub.As(chief).Post($"/api/v1/organizations/{lyon.Slug}/invitations", new { email, role = Role.Reviewer }).Read<InviteDone>();
        HttpClient browser = Hub.Browser();

        Assert.Equal("/", await Go(browser, new("sub-new", email, true, "Nora")));

        Me me = await browser.Get<Me>("/api/v1/me");
        Assert.Equal(("Nora", email), (me.Name, me.Email));
        Assert.Equal((lyon.Slug, Role.Reviewer), (me.Roles.Single().Organization, me.Roles.Single().Role));
        await Hub.AsNobody().Post("/api/v1/invitations/accept", new { code = invitation.Path.Split('/')[^1], name = "Thief", password = "a long enough one" }).Refused(HttpStatusCode.Gone);
    }

    [Fact]
    public async Task A_disabled_person_stays_outside()
    {
        TestPerson anna = await Hub.Person("anna");
        await Hub.Inside(db => db.Users.Where(u => u.Id == anna.Id).ExecuteUpdateAsync(set => set.SetProperty(u => u.DisabledAt, Hub.Time.GetUtcNow())));
        await Refused(new("sub-disabled", anna.Email, true, "Anna"), "This account is disabled");
    }

    [Fact]
    public async Task A_token_signed_by_somebody_else_or_for_another_sign_in_is_refused()
    {
        TestPerson anna = await Hub.Person("anna");
        OpenIdProvider.Account account = new("sub-forged", anna.Email, true, "Anna");
        provider.Forges = true;
        await Refused(account, "could not be used");
        (provider.Forges, provider.Replays) = (false, true);
        await Refused(account, "could not be used");
        provider.Replays = false;
    }

    [Fact]
    public async Task An_answer_brought_by_another_browser_is_refused()
    {
        TestPerson anna = await Hub.Person("anna");
        provider.SignedIn = new("sub-csrf", anna.Email, true, "Anna");
        Uri toProvider = await Next(Hub.Browser(), new("/sign-in/openid", UriKind.Relative));
        Uri back = await Next(Hub.Browser(), toProvider);

        HttpClient victim = Hub.Browser();
        Assert.Equal("/sign-in?problem=openid-failed", (await Next(victim, back)).OriginalString);
        await victim.GetAsync("/api/v1/me").Refused(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Who_says_no_at_the_provider_is_told_so() => await Refused(null, "told not to");

    [Fact]
    public async Task A_link_to_the_sign_in_cannot_lead_to_another_site()
    {
        TestPerson anna = await Hub.Person("anna");
        Assert.Equal("/", await Go(Hub.Browser(), new("sub-redirect", anna.Email, true, "Anna"), "//elsewhere.example"));
    }

    [Fact]
    public async Task The_sign_in_page_offers_the_button() =>
        Assert.Contains("Works account", await Page(Hub.Browser(), "/sign-in"), StringComparison.Ordinal);

    private async Task Refused(OpenIdProvider.Account? account, string sentence)
    {
        HttpClient browser = Hub.Browser();
        string end = await Go(browser, account);
        Assert.StartsWith("/sign-in?problem=", end, StringComparison.Ordinal);
        Assert.Contains(sentence, await Page(browser, end), StringComparison.Ordinal);
        await browser.GetAsync("/api/v1/me").Refused(HttpStatusCode.Unauthorized);
    }

    /// <summary>Follows every redirect until a page of the hub; its address.</summary>
    private async Task<string> Go(HttpClient browser, OpenIdProvider.Account? account, string returnUrl = "/")
    {
        provider.SignedIn = account;
        Uri at = new("/sign-in/openid?returnUrl=" + Uri.EscapeDataString(returnUrl), UriKind.Relative);
        for (int step = 0; step < 4; step++)
        {
            at = await Next(browser, at);
            if (at.OriginalString.StartsWith('/') && !at.OriginalString.StartsWith("/sign-in/openid", StringComparison.Ordinal))
                return at.OriginalString;
        }

        throw new InvalidOperationException($"Still on the way after four steps: {at}");
    }

    private static async Task<Uri> Next(HttpClient browser, Uri at)
    {
        using HttpResponseMessage answer = await browser.GetAsync(at);
        Assert.True(answer.StatusCode == HttpStatusCode.Redirect, $"{at}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        return answer.Headers.Location!;
    }

    private static async Task<string> Page(HttpClient browser, string address)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, address);
        request.Headers.Accept.ParseAdd("text/html");
        using HttpResponseMessage answer = await browser.SendAsync(request);
        return WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
    }
}
