using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Perenne.Hub.Annotate;
using Perenne.Hub.Share.Webhooks;
using Perenne.Hub.Shared.Data;
using Perenne.Hub.Shared.Rights;
using Perenne.Hub.Tests.Annotate;

namespace Perenne.Hub.Tests.Share;

public sealed class OpenSqliteHub : SqliteHub
{
    protected override IEnumerable<string> Settings => ["--Hub:Webhooks:AllowedNetworks:0", "127.0.0.0/8"];
}

public sealed class OpenPostgresHub : PostgresHub
{
    protected override IEnumerable<string> Settings => ["--Hub:Webhooks:AllowedNetworks:0", "127.0.0.0/8"];
}

public abstract class WebhookTests(HubFixture hub) : HubTests(hub)
{
    [Fact]
    public async Task Submitted_rejected_accepted_and_the_reached_target_arrive_signed()
    {
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        Workbench bench = await Workbench.StartAsync(Hub, images: 1, people: 1, new CampaignRules(ReviewShare: 1));
        (_, WebhookMade hook, _) = await AddAsync(bench.Organization, receiver, [.. WebhookEvents.All]);
        TestPerson reviewer = await bench.ReviewerAsync();
        await bench.FinishOneAsync(bench.People[0]);
        Guid assignment = (await bench.As(reviewer).PostAsync($"{bench.Address}/reviews/next", null).Read<JsonElement>()).GetProperty("assignmentId").GetGuid();
        await bench.As(reviewer).Post($"{bench.Address}/reviews/{assignment}/accept", new { Id = "d1", BaseRevision = 2 }).Done();
        List<Received> all = await receiver.WaitAsync(3);
        Assert.Equal(["annotation.accepted", "annotation.submitted", "campaign.target-reached"], all.Select(r => r.Event).Order());
        Assert.All(all, received =>
        {
            // As docs/webhooks.md tells a receiver to do it.
            string[] parts = received.Signature.Split(',');
            string time = parts[0]["t=".Length..];
            byte[] expected = HMACSHA256.HashData(Encoding.UTF8.GetBytes(hook.Secret), Encoding.UTF8.GetBytes($"{time}.{received.Body}"));
            Assert.Equal("v1=" + Convert.ToHexStringLower(expected), parts[1]);
            Assert.InRange(Math.Abs(long.Parse(time, System.Globalization.CultureInfo.InvariantCulture) - Hub.Time.GetUtcNow().ToUnixTimeSeconds()), 0, 300);
            JsonElement body = JsonElement.Parse(received.Body);
            Assert.Equal((received.Event, bench.Organization.Id), (body.GetProperty("event").GetString(), body.GetProperty("organizationId").GetGuid()));
            Assert.Equal(bench.Campaign, body.GetProperty("data").GetProperty("campaignId").GetGuid());
        });
    }

    [Fact]
    public async Task What_is_rolled_back_is_not_sent_and_what_is_not_subscribed_neither()
    {
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        TestOrganization lyon = await Hub.Organization("lyon");
        await AddAsync(lyon, receiver, WebhookEvents.Accepted);
        await Hub.Inside(async services =>
        {
            HubDbContext db = services.GetRequiredService<HubDbContext>();
            Outbox outbox = services.GetRequiredService<Outbox>();
            await using (var transaction = await db.Database.BeginTransactionAsync())
            {
                await outbox.AddAsync(WebhookEvents.Accepted, lyon.Id, Guid.Empty, new { Lost = true }, default);
                await transaction.RollbackAsync();
            }

            db.ChangeTracker.Clear();
            await outbox.AddAsync(WebhookEvents.Submitted, lyon.Id, Guid.Empty, new { Lost = true }, default);
            await outbox.AddAsync(WebhookEvents.Accepted, lyon.Id, Guid.Empty, new { Kept = 1 }, default);
            return 0;
        });
        Assert.Contains("\"kept\":1", Assert.Single(await receiver.WaitAsync(1)).Body, StringComparison.Ordinal);
        Assert.Equal(1, await Hub.Inside(db => db.Set<WebhookDelivery>().CountAsync(d => d.OrganizationId == lyon.Id)));
    }

    [Fact]
    public async Task A_failed_delivery_is_tried_again_after_a_pause_and_can_be_sent_again_by_hand_under_the_same_id()
    {
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        TestOrganization lyon = await Hub.Organization("lyon");
        (HttpClient chief, WebhookMade hook, string address) = await AddAsync(lyon, receiver, WebhookEvents.Accepted);
        receiver.Answer = HttpStatusCode.Found; // A redirect is not followed: it is an answer like any other.
        await chief.PostAsync($"{address}/{hook.Id}/ping", null).Done();
        await receiver.WaitAsync(1);
        DeliveryView failed = await Logged(chief, $"{address}/{hook.Id}", d => d.Attempts == 1);
        Assert.Equal((DeliveryState.Waiting, 302, "seen"), (failed.State, failed.Status, failed.Answer));
        receiver.Answer = HttpStatusCode.OK;
        Hub.Time.Skip(DeliverWebhook.Pauses[0]);
        DeliveryView done = await Logged(chief, $"{address}/{hook.Id}", d => d.State == DeliveryState.Delivered);
        Assert.Equal(2, done.Attempts);
        await chief.PostAsync($"{address}/{hook.Id}/deliveries/{done.Id}/redeliver", null).Done();
        List<Received> all = await receiver.WaitAsync(3);
        Assert.Equal(done.Id.ToString(), Assert.Single(all.Select(r => r.Delivery).Distinct()));
    }

    [Fact]
    public async Task A_receiver_that_fails_for_a_day_is_switched_off_and_comes_back_by_hand()
    {
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        TestOrganization lyon = await Hub.Organization("lyon");
        (HttpClient chief, WebhookMade hook, string address) = await AddAsync(lyon, receiver, WebhookEvents.Accepted);
        receiver.Answer = HttpStatusCode.InternalServerError;
        await chief.PostAsync($"{address}/{hook.Id}/ping", null).Done();
        await Logged(chief, $"{address}/{hook.Id}", d => d.Attempts == 1);
        Hub.Time.Skip(TimeSpan.FromHours(25));
        WebhookView off;
        while ((off = Assert.Single(await chief.Get<List<WebhookView>>(address))).Enabled)
            await Task.Delay(50, TestContext.Current.CancellationToken);
        Assert.Contains("a day", off.DisabledReason!, StringComparison.Ordinal);
        Assert.Contains("switched off", await chief.PostAsync($"{address}/{hook.Id}/ping", null).Refused(HttpStatusCode.Conflict), StringComparison.Ordinal);

        receiver.Answer = HttpStatusCode.NoContent;
        await chief.Put($"{address}/{hook.Id}", new WebhookDraft("MES", receiver.Url, [WebhookEvents.Accepted])).Done();
        await chief.PostAsync($"{address}/{hook.Id}/ping", null).Done();
        await Logged(chief, $"{address}/{hook.Id}", d => d is { State: DeliveryState.Delivered, Status: 204 });
    }

    [Fact]
    public async Task The_secret_is_shown_once_and_stored_encrypted_and_a_new_one_replaces_it()
    {
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        TestOrganization lyon = await Hub.Organization("lyon");
        (HttpClient chief, WebhookMade hook, string address) = await AddAsync(lyon, receiver, WebhookEvents.Accepted);
        string stored = await Hub.Inside(db => db.Set<Webhook>().Where(w => w.Id == hook.Id).Select(w => w.ProtectedSecret).SingleAsync());
        Assert.DoesNotContain(hook.Secret[4..], stored, StringComparison.Ordinal);
        Assert.DoesNotContain(hook.Secret, await chief.GetStringAsync(address, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        WebhookMade renewed = await chief.PostAsync($"{address}/{hook.Id}/secret", null).Read<WebhookMade>();
        await chief.PostAsync($"{address}/{hook.Id}/ping", null).Done();
        Received received = Assert.Single(await receiver.WaitAsync(1));
        long at = long.Parse(received.Signature.Split(',')[0][2..], System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(WebhookSecrets.Sign(renewed.Secret, at, received.Body), received.Signature);
    }

    [Fact]
    public async Task What_is_wrong_with_a_webhook_is_said_in_a_sentence()
    {
        TestOrganization lyon = await Hub.Organization("lyon");
        TestPerson chief = await Hub.Person("chief", Role.Administrator, lyon);
        string address = $"/api/v1/organizations/{lyon.Slug}/webhooks";
        Assert.Contains("full address", await Hub.As(chief).Post(address, new WebhookDraft("MES", "mes/hook", [WebhookEvents.Accepted])).Refused(HttpStatusCode.BadRequest), StringComparison.Ordinal);
        Assert.Contains("without a user name", await Hub.As(chief).Post(address, new WebhookDraft("MES", "https://a:b@mes/", [WebhookEvents.Accepted])).Refused(HttpStatusCode.BadRequest), StringComparison.Ordinal);
        Assert.Contains("campaign.target-reached", await Hub.As(chief).Post(address, new WebhookDraft("MES", "https://mes/", ["all"])).Refused(HttpStatusCode.BadRequest), StringComparison.Ordinal);
        Assert.Contains("no project", await Hub.As(chief).Post(address, new WebhookDraft("MES", "https://mes/", [WebhookEvents.Accepted], "nowhere")).Refused(HttpStatusCode.BadRequest), StringComparison.Ordinal);
    }

    private async Task<(HttpClient Chief, WebhookMade Hook, string Address)> AddAsync(TestOrganization organization, WebhookReceiver receiver, params string[] events)
    {
        HttpClient chief = Hub.As(await Hub.Person("chief", Role.Administrator, organization));
        string address = $"/api/v1/organizations/{organization.Slug}/webhooks";
        return (chief, await chief.Post(address, new WebhookDraft("MES", receiver.Url, events)).Read<WebhookMade>(), address);
    }

    internal static async Task<DeliveryView> Logged(HttpClient chief, string address, Func<DeliveryView, bool> until)
    {
        while (true)
        {
            if ((await chief.Get<DeliveryPage>(address + "/deliveries")).Deliveries.FirstOrDefault(until) is { } found)
                return found;
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }
}

public sealed class WebhooksOnSqlite(OpenSqliteHub hub) : WebhookTests(hub), IClassFixture<OpenSqliteHub>;

public sealed class WebhooksOnPostgres(OpenPostgresHub hub) : WebhookTests(hub), IClassFixture<OpenPostgresHub>;

public sealed class WebhookAddressTests(SqliteHub hub) : HubTests(hub), IClassFixture<SqliteHub>
{
    [Fact]
    public async Task An_address_inside_the_network_is_not_called_unless_the_administrator_allows_it()
    {
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        TestOrganization lyon = await Hub.Organization("lyon");
        HttpClient chief = Hub.As(await Hub.Person("chief", Role.Administrator, lyon));
        string address = $"/api/v1/organizations/{lyon.Slug}/webhooks";
        foreach (string url in new[] { receiver.Url, receiver.Url.Replace("127.0.0.1", "localhost", StringComparison.Ordinal), receiver.Url.Replace("127.0.0.1", "[::ffff:127.0.0.1]", StringComparison.Ordinal) })
        {
            WebhookMade hook = await chief.Post(address, new WebhookDraft("MES", url, [WebhookEvents.Accepted])).Read<WebhookMade>();
            await chief.PostAsync($"{address}/{hook.Id}/ping", null).Done();
            DeliveryView refused = await WebhookTests.Logged(chief, $"{address}/{hook.Id}", d => d.Attempts == 1);
            Assert.Null(refused.Status);
            Assert.Contains("Hub:Webhooks:AllowedNetworks", refused.Answer!, StringComparison.Ordinal);
        }

        Assert.Empty(receiver.Requests);
    }

    [Theory]
    [InlineData("93.184.216.34", true)]
    [InlineData("2606:2800:220:1:248:1893:25c8:1946", true)]
    [InlineData("127.0.0.1", false)]
    [InlineData("10.1.2.3", false)]
    [InlineData("172.31.255.255", false)]
    [InlineData("172.32.0.1", true)]
    [InlineData("192.168.0.1", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("::1", false)]
    [InlineData("::ffff:10.0.0.1", false)]
    [InlineData("64:ff9b::a00:1", false)]
    [InlineData("fd00::1", false)]
    [InlineData("fe80::1", false)]
    public void Only_the_public_internet_is_called(string address, bool allowed) =>
        Assert.Equal(allowed, Hub.App.Services.GetRequiredService<AddressGuard>().Allows(IPAddress.Parse(address)));
}
