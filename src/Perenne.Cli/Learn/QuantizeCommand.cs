using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Perenne.Cli.Commands;
using Perenne.Contracts;
using Perenne.Contracts.Jobs;
using Perenne.Contracts.Models;
using Perenne.Contracts.Observations;
using Perenne.Inference;

namespace Perenne.Cli.Learn;

/// <summary>
/// <c>perenne quantize MODEL --data DIR --out DIR</c>: an int8 package, written only when it passes its gate. Ranges are calibrated on
/// images that the gate does not see.
/// </summary>
internal static class QuantizeCommand
{
    private const int TimedImages = 12, TimedRounds = 3;

    public static Command Create()
    {
        Argument<string> model = new("MODEL") { Description = "Model folder (or the --out folder of a training)." };
        Option<string> data = new("--data") { Description = "Data folder with annotated images.", Required = true };
        Option<string> output = new("--out") { Description = "Folder of the new package.", Required = true };
        Option<string> split = new("--split") { Description = "Part of the data that the gate looks at: test (default) or validation. The other parts give the calibration images.", DefaultValueFactory = _ => "test" };
        split.AcceptOnlyFromAmong("test", "validation");
        Option<int> images = new("--calibration") { Description = "Calibration images (default 64), evenly spread.", DefaultValueFactory = _ => 64 };
        Option<string> references = new("--reference-folder") { Description = "Folder of the defect-free images below the data folder (default reference).", DefaultValueFactory = _ => "reference" };
        Option<string> format = new("--format") { Description = "Format of the data, or auto (default).", DefaultValueFactory = _ => "auto" };
        Option<bool> anySpeed = new("--any-speed") { Description = "Also when it is not faster on this machine." };
        Command command = new("quantize", "Makes an int8 model, written only if it judges as the float32 one does, and faster.") { model, data, output, split, images, references, format, anySpeed };
        command.SetAction((parsed, cancellation) => CommandErrors.GuardAsync(async () =>
        {
            string folder = ModelFolder.Find(parsed.GetRequiredValue(model)), target = Path.GetFullPath(parsed.GetRequiredValue(output));
            if (Path.Exists(Path.Combine(target, ModelPackage.ManifestFile)))
                throw new CommandException($"{target} holds a model already. Give another folder with --out.");
            ModelManifest manifest = ModelFolder.Manifest(folder);
            DataSamples all = await DataSamples.ReadAsync(parsed.GetRequiredValue(data), parsed.GetValue(format)!, manifest.Task, parsed.GetValue(references)!, cancellation);
            TrainingSample[] judged = [.. all.Samples.Where(s => s.Split.ToString().Equals(parsed.GetValue(split), StringComparison.OrdinalIgnoreCase) && EvaluateCommand.IsUsable(manifest.Task, s)).Select(s => EvaluateCommand.InModelClasses(s, all, manifest))];
            TrainingSample[] rest = [.. all.Samples.Where(s => !s.Split.ToString().Equals(parsed.GetValue(split), StringComparison.OrdinalIgnoreCase))];
            if (judged.Length == 0 || rest.Length == 0)
                throw new CommandException($"{parsed.GetValue(data)} needs annotated images in the {parsed.GetValue(split)} part for the gate and others for the calibration. Choose another --split.");
            TrainingSample[] calibration = Spread(rest, Math.Clamp(parsed.GetValue(images), 1, rest.Length));
            string temporary = target + ".tmp";
            try
            {
                return Make(folder, temporary, target, all.Root, calibration, judged, parsed.GetValue(split)!, parsed.GetValue(anySpeed), cancellation);
            }
            finally
            {
                if (Directory.Exists(temporary))
                    Directory.Delete(temporary, recursive: true);
            }
        }));
        return command;
    }

    private static int Make(string folder, string temporary, string target, string root, TrainingSample[] calibration, TrainingSample[] judged, string split, bool anySpeed, CancellationToken cancel)
    {
        QuantizationReport report = Quantize(folder, temporary, root, calibration, cancel);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{report.Convolutions} convolutions in int8, calibrated on {calibration.Length} images (ranges hold {report.Share:P2} of the numbers); outputs differ by {Math.Sqrt(report.Error):P2} of their size."));
        using Judge large = Judge.Open(folder), small = Judge.Open(temporary);
        List<Prediction> one = [], two = [];
        foreach (TrainingSample sample in judged)
        {
            cancel.ThrowIfCancellationRequested();
            one.Add(large.Predict(FileOf(root, sample.Path)!, FileOf(root, sample.Reference)));
            two.Add(small.Predict(FileOf(root, sample.Path)!, FileOf(root, sample.Reference)));
        }
        EvaluationFigures before = EvaluationFigures.Of(large.Manifest, split, judged, one), after = EvaluationFigures.Of(small.Manifest, split, judged, two);
        QuantizeFacts facts = Facts(large.Manifest.Task, before, after, one, two, SpeedUp(folder, temporary, root, judged));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{facts.Figure} {facts.Float:0.0000} in float32, {facts.Small:0.0000} in int8; {facts.Alike} of {facts.Images} verdicts alike; {facts.SpeedUp:0.00} × as fast, one thread."));
        IReadOnlyList<string> problems = QuantizeGate.Problems(facts, anySpeed);
        if (problems.Count > 0)
            throw new CommandException($"The int8 model does not pass its gate, so nothing was written. {string.Join(' ', problems)}");
        Write(temporary, small.Manifest, after, (double)facts.Alike / facts.Images);
        Directory.Move(temporary, target);
        Console.WriteLine($"Written to {target}. Upload it to the hub as a version of its own: its gates measure it again.");
        return 0;
    }

    private static QuantizationReport Quantize(string folder, string temporary, string root, TrainingSample[] calibration, CancellationToken cancel)
    {
        IEnumerable<Frame> Frames()
        {
            foreach (TrainingSample sample in calibration)
            {
                cancel.ThrowIfCancellationRequested();
                using Imaging.PixelBuffer image = Judge.Decode(FileOf(root, sample.Path)!);
                using Imaging.PixelBuffer? reference = FileOf(root, sample.Reference) is { } clean ? Judge.Decode(clean) : null;
                yield return new Frame(image, reference);
            }
        }
        if (Directory.Exists(temporary))
            Directory.Delete(temporary, recursive: true);
        try
        {
            return StaticQuantization.Write(ModelPackage.Read(folder), Frames, temporary);
        }
        catch (Exception e) when (e is ModelPackageException or FrameException)
        {
            throw new CommandException(e.Message);
        }
    }

    private static QuantizeFacts Facts(ModelTask task, EvaluationFigures before, EvaluationFigures after, List<Prediction> one, List<Prediction> two, double speedUp)
    {
        string figure = task switch { ModelTask.Classify => "accuracy", ModelTask.Regress => "mae", _ => before.Metrics.ContainsKey("mAP") ? "mAP" : before.Metrics.Keys.First() };
        return new(figure, before.Metrics[figure], after.Metrics.GetValueOrDefault(figure), task == ModelTask.Regress, one.Count, one.Zip(two, (a, b) => a.Verdict == b.Verdict).Count(same => same), speedUp);
    }

    /// <summary>Of the network alone, in turns on the same images, medians: what a shared machine takes from both cancels.</summary>
    private static double SpeedUp(string folder, string temporary, string root, TrainingSample[] judged)
    {
        SessionSettings single = new() { Threads = 1 };
        using ModelSession large = new(ModelPackage.Read(folder), single), small = new(ModelPackage.Read(temporary), single);
        List<double> ratios = [];
        foreach (TrainingSample sample in Spread(judged, Math.Min(judged.Length, TimedImages)))
        {
            using Imaging.PixelBuffer image = Judge.Decode(FileOf(root, sample.Path)!);
            using Imaging.PixelBuffer? reference = FileOf(root, sample.Reference) is { } clean ? Judge.Decode(clean) : null;
            for (int round = 0; round < TimedRounds; round++)
                ratios.Add(large.Predict(image, reference).Timing.Run / small.Predict(image, reference).Timing.Run);
        }
        ratios.Sort();
        return ratios[ratios.Count / 2];
    }

    private static void Write(string folder, ModelManifest manifest, EvaluationFigures figures, double alike) =>
        File.WriteAllBytes(Path.Combine(folder, ModelPackage.ManifestFile), JsonSerializer.SerializeToUtf8Bytes(
            manifest with { Metrics = figures.Metrics, Lineage = manifest.Lineage with { VerdictsAlike = alike } }, ContractJson.Indented));

    private static TrainingSample[] Spread(TrainingSample[] from, int count) => [.. Enumerable.Range(0, count).Select(i => from[(int)((long)i * from.Length / count)])];

    private static string? FileOf(string root, string? path) => path is null ? null : Path.Combine(root, path);
}
