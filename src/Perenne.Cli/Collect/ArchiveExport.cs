using System.CommandLine;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Perenne.Cli.Hub;

namespace Perenne.Cli.Collect;

/// <summary>perenne export … x.zip: the hub writes the data set in the background; this waits, downloads and checks the bytes. A broken download goes on where it was.</summary>
internal static class ArchiveExport
{
    private const int Attempts = 6;

    public static async Task<int> RunAsync(HubClient hub, string target, string project, string? organization, string format, bool images, InvocationConfiguration io, CancellationToken cancel)
    {
        string exports = $"api/v1/projects/{Uri.EscapeDataString(project)}/exports";
        JsonObject export = await hub.PostAsync<JsonObject>(exports, new { format, source = "newest", images, organizations = organization is null ? null : new[] { organization } }, cancel);
        string own = $"{exports}/{export["id"]}";
        while (Text(export, "state") is "waiting" or "reading" or "writing")
        {
            await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System, cancel);
            export = await hub.GetAsync<JsonObject>(own, cancel);
        }

        if (Text(export, "state") != "done")
            throw new HubFailure($"The export ended as {Text(export, "state")}: {Text(export, "error")}", 0);
        string part = target + ".part";
        await DownloadAsync(hub, $"{own}/file", part, export["bytes"]!.GetValue<long>(), cancel);
        await using (FileStream file = File.OpenRead(part))
        {
            if (Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancel)) != Text(export, "hash"))
                throw new HubFailure($"The download is damaged: its bytes are not those the hub wrote. {part} is left there; remove it and try again.", 0);
        }

        File.Move(part, target, overwrite: false);
        await io.Output.WriteLineAsync($"{export["written"]} images, {export["annotations"]} annotations.");
        foreach (JsonNode? loss in export["losses"]!.AsArray())
            await io.Error.WriteLineAsync($"{loss!["count"]} times {loss["sentence"]}.");
        return 0;
    }

    private static async Task DownloadAsync(HubClient hub, string address, string part, long bytes, CancellationToken cancel)
    {
        await using FileStream to = new(part, FileMode.Create);
        for (int failures = 0; to.Length < bytes;)
        {
            try
            {
                using HttpRequestMessage request = new(HttpMethod.Get, address);
                if (to.Length > 0)
                    request.Headers.Range = new RangeHeaderValue(to.Length, null);
                using HttpResponseMessage answer = await hub.SendAsync(request, cancel);
                to.Position = answer.StatusCode == System.Net.HttpStatusCode.PartialContent ? to.Length : 0;
                await answer.Content.CopyToAsync(to, cancel);
                failures = 0;
            }
            catch (Exception error) when (error is IOException or HttpRequestException or HubFailure { IsPassing: true } && ++failures < Attempts)
            {
                await to.FlushAsync(cancel);
                await Task.Delay(TimeSpan.FromSeconds(Math.Pow(2, failures) / 2), TimeProvider.System, cancel);
            }
        }
    }

    private static string Text(JsonObject export, string name) => export[name]?.GetValue<string>() ?? "";
}
