using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Perenne.Cli.Commands;

namespace Perenne.Cli.Learn.Kubernetes;

/// <summary>The five calls of the Kubernetes API that a job needs. Errors are the API's own sentences.</summary>
internal sealed class KubernetesApi(ClusterAccess access) : IDisposable
{
    private readonly HttpClient client = access.Connect();

    private string Jobs => $"apis/batch/v1/namespaces/{access.Namespace}/jobs";

    private string Pods => $"api/v1/namespaces/{access.Namespace}/pods";

    /// <summary>False: a job of this name is there already.</summary>
    public async Task<bool> CreateAsync(JsonObject job, CancellationToken cancel)
    {
        using HttpResponseMessage answer = await SendAsync(HttpMethod.Post, Jobs, JsonContent.Create(job), cancel);
        if (answer.StatusCode == HttpStatusCode.Conflict)
            return false;
        await CheckAsync(answer, "create the job", cancel);
        return true;
    }

    /// <returns>Null: it is not there.</returns>
    public async Task<JsonNode?> JobAsync(string name, CancellationToken cancel)
    {
        using HttpResponseMessage answer = await SendAsync(HttpMethod.Get, $"{Jobs}/{name}", null, cancel);
        if (answer.StatusCode == HttpStatusCode.NotFound)
            return null;
        await CheckAsync(answer, "read the job", cancel);
        return await answer.Content.ReadFromJsonAsync<JsonNode>(cancel);
    }

    public async Task<JsonNode?> PodAsync(string job, CancellationToken cancel)
    {
        using HttpResponseMessage answer = await SendAsync(HttpMethod.Get, $"{Pods}?labelSelector=job-name%3D{job}", null, cancel);
        await CheckAsync(answer, "list the job's pods", cancel);
        return (await answer.Content.ReadFromJsonAsync<JsonNode>(cancel))?["items"]?.AsArray().LastOrDefault();
    }

    /// <summary>Everything the trainer has printed so far, and what it prints until it ends.</summary>
    public async Task FollowAsync(string pod, Func<string, Task> line, CancellationToken cancel)
    {
        using HttpRequestMessage request = await RequestAsync(HttpMethod.Get, $"{Pods}/{pod}/log?follow=true&limitBytes={64 << 20}", null, cancel);
        using HttpResponseMessage answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
        if (!answer.IsSuccessStatusCode)
            return;
        using StreamReader lines = new(await answer.Content.ReadAsStreamAsync(cancel));
        while (await lines.ReadLineAsync(cancel) is { } text)
            await line(text);
    }

    /// <summary>The pod gets SIGTERM and its grace.</summary>
    public async Task DeleteAsync(string name, CancellationToken cancel)
    {
        using HttpResponseMessage answer = await SendAsync(HttpMethod.Delete, $"{Jobs}/{name}?propagationPolicy=Foreground", null, cancel);
        if (answer.StatusCode != HttpStatusCode.NotFound)
            await CheckAsync(answer, "delete the job", cancel);
    }

    public void Dispose() => client.Dispose();

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? content, CancellationToken cancel)
    {
        using HttpRequestMessage request = await RequestAsync(method, path, content, cancel);
        try
        {
            return await client.SendAsync(request, cancel);
        }
        catch (HttpRequestException error)
        {
            throw new CommandException($"The Kubernetes API at {access.Server} does not answer: {error.Message}");
        }
    }

    // Read anew for each call: tokens of pods are exchanged every hour.
    private async Task<HttpRequestMessage> RequestAsync(HttpMethod method, string path, HttpContent? content, CancellationToken cancel)
    {
        HttpRequestMessage request = new(method, path) { Content = content };
        if (access.TokenFile is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", (await File.ReadAllTextAsync(access.TokenFile, cancel)).Trim());
        return request;
    }

    private static async Task CheckAsync(HttpResponseMessage answer, string what, CancellationToken cancel)
    {
        if (answer.IsSuccessStatusCode)
            return;
        string text = await answer.Content.ReadAsStringAsync(cancel);
        string? message = null;
        try
        {
            message = JsonNode.Parse(text)?["message"]?.GetValue<string>();
        }
        catch (JsonException)
        {
            // A proxy's page: the status says enough.
        }
        throw new CommandException($"Kubernetes refused to {what} ({(int)answer.StatusCode}): {message ?? answer.ReasonPhrase}");
    }
}
