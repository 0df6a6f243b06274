using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Perenne.Cli.Hub;

/// <summary>Speaks to a hub's API with a token. Refusals come back as <see cref="HubFailure"/> carrying the hub's own sentence.</summary>
internal sealed class HubClient(HttpClient http) : IDisposable
{
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) } };

    public Uri Address => http.BaseAddress!;

    /// <param name="hub">The address a browser would open, e.g. https://perenne.example.org.</param>
    public static HubClient Connect(string hub, string? token)
    {
        if (!Uri.TryCreate(hub.TrimEnd('/') + "/", UriKind.Absolute, out Uri? address) || address.Scheme is not ("http" or "https"))
            throw new HubFailure($"'{hub}' is not the address of a hub. Give it as http://… or https://….", 0);
        HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
        {
            BaseAddress = address,
            Timeout = Timeout.InfiniteTimeSpan, // Uploads of gigabytes are normal; the caller's token cancels.
        };
        http.DefaultRequestHeaders.Accept.Add(new("application/json"));
        if (token is not null)
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return new(http);
    }

    public Task<T> GetAsync<T>(string path, CancellationToken cancel) => SendAsync<T>(new(HttpMethod.Get, path), cancel);

    public Task<T> PostAsync<T>(string path, object body, CancellationToken cancel) => SendAsync<T>(WithJson(HttpMethod.Post, path, body), cancel);

    public Task<T> PutAsync<T>(string path, object body, CancellationToken cancel) => SendAsync<T>(WithJson(HttpMethod.Put, path, body), cancel);

    public async Task DeleteAsync(string path, CancellationToken cancel) => (await SendAsync(new(HttpMethod.Delete, path), cancel)).Dispose();

    public async Task<T> SendAsync<T>(HttpRequestMessage request, CancellationToken cancel)
    {
        using HttpResponseMessage response = await SendAsync(request, cancel);
        if (response.StatusCode == System.Net.HttpStatusCode.NoContent)
            return default!;
        return await response.Content.ReadFromJsonAsync<T>(Json, cancel)
            ?? throw new HubFailure($"{request.RequestUri} answered nothing where an answer was expected.", (int)response.StatusCode);
    }

    /// <summary>The answer with its body still to be read (downloads); throws for everything but success.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancel)
    {
        HttpResponseMessage response;
        try
        {
            response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
        }
        catch (HttpRequestException e)
        {
            throw new HubFailure($"No hub answers at {Address} ({e.Message}). Is it running, and is the address right?", 0, e);
        }

        if (response.IsSuccessStatusCode)
            return response;
        using (response)
            throw await HubProblem.ReadAsync(response, cancel);
    }

    public void Dispose() => http.Dispose();

    private static HttpRequestMessage WithJson(HttpMethod method, string path, object body) =>
        new(method, path) { Content = JsonContent.Create(body, body.GetType(), options: Json) };
}
