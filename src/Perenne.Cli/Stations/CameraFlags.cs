using System.CommandLine;
using System.Globalization;

namespace Perenne.Cli.Stations;

/// <summary>One camera on the command line: a watched folder or a replay. More of them, and other kinds, are settings.</summary>
internal sealed class CameraFlags
{
    // After those of a settings file, whatever their number: lists of settings are merged by index.
    private const string Place = "Station:Cameras:1000:";

    private readonly Option<DirectoryInfo?> watch = new("--watch") { Description = "Judge each new picture in this folder, then move it to its folder 'done'.", HelpName = "FOLDER" };
    private readonly Option<DirectoryInfo?> replay = new("--replay") { Description = "Judge the pictures of this folder and those below it, in the order of their names, and leave them there.", HelpName = "FOLDER" };
    private readonly Option<bool> loop = new("--loop") { Description = "With --replay: begin again at the end, for ever." };
    private readonly Option<int?> every = new("--every") { Description = "Milliseconds between two pictures of a replay, or two looks into the watched folder. Default: 500", HelpName = "MS" };
    private readonly Option<string?> camera = new("--camera") { Description = "Name of this camera, as the hub shows it. Default: watch or replay", HelpName = "NAME" };
    private readonly Option<string?> project = new("--project") { Description = "Slug of the project its frames belong to. Default: what the hub says, or the only project there is.", HelpName = "SLUG" };
    private readonly Option<string?> part = new("--part") { Description = "Regular expression on the file name whose group 'part' is the part's id, for example \"^(?<part>[A-Z0-9]+)_\".", HelpName = "REGEX" };
    private readonly Option<FileInfo?> reference = new("--reference") { Description = "Aligned defect-free picture, or a folder with one for each picture by the same name: for models that compare.", HelpName = "PATH" };

    public CameraFlags(Command command)
    {
        foreach (Option option in new Option[] { watch, replay, loop, every, camera, project, part, reference })
            command.Options.Add(option);
        command.Validators.Add(result =>
        {
            bool hasWatch = result.GetValue(watch) is not null, hasReplay = result.GetValue(replay) is not null;
            if (hasWatch && hasReplay)
                result.AddError("--watch and --replay are one camera: give one of them, and further cameras in a settings file (--settings).");
            else if (!hasWatch && !hasReplay && (result.GetValue(loop) || result.GetValue(every) is not null || result.GetValue(camera) is not null || result.GetValue(part) is not null || result.GetValue(reference) is not null))
                result.AddError("--loop, --every, --camera, --part and --reference describe the camera of --watch or --replay: give one of these too.");
        });
    }

    public IEnumerable<string> Settings(ParseResult parsed)
    {
        DirectoryInfo? folder = parsed.GetValue(watch) ?? parsed.GetValue(replay);
        if (folder is null)
            return [];
        string kind = parsed.GetValue(watch) is not null ? "folder" : "replay";
        return
        [
            .. Set("Name", parsed.GetValue(camera) ?? (kind == "folder" ? "watch" : "replay")), .. Set("Kind", kind), .. Set("Path", folder.FullName),
            .. Set("Loop", parsed.GetValue(loop) ? "true" : null), .. Set("EveryMilliseconds", parsed.GetValue(every)?.ToString(CultureInfo.InvariantCulture)),
            .. Set("Project", parsed.GetValue(project)), .. Set("PartPattern", parsed.GetValue(part)), .. Set("Reference", parsed.GetValue(reference)?.FullName),
        ];
    }

    private static IEnumerable<string> Set(string name, string? value) => StationCommand.Setting(Place + name, value);
}
