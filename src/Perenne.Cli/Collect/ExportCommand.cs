using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Perenne.Cli.Hub;
using Perenne.Contracts.Annotation;
using Perenne.Contracts.Collect;
using Perenne.Formats;

namespace Perenne.Cli.Collect;

/// <summary>perenne export: streams a project's images and annotations into a data set that appears whole or not at all.</summary>
internal static class ExportCommand
{
    public static Command Create()
    {
        Argument<string> target = new("out") { Description = "Folder (or file, as the format has it) to write; a name ending in .zip lets the hub write the archive. Must not exist." };
        Option<string> project = new("--project", "-p") { Description = "Project (its name in addresses).", Required = true };
        Option<string?> organization = new("--organization", "-o") { Description = "Only this organization [all you may see]." };
        Option<string> format = new("--format") { Description = string.Join(", ", DatasetFormats.All.Select(f => f.Name)) + ".", Required = true };
        Option<bool> images = new("--images") { Description = "Download the image files too." };
        Command command = new("export", "Write images and annotations of a project as a data set.") { target, project, organization, format, images };
        return command.WithHub((hub, parsed, cancel) => RunAsync(hub, parsed.GetRequiredValue(target), parsed.GetRequiredValue(project), parsed.GetValue(organization),
            parsed.GetRequiredValue(format), parsed.GetValue(images), parsed.InvocationConfiguration, cancel));
    }

    private static async Task<int> RunAsync(
        HubClient hub, string target, string project, string? organization, string format, bool withImages, InvocationConfiguration io, CancellationToken cancel)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(target)), folder = Path.GetDirectoryName(full) ?? "/";
        if (File.Exists(full) || Directory.Exists(full))
            throw new HubFailure($"'{target}' exists already; choose another place.", 0);
        if (Path.GetExtension(full).Equals(".zip", StringComparison.OrdinalIgnoreCase))
            return await ArchiveExport.RunAsync(hub, full, project, organization, format, withImages, io, cancel);
        Directory.CreateDirectory(folder);
        string part = Path.Combine(folder, $".{Path.GetFileNameWithoutExtension(full)}.{Environment.ProcessId}.part{Path.GetExtension(full)}");
        string downloads = Directory.CreateTempSubdirectory("perenne-export-").FullName;
        try
        {
            await using (DatasetWriter writer = DatasetFormats.CreateWriter(format, part, await HeaderAsync(hub, project, cancel), new() { Images = withImages ? ImageTransfer.Copy : ImageTransfer.None }))
            {
                await foreach (ExportedImage image in LinesAsync(hub, project, organization, cancel))
                    await WriteAsync(hub, project, writer, image, withImages ? downloads : null, cancel);
                await writer.CompleteAsync(cancel);
                await io.Output.WriteLineAsync($"{writer.ImageCount} images, {writer.AnnotationCount} annotations.");
                foreach (LossEntry loss in writer.Losses.Entries)
                    await io.Error.WriteLineAsync($"{loss.Count} times {loss.Sentence} (e.g. {string.Join("; ", loss.Examples.Take(1))}).");
            }

            if (Directory.Exists(part))
                Directory.Move(part, full);
            else
                File.Move(part, full);
            return 0;
        }
        catch (DatasetFormatException error)
        {
            throw new HubFailure(error.Message, 0, error);
        }
        finally
        {
            Directory.Delete(downloads, recursive: true);
            if (Directory.Exists(part))
                Directory.Delete(part, recursive: true);
            File.Delete(part);
        }
    }

    private static async Task WriteAsync(HubClient hub, string project, DatasetWriter writer, ExportedImage image, string? downloads, CancellationToken cancel)
    {
        string? file = null;
        if (downloads is not null)
        {
            file = Path.Combine(downloads, image.Hash);
            using HttpResponseMessage original = await hub.SendAsync(new HttpRequestMessage(HttpMethod.Get, $"api/v1/projects/{Uri.EscapeDataString(project)}/images/{image.Id}/original"), cancel);
            await using FileStream to = File.Create(file);
            await original.Content.CopyToAsync(to, cancel);
        }

        // Images that came without a path get one that cannot meet another's.
        AnnotatedImage record = new(image.Path ?? $"{image.Organization}/{image.Hash[..8]}-{image.FileName}") { Size = new(image.Width, image.Height), Split = image.Split, ImagePath = file };
        await writer.WriteAsync(DocumentMapping.ToImage(record, image.Document), cancel);
        if (file is not null)
            File.Delete(file);
    }

    private static async IAsyncEnumerable<ExportedImage> LinesAsync(HubClient hub, string project, string? organization, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        string query = organization is null ? "" : "?in=" + Uri.EscapeDataString(organization);
        using HttpResponseMessage answer = await hub.SendAsync(new HttpRequestMessage(HttpMethod.Get, $"api/v1/projects/{Uri.EscapeDataString(project)}/export{query}"), cancel);
        using StreamReader reader = new(await answer.Content.ReadAsStreamAsync(cancel));
        while (await reader.ReadLineAsync(cancel) is { } line)
            yield return JsonSerializer.Deserialize<ExportedImage>(line, AnnotationJson.Options) ?? throw new HubFailure("The hub sent an empty line in the export.", 0);
    }

    private static async Task<DatasetHeader> HeaderAsync(HubClient hub, string project, CancellationToken cancel)
    {
        JsonObject schema = await hub.GetAsync<JsonObject>($"api/v1/projects/{Uri.EscapeDataString(project)}/schema", cancel);
        return new("perenne", [.. (schema["classes"] as JsonArray ?? []).Select(c => new LabelClass(c!["name"]!.GetValue<string>()) { Color = c["colour"]?.GetValue<string>() })]);
    }
}
