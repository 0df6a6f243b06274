using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Perenne.Hub.Share.Webhooks;

/// <param name="Status">Null: there was no answer, and <paramref name="Answer"/> says why.</param>
internal sealed record SendOutcome(int? Status, string Answer)
{
    public bool Succeeded => Status is >= 200 and < 300;
}

/// <summary>Sends one signed request. No redirects, no proxy, no cookies; the address is checked at the moment of connecting, so that a name cannot point elsewhere between check and use.</summary>
internal sealed class WebhookSender : IDisposable
{
    private const int AnswerBytes = 800;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly HttpClient http;

    public WebhookSender(AddressGuard guard)
    {
        http = new(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
            MaxResponseHeadersLength = 16,
            ConnectCallback = (context, cancel) => ConnectAsync(guard, context.DnsEndPoint, cancel),
        }) { Timeout = Timeout.InfiniteTimeSpan };
        http.DefaultRequestHeaders.UserAgent.ParseAdd("Perenne-Webhook/1");
    }

    public async Task<SendOutcome> SendAsync(string url, string body, IReadOnlyDictionary<string, string> headers, CancellationToken cancel)
    {
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(Patience);
        using HttpRequestMessage request = new(HttpMethod.Post, url) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        foreach ((string name, string value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        try
        {
            using HttpResponseMessage answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
            return new((int)answer.StatusCode, await BeginningAsync(answer, patience.Token));
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new(null, $"No answer within {Patience.TotalSeconds:0} seconds.");
        }
        catch (HttpRequestException error)
        {
            return new(null, (error.InnerException as RefusedAddressException)?.Message ?? error.InnerException?.Message ?? error.Message);
        }
    }

    public void Dispose() => http.Dispose();

    private static async Task<string> BeginningAsync(HttpResponseMessage answer, CancellationToken cancel)
    {
        await using Stream content = await answer.Content.ReadAsStreamAsync(cancel);
        byte[] bytes = new byte[AnswerBytes];
        int read = await content.ReadAtLeastAsync(bytes, AnswerBytes, throwOnEndOfStream: false, cancel);
        // PostgreSQL keeps no NUL in text.
        return Encoding.UTF8.GetString(bytes, 0, read).Replace('\0', ' ');
    }

    private static async ValueTask<Stream> ConnectAsync(AddressGuard guard, DnsEndPoint target, CancellationToken cancel)
    {
        IPAddress[] found = IPAddress.TryParse(target.Host, out IPAddress? literal) ? [literal] : await Dns.GetHostAddressesAsync(target.Host, cancel);
        IPAddress[] allowed = [.. found.Where(guard.Allows)];
        if (allowed.Length == 0)
            throw new RefusedAddressException($"{target.Host} is an address inside a private network, which this hub does not call. An administrator of the hub can allow it with Hub:Webhooks:AllowedNetworks.");
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, target.Port, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private sealed class RefusedAddressException(string message) : IOException(message);
}
