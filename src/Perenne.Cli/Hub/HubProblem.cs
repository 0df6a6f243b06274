using System.Net.Http.Json;
using System.Text.Json;

namespace Perenne.Cli.Hub;

/// <summary>Problem details (RFC 9457) as a sentence.</summary>
internal static class HubProblem
{
    public static async Task<HubFailure> ReadAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        int status = (int)response.StatusCode;
        string? detail = null;
        if (response.Content.Headers.ContentType?.MediaType is "application/problem+json" or "application/json")
        {
            try
            {
                detail = (await response.Content.ReadFromJsonAsync<Problem>(HubClient.Json, cancel))?.Detail;
            }
            catch (JsonException)
            {
                // Not ours: a proxy's page. The status says enough.
            }
        }

        return new(detail ?? Fallback(status, response.RequestMessage?.RequestUri), status);
    }

    private static string Fallback(int status, Uri? address) => status switch
    {
        401 => "The hub does not know this token. Run 'perenne login', or give another with --token or PERENNE_TOKEN.",
        404 => $"{address} does not exist. Is this the address of a hub, and is the hub as new as this program?",
        >= 300 and < 400 => $"{address} sends elsewhere. Give the address it sends to (https instead of http?).",
        _ => $"{address} answered with status {status}.",
    };

    private sealed record Problem(string? Detail);
}
