using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Perenne.Cli.Commands;
using Perenne.Contracts;
using Perenne.Contracts.Jobs;
using Perenne.Contracts.Models;

namespace Perenne.Cli.Learn;

/// <summary><c>perenne train</c>: writes the job of a data folder and runs the trainer on it. The same command again resumes.</summary>
internal static class TrainCommand
{
    public static Command Create()
    {
        Option<string> data = new("--data") { Description = "Data folder: DeepPCB, COCO, YOLO, VOC and the other formats of perenne inspect.", Required = true };
        Option<DirectoryInfo> output = new("--out") { Description = "Folder of the run: job, progress, checkpoint and the finished model (in model/). The same command again resumes.", Required = true };
        Option<double?> minutes = new("--minutes") { Description = "Minutes of training; the steps that fit are measured at the start and written down." };
        Option<int?> steps = new("--steps") { Description = "Exact number of steps: the same data, seed, steps and processor type give the same model." };
        Option<long> seed = new("--seed") { Description = "Seed of everything random (default 1).", DefaultValueFactory = _ => 1 };
        Option<bool> reference = new("--reference") { Description = "Train with the defect-free image of the same part as a further input." };
        Option<string> references = new("--reference-folder") { Description = "Folder of the defect-free images below the data folder, same names (default reference).", DefaultValueFactory = _ => "reference" };
        Option<string?> from = new("--from") { Description = "Model folder to start from (warm start)." };
        Option<string> format = new("--format") { Description = "Format of the data, or auto (default).", DefaultValueFactory = _ => "auto" };
        Option<ModelTask> task = new("--task") { Description = "detect (default), classify, regress or segment.", DefaultValueFactory = _ => ModelTask.Detect };
        Option<string?> name = new("--name") { Description = "Name of the model (default: of the output folder)." };
        Option<string[]> set = new("--set") { Description = "A hyper-parameter as NAME=VALUE, e.g. --set learningRate=0.002; docs/training.md lists them.", AllowMultipleArgumentsPerToken = true };
        Command command = new("train", "Trains a model on a data folder, on the processor, in minutes.") { data, output, minutes, steps, seed, reference, references, from, format, task, name, set };
        command.SetAction((parsed, cancellation) => CommandErrors.GuardAsync(async () =>
        {
            if (parsed.GetValue(minutes) is null == parsed.GetValue(steps) is null)
                throw new CommandException("Give either --minutes or --steps.");
            string folder = parsed.GetRequiredValue(output).FullName, trainer = TrainerLocator.Find();
            if (File.Exists(Path.Combine(folder, "model", "model.json")))
                throw new CommandException($"{folder} holds a finished model already. Choose another --out, or remove it.");
            DataSamples samples = await DataSamples.ReadAsync(parsed.GetRequiredValue(data), parsed.GetValue(format)!, parsed.GetValue(task), parsed.GetValue(references)!, cancellation);
            TrainingJob job = new()
            {
                Task = parsed.GetValue(task),
                Name = parsed.GetValue(name) ?? Path.GetFileName(folder),
                Classes = samples.Classes,
                Images = Path.GetRelativePath(folder, samples.Root),
                WarmStart = parsed.GetValue(from) is { } start ? Path.GetRelativePath(folder, ModelFolder.Find(start)) : null,
                Seed = parsed.GetValue(seed),
                Minutes = parsed.GetValue(minutes),
                Steps = parsed.GetValue(steps),
                Parameters = Parameters(parsed.GetValue(reference), parsed.GetValue(set) ?? []),
            };
            Write(folder, job, samples);
            int code = await TrainerRun.RunAsync(trainer, folder, cancellation);
            if (code == 0)
                EvaluationText.Print(Console.Out, ModelFolder.Manifest(Path.Combine(folder, "model")));
            return code;
        }));
        return command;
    }

    private static void Write(string folder, TrainingJob job, DataSamples samples)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllLines(Path.Combine(folder, job.Samples), samples.Samples.Select(s => JsonSerializer.Serialize(s, ContractJson.Options)));
        File.WriteAllText(Path.Combine(folder, "job.json"), JsonSerializer.Serialize(job, ContractJson.Indented));
        int Count(SampleSplit split) => samples.Samples.Count(s => s.Split == split);
        string validation = Count(SampleSplit.Validation) is > 0 and var named ? FormattableString.Invariant($"{named} for validation") : "some of them held out for validation";
        Console.Error.WriteLine(FormattableString.Invariant($"{samples.Format}: {Count(SampleSplit.Train)} images to train on, {validation}, {Count(SampleSplit.Test)} for the test; {samples.Classes.Count} classes."));
    }

    private static JsonElement Parameters(bool reference, string[] set)
    {
        JsonObject parameters = [];
        if (reference)
            parameters["reference"] = true;
        foreach (string pair in set)
        {
            int at = pair.IndexOf('=', StringComparison.Ordinal);
            if (at < 1)
                throw new CommandException($"--set {pair}: write it as NAME=VALUE.");
            parameters[pair[..at]] = Value(pair[(at + 1)..]);
        }
        return JsonSerializer.SerializeToElement(parameters);
    }

    // Numbers, true, false and lists as JSON has them; everything else is text.
    private static JsonNode? Value(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return JsonValue.Create(text);
        }
    }
}
