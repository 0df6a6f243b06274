using System.CommandLine;
using Perenne.Formats;

namespace Perenne.Cli.Commands;

/// <summary><c>perenne convert --from coco --to yolo IN OUT</c></summary>
internal static class ConvertCommand
{
    public static Command Create()
    {
        Argument<string> input = new("IN") { Description = "File or folder to read." };
        Argument<string> output = new("OUT") { Description = "File or folder to write. For COCO, CVAT, Label Studio and Labelbox a name with the extension of the format gives one file." };
        Option<string> to = new("--to") { Description = "Format to write.", Required = true };
        Option<bool> overwrite = new("--overwrite") { Description = "Replace OUT, with everything in it, where it exists." };
        Option<bool> copyImages = new("--copy-images") { Description = "Copy the images to where the format expects them." };
        Option<string[]> map = new("--map") { Description = "Rename a label class: old=new. May be given several times." };
        Option<string> labelbox = new("--labelbox-form") { Description = "Labelbox: the form to write.", DefaultValueFactory = _ => "export" };
        to.AcceptOnlyFromAmong([.. DatasetFormats.All.Select(f => f.Name)]);
        labelbox.AcceptOnlyFromAmong("export", "import");
        ReadingOptions reading = new();
        Command command = new("convert", "Converts a data set from one annotation format to another and says what could not be held.");
        command.Arguments.Add(input);
        command.Arguments.Add(output);
        reading.AddTo(command);
        foreach (Option option in (Option[])[to, overwrite, copyImages, map, labelbox])
            command.Options.Add(option);
        command.SetAction((parsed, cancellationToken) => CommandErrors.GuardAsync(async () =>
        {
            WriteOptions options = new()
            {
                Images = parsed.GetValue(copyImages) ? ImageTransfer.Copy : ImageTransfer.None,
                VocBase = parsed.GetValue(reading.VocBase),
                LabelboxForm = parsed.GetValue(labelbox) == "import" ? LabelboxForm.Import : LabelboxForm.Export,
            };
            RefuseToReplace(parsed.GetRequiredValue(input), parsed.GetRequiredValue(output), parsed.GetValue(overwrite));
            Dictionary<string, string> renames = ParseMap(parsed.GetValue(map) ?? []);
            ConversionResult result = await ProgressDisplay.RunAsync(async progress =>
            {
                await using DatasetReader reader = await DatasetFormats.OpenAsync(parsed.GetValue(reading.From)!, parsed.GetRequiredValue(input), reading.ToOptions(parsed, progress), cancellationToken);
                return await DatasetConverter.ConvertAsync(reader, parsed.GetRequiredValue(to), parsed.GetRequiredValue(output), options, renames, parsed.GetValue(overwrite), cancellationToken);
            });
            Report(result, parsed.GetRequiredValue(output));
            return 0;
        }));
        return command;
    }

    private static void RefuseToReplace(string input, string output, bool overwrite)
    {
        string source = Path.TrimEndingDirectorySeparator(Path.GetFullPath(input)), target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(output));
        if (source == target || source.StartsWith(target + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            throw new CommandException($"{output} is or holds what is read, and would be replaced by the result. Write to another place.");
        if (!overwrite && (File.Exists(target) || Directory.Exists(target)))
            throw new CommandException($"{output} exists already. Choose another place, or replace it with --overwrite.");
    }

    private static Dictionary<string, string> ParseMap(string[] entries)
    {
        Dictionary<string, string> map = [];
        foreach (string entry in entries)
        {
            int at = entry.IndexOf('=', StringComparison.Ordinal);
            if (at <= 0 || at == entry.Length - 1)
                throw new CommandException($"--map {entry}: write it as old=new.");
            map[entry[..at]] = entry[(at + 1)..];
        }
        return map;
    }

    private static void Report(ConversionResult result, string output)
    {
        Console.WriteLine(FormattableString.Invariant($"{result.Images} images and {result.Annotations} annotations written to {output}."));
        ReportText.Losses(Console.Out, "Not read:", result.SourceLosses);
        ReportText.Losses(Console.Out, "Not held by the target format:", result.TargetLosses);
        ReportText.Problems(Console.Out, result.Problems);
    }
}
