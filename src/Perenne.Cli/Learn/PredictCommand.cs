using System.CommandLine;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Perenne.Cli.Commands;
using Perenne.Cli.Hub;
using Perenne.Contracts.Models;
using Perenne.Contracts.Serving;
using Perenne.Inference;

namespace Perenne.Cli.Learn;

/// <summary>
/// <c>perenne predict MODEL IMAGE…</c> with a package on this machine, <c>perenne predict --project SLUG IMAGE…</c> with the model that judges on
/// the hub: COCO results, a line of text or a line of JSON for each image.
/// </summary>
internal static class PredictCommand
{
    private const string Coco = "coco", Verdicts = "verdict", Lines = "json";
    private static readonly string[] Extensions = [".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff"];
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private sealed record Asked(string[] Files, Func<string, string?> Reference, string Format, FileInfo? Output);

    public static Command Create()
    {
        Argument<string> model = new("MODEL") { Description = "Model folder (or the --out folder of a training). Left out with --project." };
        Argument<string[]> images = new("IMAGE") { Description = "Images, or folders of images.", Arity = ArgumentArity.ZeroOrMore };
        Option<string?> project = new("--project") { Description = "Ask the hub's model of this project instead of a model folder." };
        Option<int?> version = new("--model-version") { Description = "With --project: this version instead of the one in use." };
        Option<string?> format = new("--format") { Description = "coco (default with a model folder): results [{image_id, category_id, bbox, score}]; verdict (default with --project): a line for people; json: a line of JSON with boxes, scores, verdict and model version." };
        format.AcceptOnlyFromAmong(Coco, Verdicts, Lines);
        Option<FileInfo?> output = new("--out") { Description = "File to write instead of standard output." };
        Option<FileInfo?> ids = new("--ids") { Description = "COCO file whose image and category ids are used, matched by file name and class name. Default: images by name from 1, classes from 1." };
        Option<double?> floor = new("--score") { Description = "Lowest score to report (default: the model's lowest threshold)." };
        Option<string?> references = new("--reference-folder") { Description = "Folder of the defect-free images, same file names, for models with a reference channel." };
        Command command = new("predict", "Runs a model on images: a package on this machine, or with --project the hub's.") { model, images, project, version, format, output, ids, floor, references, HubOptions.Hub, HubOptions.Token };
        command.SetAction((parsed, cancellation) => HubOptions.GuardAsync(parsed, () => CommandErrors.GuardAsync(async () =>
        {
            string first = parsed.GetRequiredValue(model);
            string? asked = parsed.GetValue(project);
            string[] paths = asked is null ? parsed.GetValue(images) ?? [] : [first, .. parsed.GetValue(images) ?? []];
            if (paths.Length == 0)
                throw new CommandException("Which images? Give files or folders after the model, or --project and images to ask the hub.");
            Asked work = new([.. Files(paths)], file => parsed.GetValue(references) is { } clean ? Path.Combine(clean, Path.GetFileName(file)) : null, parsed.GetValue(format) ?? (asked is null ? Coco : Verdicts), parsed.GetValue(output));
            if (asked is null)
                return await LocalAsync(first, work, parsed.GetValue(ids), parsed.GetValue(floor), cancellation);
            if (work.Format == Coco)
                throw new CommandException("COCO results need the model's classes: take --format verdict or json with --project, or a model folder.");
            using HubClient hub = HubOptions.Connect(parsed);
            List<string> lines = [];
            foreach (string file in work.Files)
                await WriteAsync(work, lines, file, await AskHub.PredictAsync(hub, asked, parsed.GetValue(version), file, work.Reference(file), cancellation), cancellation);
            return await EndAsync(work, lines, cancellation);
        })));
        return command;
    }

    private static async Task<int> LocalAsync(string model, Asked work, FileInfo? ids, double? floor, CancellationToken cancel)
    {
        string folder = ModelFolder.Find(model);
        ModelManifest manifest = ModelFolder.Manifest(folder);
        double lowest = floor ?? manifest.Classes.Select(c => c.Threshold ?? manifest.Threshold).Append(manifest.Threshold).Min();
        using Judge judge = Judge.Open(folder, lowest);
        List<string> lines = [];
        if (work.Format != Coco)
        {
            foreach (string file in work.Files)
                await WriteAsync(work, lines, file, judge.Answer(file, work.Reference(file)), cancel);
            return await EndAsync(work, lines, cancel);
        }
        CocoIds numbers = ids is not null ? CocoIds.Read(ids.FullName, manifest) : CocoIds.ByOrder(work.Files, manifest);
        foreach (string file in work.Files)
        {
            cancel.ThrowIfCancellationRequested();
            lines.AddRange(Rows(judge.Predict(file, work.Reference(file)), file, manifest, numbers, lowest));
        }
        string text = "[" + string.Join(",\n ", lines) + "]\n";
        if (work.Output is { } target)
            await File.WriteAllTextAsync(target.FullName, text, cancel);
        else
            await Console.Out.WriteAsync(text);
        return 0;
    }

    /// <summary>A line is shown as soon as it is known; a file is written at the end, whole.</summary>
    private static async Task WriteAsync(Asked work, List<string> lines, string file, PredictAnswer answer, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        string line = work.Format == Lines ? PredictText.Json(file, answer) : PredictText.Line(file, answer);
        lines.Add(line);
        if (work.Output is null)
            await Console.Out.WriteLineAsync(line);
    }

    private static async Task<int> EndAsync(Asked work, List<string> lines, CancellationToken cancel)
    {
        if (work.Output is { } target)
            await File.WriteAllLinesAsync(target.FullName, lines, cancel);
        return 0;
    }

    private static IEnumerable<string> Rows(Prediction answer, string file, ModelManifest manifest, CocoIds numbers, double lowest)
    {
        long image = numbers.Image(file);
        if (manifest.Task == ModelTask.Classify)
            return [JsonSerializer.Serialize(new { image_id = image, file_name = Path.GetFileName(file), tags = manifest.Classes.Zip(answer.Tags).ToDictionary(t => t.First.Name, t => t.Second) }, Json)];
        if (manifest.Task == ModelTask.Regress)
            return [JsonSerializer.Serialize(new { image_id = image, file_name = Path.GetFileName(file), value = answer.Value }, Json)];
        return answer.Detections.Where(d => d.Score >= lowest).Select(d => JsonSerializer.Serialize(
            new { image_id = image, category_id = numbers.Category(d.Class), bbox = (double[])[d.Box.X, d.Box.Y, d.Box.Width, d.Box.Height], score = d.Score, file_name = Path.GetFileName(file) }, Json));
    }

    private static IEnumerable<string> Files(string[] given)
    {
        foreach (string path in given)
        {
            if (File.Exists(path))
                yield return path;
            else if (Directory.Exists(path))
                foreach (string file in Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Where(f => Extensions.Contains(Path.GetExtension(f).ToLowerInvariant())).Order(StringComparer.Ordinal))
                    yield return file;
            else
                throw new CommandException(string.Create(CultureInfo.InvariantCulture, $"{path} does not exist. Give images or folders of images."));
        }
    }
}
