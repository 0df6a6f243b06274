using System.CommandLine;
using System.Text.Json;
using Perenne.Cli.Commands;
using Perenne.Contracts;
using Perenne.Contracts.Jobs;
using Perenne.Contracts.Models;
using Perenne.Inference;

namespace Perenne.Cli.Learn;

/// <summary><c>perenne evaluate MODEL --data DIR</c>: the figures of a model package on a data folder, through ONNX Runtime as a station runs it.</summary>
internal static class EvaluateCommand
{
    public static Command Create()
    {
        Argument<string> model = new("MODEL") { Description = "Model folder (or the --out folder of a training)." };
        Option<string> data = new("--data") { Description = "Data folder.", Required = true };
        Option<string> split = new("--split") { Description = "Part of the data: test (default), validation, train or all.", DefaultValueFactory = _ => "test" };
        split.AcceptOnlyFromAmong("test", "validation", "train", "all");
        Option<string> references = new("--reference-folder") { Description = "Folder of the defect-free images below the data folder (default reference).", DefaultValueFactory = _ => "reference" };
        Option<string> format = new("--format") { Description = "Format of the data, or auto (default).", DefaultValueFactory = _ => "auto" };
        Option<bool> json = new("--json") { Description = "Print JSON with full precision." };
        Command command = new("evaluate", "Measures a model on a data folder.") { model, data, split, references, format, json };
        command.SetAction((parsed, cancellation) => CommandErrors.GuardAsync(async () =>
        {
            using Judge judge = Judge.Open(ModelFolder.Find(parsed.GetRequiredValue(model)));
            DataSamples all = await DataSamples.ReadAsync(parsed.GetRequiredValue(data), parsed.GetValue(format)!, judge.Manifest.Task, parsed.GetValue(references)!, cancellation);
            string part = parsed.GetValue(split)!;
            TrainingSample[] samples = [.. all.Samples.Where(s => part == "all" || s.Split.ToString().Equals(part, StringComparison.OrdinalIgnoreCase)).Where(s => IsUsable(judge.Manifest.Task, s)).Select(s => InModelClasses(s, all, judge.Manifest))];
            if (samples.Length == 0)
                throw new CommandException($"{parsed.GetValue(data)} has no annotated image in the {part} part. Choose another --split.");
            List<Prediction> answers = [];
            foreach (TrainingSample sample in samples)
            {
                cancellation.ThrowIfCancellationRequested();
                answers.Add(judge.Predict(Path.Combine(all.Root, sample.Path), sample.Reference is null ? null : Path.Combine(all.Root, sample.Reference)));
            }
            EvaluationFigures figures = EvaluationFigures.Of(judge.Manifest, part, samples, answers);
            if (parsed.GetValue(json))
                Console.WriteLine(JsonSerializer.Serialize(figures, ContractJson.Options));
            else
                EvaluationText.Print(Console.Out, figures);
            return 0;
        }));
        return command;
    }

    internal static bool IsUsable(ModelTask task, TrainingSample sample) => task switch
    {
        ModelTask.Classify => sample.Tag is not null,
        ModelTask.Regress => sample.Value is not null,
        _ => true,
    };

    // Class numbers of the data become those of the model, by name.
    internal static TrainingSample InModelClasses(TrainingSample sample, DataSamples data, ModelManifest manifest)
    {
        int Number(int number)
        {
            string name = data.Classes[number].Name;
            int own = manifest.Classes.Index().FirstOrDefault(c => c.Item.Name == name, (-1, null!)).Index;
            return own >= 0 ? own : throw new CommandException($"The data has the class {name}, the model only {string.Join(", ", manifest.Classes.Select(c => c.Name))}. Rename or leave out that class.");
        }
        return sample with { Shapes = [.. sample.Shapes.Select(s => s with { Class = Number(s.Class) })], Tag = sample.Tag is { } tag ? Number(tag) : null };
    }
}
