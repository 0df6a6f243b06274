using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using MimeKit;

namespace Perenne.Hub.Tests;

internal enum SmtpMood
{
    Accepts,
    RefusesTheReceiver,
    RefusesThePassword,
    HangsUpDuringTheMail,
}

/// <summary>A mail server as far as RFC 5321 and AUTH PLAIN (RFC 4954) need: one conversation per connection, mails kept for the test.</summary>
internal sealed class SmtpListener : IAsyncDisposable
{
    public const string User = "perenne", Password = "mail password";

    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private Task accepting = Task.CompletedTask;

    public sealed record Mail(string From, string To, string Subject, string Text);

    public ConcurrentQueue<Mail> Mails { get; } = new();

    public SmtpMood Mood { get; set; }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public void Start()
    {
        listener.Start();
        accepting = AcceptAsync();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                using TcpClient client = await listener.AcceptTcpClientAsync(stop.Token);
                try
                {
                    await TalkAsync(client.GetStream());
                }
                catch (IOException)
                {
                    // The other side hung up; the next one may come.
                }
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private async Task TalkAsync(NetworkStream stream)
    {
        using StreamReader reader = new(stream, Encoding.Latin1);
        async Task Say(string line) => await stream.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"), stop.Token);
        bool known = false;
        string from = "", to = "";
        await Say("220 mail.example ESMTP");
        while (await reader.ReadLineAsync(stop.Token) is { } line)
        {
            switch (line.Split(' ')[0].ToUpperInvariant())
            {
                case "EHLO":
                    await Say("250-mail.example");
                    await Say("250 AUTH PLAIN");
                    break;
                case "AUTH":
                    known = Mood != SmtpMood.RefusesThePassword && Encoding.UTF8.GetString(Convert.FromBase64String(line.Split(' ')[2])) == $"\0{User}\0{Password}";
                    await Say(known ? "235 ok" : "535 authentication failed");
                    break;
                case "MAIL":
                    from = line;
                    await Say(known ? "250 ok" : "530 authenticate first");
                    break;
                case "RCPT":
                    to = line;
                    await Say(Mood == SmtpMood.RefusesTheReceiver ? "550 no such mailbox" : "250 ok");
                    break;
                case "DATA":
                    await Say("354 go on");
                    StringBuilder data = new();
                    while (await reader.ReadLineAsync(stop.Token) is { } part && part != ".")
                    {
                        if (Mood == SmtpMood.HangsUpDuringTheMail)
                            return;
                        data.Append(part.StartsWith('.') ? part[1..] : part).Append("\r\n");
                    }

                    Keep(from, to, data.ToString());
                    await Say("250 queued");
                    break;
                case "QUIT":
                    await Say("221 bye");
                    return;
                default:
                    await Say("250 ok");
                    break;
            }
        }
    }

    private void Keep(string from, string to, string data)
    {
        using MemoryStream bytes = new(Encoding.Latin1.GetBytes(data));
        using MimeMessage message = MimeMessage.Load(bytes);
        Mails.Enqueue(new(Inside(from), Inside(to), message.Subject ?? "", message.TextBody ?? ""));
    }

    private static string Inside(string line) => line[(line.IndexOf('<', StringComparison.Ordinal) + 1)..line.IndexOf('>', StringComparison.Ordinal)];

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await accepting;
        listener.Dispose();
        stop.Dispose();
    }
}

public sealed class MailHub : SqliteHub
{
    internal SmtpListener Server { get; } = new();

    protected override IEnumerable<string> Settings =>
    [
        "--Hub:Smtp:Host", "127.0.0.1", "--Hub:Smtp:Port", Server.Port.ToString(System.Globalization.CultureInfo.InvariantCulture), "--Hub:Smtp:From", "Perenne <hub@example.org>",
        "--Hub:Smtp:User", SmtpListener.User, "--Hub:Smtp:Password", SmtpListener.Password, "--Hub:PublicUrl", "https://perenne.example/",
    ];

    public override async ValueTask InitializeAsync()
    {
        Server.Start();
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Server.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
