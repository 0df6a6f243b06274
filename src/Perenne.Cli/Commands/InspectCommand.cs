using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Perenne.Formats;

namespace Perenne.Cli.Commands;

/// <summary><c>perenne inspect PATH</c>: which format it is and what is in it. Reads leniently, because the problems are part of the answer.</summary>
internal static class InspectCommand
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Create()
    {
        Argument<string> path = new("PATH") { Description = "File or folder." };
        Option<bool> json = new("--json") { Description = "Print JSON." };
        ReadingOptions reading = new();
        Command command = new("inspect", "Detects the format of a data set and sums it up: images, annotations, classes, shapes, sizes, splits. Malformed records are passed over and listed.");
        command.Arguments.Add(path);
        command.Options.Add(json);
        reading.AddTo(command, withLenient: false);
        command.SetAction((parsed, cancellationToken) => CommandErrors.GuardAsync(async () =>
        {
            string target = parsed.GetRequiredValue(path), format = parsed.GetValue(reading.From)!;
            if (!File.Exists(target) && !Directory.Exists(target))
                throw new CommandException($"{target}: there is no such file or folder.");
            if (format == "auto")
                format = DatasetFormats.Detect(target)?.Format
                    ?? throw new CommandException($"{target}: no known format was recognised; name it with --from ({string.Join(", ", DatasetFormats.All.Select(f => f.Name))}).");
            (DatasetSummary summary, DatasetReader reader) = await ProgressDisplay.RunAsync(async progress =>
            {
                DatasetReader reader = await DatasetFormats.OpenAsync(format, target, reading.ToOptions(parsed, progress) with { Lenient = true }, cancellationToken);
                return (await DatasetSummary.OfAsync(reader, cancellationToken), reader);
            });
            await using (reader)
                if (parsed.GetValue(json))
                    Console.WriteLine(ToJson(format, summary, reader));
                else
                    Print(format, summary, reader);
            return 0;
        }));
        return command;
    }

    private static string ToJson(string format, DatasetSummary s, DatasetReader reader) => JsonSerializer.Serialize(new
    {
        format, images = s.Images, annotations = s.Annotations, classes = s.Classes, kinds = s.Kinds, splits = s.Splits, answers = s.Answers,
        sizes = s.Sizes.Select(z => new { width = z.Key.Width, height = z.Key.Height, images = z.Value }), different_sizes = s.DifferentSizes,
        images_not_found = s.ImagesNotFound, images_without_size = s.ImagesWithoutSize,
        problems = new { count = reader.Problems.Count, first = reader.Problems.Kept.Select(p => p.ToString()) },
        losses = reader.Losses.Entries.Select(e => new { feature = e.Feature.ToString(), count = e.Count, sentence = e.Sentence, examples = e.Examples }),
    }, Indented);

    private static void Print(string format, DatasetSummary s, DatasetReader reader)
    {
        string title = DatasetFormats.All.Single(f => f.Name == format).Title;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{title}: {s.Images} images, {s.Annotations} annotations"));
        Table("Classes", s.Classes);
        Table("Kinds", s.Kinds);
        Table("Splits", s.Splits);
        Table("Answers", s.Answers);
        Table("Sizes", s.Sizes.Select(z => KeyValuePair.Create(string.Create(CultureInfo.InvariantCulture, $"{z.Key.Width} × {z.Key.Height}"), z.Value)));
        if (s.ImagesNotFound > 0)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{s.ImagesNotFound} images were not found on disk."));
        if (s.ImagesWithoutSize > 0)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{s.ImagesWithoutSize} images have no known size."));
        ReportText.Losses(Console.Out, "Not read:", reader.Losses);
        ReportText.Problems(Console.Out, reader.Problems);
    }

    private static void Table(string title, IEnumerable<KeyValuePair<string, long>> rows)
    {
        Console.WriteLine(title);
        foreach ((string name, long count) in rows)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {count,10}  {name}"));
    }
}
