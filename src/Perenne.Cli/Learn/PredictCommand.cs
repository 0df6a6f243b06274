using System.CommandLine;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Perenne.Cli.Commands;
using Perenne.Contracts.Models;
using Perenne.Inference;

namespace Perenne.Cli.Learn;

/// <summary><c>perenne predict MODEL IMAGE…</c>: detections as COCO results; tags and values as one JSON object per image.</summary>
internal static class PredictCommand
{
    private static readonly string[] Extensions = [".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff"];
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Create()
    {
        Argument<string> model = new("MODEL") { Description = "Model folder (or the --out folder of a training)." };
        Argument<string[]> images = new("IMAGE") { Description = "Images, or folders of images.", Arity = ArgumentArity.OneOrMore };
        Option<FileInfo?> output = new("--out") { Description = "File to write instead of standard output." };
        Option<FileInfo?> ids = new("--ids") { Description = "COCO file whose image and category ids are used, matched by file name and class name. Default: images by name from 1, classes from 1." };
        Option<double?> floor = new("--score") { Description = "Lowest score to report (default: the model's threshold; 0.01 for evaluation)." };
        Option<string?> references = new("--reference-folder") { Description = "Folder of the defect-free images, same file names, for models with a reference channel." };
        Command command = new("predict", "Runs a model on images and writes COCO results [{image_id, category_id, bbox, score}].") { model, images, output, ids, floor, references };
        command.SetAction((parsed, cancellation) => CommandErrors.GuardAsync(async () =>
        {
            string folder = ModelFolder.Find(parsed.GetRequiredValue(model));
            ModelManifest manifest = ModelFolder.Manifest(folder);
            double lowest = parsed.GetValue(floor) ?? manifest.Classes.Select(c => c.Threshold ?? manifest.Threshold).Append(manifest.Threshold).Min();
            string[] files = [.. Files(parsed.GetRequiredValue(images))];
            CocoIds numbers = parsed.GetValue(ids) is { } truth ? CocoIds.Read(truth.FullName, manifest) : CocoIds.ByOrder(files, manifest);
            List<string> rows = [];
            using Judge judge = Judge.Open(folder, lowest);
            foreach (string file in files)
            {
                cancellation.ThrowIfCancellationRequested();
                string? reference = parsed.GetValue(references) is { } clean ? Path.Combine(clean, Path.GetFileName(file)) : null;
                rows.AddRange(Rows(judge.Predict(file, reference), file, manifest, numbers, lowest));
            }
            string text = "[" + string.Join(",\n ", rows) + "]\n";
            if (parsed.GetValue(output) is { } target)
                await File.WriteAllTextAsync(target.FullName, text, cancellation);
            else
                await Console.Out.WriteAsync(text);
            return 0;
        }));
        return command;
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
