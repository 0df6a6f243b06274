using Perenne.Hub.Organizations;
using Perenne.Hub.Shared.Rights;

namespace Perenne.Hub.Tests.Organizations;

public sealed class MailTests(MailHub hub) : HubTests(hub), IClassFixture<MailHub>
{
    private readonly SmtpListener server = hub.Server;

    [Fact]
    public async Task An_invitation_and_a_new_password_arrive_with_links_to_the_public_address()
    {
        server.Mood = SmtpMood.Accepts;
        TestOrganization lyon = await Hub.Organization("Lyon\r\nBcc: everybody@example.org — été");
        TestPerson chief = await Hub.Person("chief", Role.Administrator, @in: lyon), anna = await Hub.Person("anna", Role.Annotator, @in: lyon);

        InviteDone invitation = await Invite(chief, "new@example.org");
        OfferPasswordResetDone reset = await Hub.As(chief).Post($"/api/v1/organizations/{lyon.Id}/people/{anna.Id}/password-reset", new { }).Read<OfferPasswordResetDone>();

        Assert.True(invitation.Mailed && reset.Mailed);
        SmtpListener.Mail first = Assert.Single(server.Mails, m => m.To == "new@example.org"), second = Assert.Single(server.Mails, m => m.To == anna.Email);
        Assert.Equal("hub@example.org", first.From);
        Assert.Contains("Lyon", first.Subject, StringComparison.Ordinal);
        Assert.Contains("été", first.Subject, StringComparison.Ordinal);
        Assert.Contains("https://perenne.example" + invitation.Path, first.Text, StringComparison.Ordinal);
        Assert.Contains("https://perenne.example" + reset.Path, second.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(server.Mails, m => m.To.StartsWith("everybody", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(nameof(SmtpMood.RefusesTheReceiver))]
    [InlineData(nameof(SmtpMood.RefusesThePassword))]
    [InlineData(nameof(SmtpMood.HangsUpDuringTheMail))]
    public async Task A_mail_that_cannot_be_sent_leaves_a_link_that_works(string mood)
    {
        server.Mood = Enum.Parse<SmtpMood>(mood);
        TestPerson chief = await Hub.Person("chief", Role.Administrator, @in: await Hub.Organization("lyon"));

        InviteDone invitation = await Invite(chief, $"{mood}@example.org");

        Assert.False(invitation.Mailed);
        Assert.DoesNotContain(server.Mails, m => m.To.StartsWith(mood, StringComparison.Ordinal));
        await Hub.AsNobody().Post("/api/v1/invitations/accept", new { code = invitation.Path.Split('/')[^1], name = "Anna", password = "a long enough one" }).Done();
    }

    private Task<InviteDone> Invite(TestPerson by, string email) =>
        Hub.As(by).Post($"/api/v1/organizations/{by.Organization!.Id}/invitations", new { email, role = Role.Annotator }).Read<InviteDone>();
}
