using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Options;
using MimeKit;
using Perenne.Hub.Shared;

namespace Perenne.Hub.Organizations;

/// <summary>Sends links by e-mail where SMTP is configured. A mail that cannot be sent is not an error of the use case: the link is shown too.</summary>
internal sealed class Mailer(IOptions<HubOptions> options, IHttpContextAccessor http, ILogger<Mailer> log)
{
    /// <returns>False where nothing was sent.</returns>
    public async Task<bool> SendAsync(string to, string subject, string text, string path, CancellationToken cancel)
    {
        SmtpOptions smtp = options.Value.Smtp;
        if (smtp.Host is not { Length: > 0 } host)
            return false;
        using MimeMessage message = new()
        {
            Subject = subject,
            Body = new TextPart("plain") { Text = $"{text}\n\n{Origin()}{path}\n" },
        };
        try
        {
            message.From.Add(MailboxAddress.Parse(smtp.From));
            message.To.Add(MailboxAddress.Parse(to));
            using SmtpClient client = new() { Timeout = 15_000 };
            await client.ConnectAsync(host, smtp.Port, smtp.Port == 465 ? SecureSocketOptions.SslOnConnect : SecureSocketOptions.StartTlsWhenAvailable, cancel);
            if (!string.IsNullOrEmpty(smtp.User))
                await client.AuthenticateAsync(smtp.User, smtp.Password ?? "", cancel);
            await client.SendAsync(message, cancel);
            await client.DisconnectAsync(quit: true, cancel);
            return true;
        }
        catch (Exception e) when (!cancel.IsCancellationRequested)
        {
            log.LogWarning(e, "A mail could not be sent through {Host}:{Port}.", smtp.Host, smtp.Port);
            return false;
        }
    }

    // The configured address first: a forged Host header must not decide where a link in a mail points.
    private string Origin() => options.Value.PublicUrl?.TrimEnd('/')
        ?? (http.HttpContext is { } request ? $"{request.Request.Scheme}://{request.Request.Host}" : "");
}
