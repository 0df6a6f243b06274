using System.CommandLine;
using System.Globalization;
using Perenne.Formats;
using Perenne.Vision.Geometry;

namespace Perenne.Cli.Commands;

/// <summary>The options of every command that reads a data set.</summary>
internal sealed class ReadingOptions
{
    public Option<string> From { get; } = new("--from") { Description = "Format to read; auto recognises it.", DefaultValueFactory = _ => "auto" };

    public Option<int> VocBase { get; } = new("--voc-base", "--vocBase") { Description = "VOC: number of the first pixel column, 0 or 1.", DefaultValueFactory = _ => 1 };

    private readonly Option<bool> _lenient = new("--lenient") { Description = "Go on past malformed records and list them at the end." };
    private readonly Option<string?> _imageRoot = new("--image-root") { Description = "Folder of the images, where they are elsewhere." };
    private readonly Option<string?> _imageSize = new("--image-size") { Description = "Size of images nothing else tells, as 640x480." };
    private readonly Option<string?> _empty = new("--empty") { Description = "What an image without annotations means. Default: the format's own convention." };
    private readonly Option<bool> _references = new("--references") { Description = "DeepPCB: also read the defect-free reference images." };
    private readonly Option<bool> _predictions = new("--predictions") { Description = "Label Studio: also read predictions." };

    public void AddTo(Command command, bool withLenient = true)
    {
        From.AcceptOnlyFromAmong(["auto", .. DatasetFormats.All.Select(f => f.Name)]);
        _empty.AcceptOnlyFromAmong("no-defect", "not-annotated");
        foreach (Option option in (Option[])[From, .. withLenient ? (Option[])[_lenient] : [], VocBase, _imageRoot, _imageSize, _empty, _references, _predictions])
            command.Options.Add(option);
    }

    public ReadOptions ToOptions(ParseResult parsed, IProgress<DatasetProgress>? progress) => new()
    {
        Lenient = parsed.GetValue(_lenient),
        VocBase = parsed.GetValue(VocBase) is 0 or 1 ? parsed.GetValue(VocBase) : throw new CommandException("--voc-base is 0 or 1."),
        ImageRoot = parsed.GetValue(_imageRoot),
        DefaultImageSize = ParseSize(parsed.GetValue(_imageSize)),
        EmptyImagesAre = parsed.GetValue(_empty) switch
        {
            null => null,
            "no-defect" => ImageAnswer.NoDefect,
            _ => ImageAnswer.NotAnnotated,
        },
        IncludeReferenceImages = parsed.GetValue(_references),
        IncludePredictions = parsed.GetValue(_predictions),
        Progress = progress,
    };

    private static ImageSize? ParseSize(string? text)
    {
        if (text is null)
            return null;
        string[] sides = text.Split('x');
        return sides.Length == 2 && int.TryParse(sides[0], CultureInfo.InvariantCulture, out int width) && width > 0
            && int.TryParse(sides[1], CultureInfo.InvariantCulture, out int height) && height > 0
            ? new(width, height) : throw new CommandException($"--image-size {text}: write it as 640x480.");
    }
}
