using System.CommandLine;
using System.Net.Http.Json;
using System.Text.Json;
using Perenne.Cli.Hub;
using Perenne.Contracts.Annotation;
using Perenne.Contracts.Collect;
using Perenne.Formats;
using Spectre.Console;

namespace Perenne.Cli.Collect;

/// <summary>perenne import: a folder of images or a whole data set with its annotations.</summary>
internal static class ImportCommand
{
    private static readonly string[] FactNames = ["camera", "station", "batch", "group"];

    public static Command Create()
    {
        Argument<string> path = new("path") { Description = "Folder, image file or data set." };
        Option<string> project = new("--project", "-p") { Description = "Project (its name in addresses).", Required = true };
        Option<string> organization = new("--organization", "-o") { Description = "Organization that gets the images.", Required = true };
        Option<string> format = new("--format") { Description = $"auto, images, {string.Join(", ", DatasetFormats.All.Select(f => f.Name))} [auto].", DefaultValueFactory = _ => "auto" };
        Option<string?> list = new("--list") { Description = "Only the images that this file names, one per line." };
        Option<int> parallel = new("--parallel") { Description = "Files sent at once [4].", DefaultValueFactory = _ => 4 };
        Option<string[]> meta = new("--meta") { Description = "key=value kept with every image; may be repeated." };
        Option<string?>[] facts = [.. FactNames.Select(name => new Option<string?>("--" + name) { Description = $"The {name} of every image." })];
        Command command = new("import", "Send images, and the annotations of a data set, to a hub. Run again to complete an import that was cut off.") { path, project, organization, format, list, parallel, meta };
        foreach (Option<string?> fact in facts)
            command.Options.Add(fact);
        return command.WithHub(async (hub, parsed, cancel) =>
        {
            Dictionary<string, string> given = facts.Select((fact, n) => (Name: FactNames[n], Value: parsed.GetValue(fact))).Where(f => f.Value is not null).ToDictionary(f => f.Name, f => f.Value!);
            if (parsed.GetValue(meta) is { Length: > 0 } pairs)
                given["metadata"] = JsonSerializer.Serialize(pairs.Select(Pair).ToDictionary());
            ImportTarget target = new(parsed.GetRequiredValue(organization), parsed.GetRequiredValue(project), given);
            return await RunAsync(hub, target, await ImportSource.ReadAsync(parsed.GetRequiredValue(path), parsed.GetValue(format)!, parsed.GetValue(list), cancel), parsed.GetValue(parallel), parsed.InvocationConfiguration, cancel);
        });
    }

    private static async Task<int> RunAsync(
        HubClient hub, ImportTarget target, (List<AnnotatedImage> Images, string Format, IReadOnlyList<string> Labels) source, int parallel, InvocationConfiguration io, CancellationToken cancel)
    {
        if (source.Labels.Count > 0 && await LabelSetup.EnsureAsync(hub, target.Project, source.Labels, cancel) is { Count: > 0 } added)
            await io.Output.WriteLineAsync($"New label classes: {string.Join(", ", added)}.");
        ImportRun run = new(hub, target, Math.Clamp(parallel, 1, 32));
        await WithBarAsync("images", source.Images.Count, step => run.SendAsync(source.Images, step, cancel));
        IReadOnlyList<string> refusedAnnotations = await SendAnnotationsAsync(hub, target, run, source.Images, io.Output, cancel);

        IntakeAnswer answer = IntakeAnswer.Of([.. run.Verdicts]);
        await io.Output.WriteLineAsync($"{answer.Stored} stored, {answer.Duplicates} there already, {answer.Refused} refused ({source.Format}).");
        foreach (FileVerdict refused in answer.Files.Where(f => f.Outcome == FileOutcome.Refused).OrderBy(f => f.Name, StringComparer.Ordinal))
            await io.Error.WriteLineAsync($"{refused.Name}: {refused.Reason}");
        foreach (string sentence in refusedAnnotations)
            await io.Error.WriteLineAsync(sentence);
        return answer.Refused + refusedAnnotations.Count > 0 ? 3 : 0;
    }

    private static async Task<IReadOnlyList<string>> SendAnnotationsAsync(HubClient hub, ImportTarget target, ImportRun run, List<AnnotatedImage> images, TextWriter output, CancellationToken cancel)
    {
        List<ImportedAnnotation> documents = [.. images.Where(image => run.Stored.ContainsKey(image.FileName))
            .Select(image => (Hash: run.Stored[image.FileName], Document: DocumentMapping.ToDocument(image))).Where(pair => pair.Document is not null)
            .Select(pair => new ImportedAnnotation(pair.Hash, pair.Document!))];
        if (documents.Count == 0)
            return [];
        int added = 0, changed = 0, unchanged = 0;
        List<string> refused = [];
        foreach (ImportedAnnotation[] chunk in documents.DistinctBy(d => d.Hash).Chunk(250))
        {
            using HttpRequestMessage request = new(HttpMethod.Post, $"{target.Address}/annotations/import") { Content = JsonContent.Create(new AnnotationImport(chunk), options: AnnotationJson.Options) };
            AnnotationImportAnswer answer = await hub.SendAsync<AnnotationImportAnswer>(request, cancel);
            (added, changed, unchanged) = (added + answer.Added, changed + answer.Changed, unchanged + answer.Unchanged);
            refused.AddRange(answer.Refused);
        }

        await output.WriteLineAsync($"Annotations of {added} images added, {changed} changed, {unchanged} as before.");
        return refused;
    }

    internal static Task WithBarAsync(string what, int total, Func<Action<int>, Task> work) => AnsiConsole.Progress()
        .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
        .StartAsync(async context =>
        {
            ProgressTask bar = context.AddTask($"{total} {what}", maxValue: Math.Max(1, total));
            await work(step => bar.Increment(step));
        });

    private static KeyValuePair<string, string> Pair(string text)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals > 0 ? new(text[..equals], text[(equals + 1)..]) : throw new HubFailure($"'--meta {text}' is not key=value.", 0);
    }
}
