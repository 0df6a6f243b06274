using System.Net.Http.Headers;
using Perenne.Cli.Hub;
using Perenne.Contracts.Serving;

namespace Perenne.Cli.Learn;

/// <summary>Judges files by the model of a project on a hub (or a station): POST /predict.</summary>
internal static class AskHub
{
    public static async Task<PredictAnswer> PredictAsync(HubClient hub, string project, int? version, string file, string? reference, CancellationToken cancel)
    {
        string query = version is { } v ? $"?version={v}" : "";
        using MultipartFormDataContent form = new();
        Add(form, "image", file);
        if (reference is not null)
            Add(form, "reference", reference);
        using HttpRequestMessage request = new(HttpMethod.Post, $"api/v1/projects/{Uri.EscapeDataString(project)}/predict{query}") { Content = form };
        try
        {
            return await hub.SendAsync<PredictAnswer>(request, cancel);
        }
        catch (HubFailure e)
        {
            throw new Commands.CommandException($"{file}: {e.Message}");
        }
    }

    private static void Add(MultipartFormDataContent form, string name, string file)
    {
        ByteArrayContent content = new(File.ReadAllBytes(file)) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } };
        form.Add(content, name, Path.GetFileName(file));
    }
}
