using System.CommandLine;
using System.CommandLine.Parsing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;
using Perenne.Cli.Commands;
using Perenne.Inference;
using Perenne.Station;

namespace Perenne.Cli.Stations;

/// <summary>The edge runtime of one plant.</summary>
internal static class StationCommand
{
    private static readonly Option<DirectoryInfo?> Folder = new("--folder") { Description = "Where identity, models and the spool live. One folder is one station. Default: ./station-data", HelpName = "FOLDER" };

    public static Command Create()
    {
        Option<Uri?> hub = new("--hub") { Description = "Address of the hub. Left out: the station works alone with --model.", HelpName = "URL", CustomParser = Address };
        Option<string?> code = new("--code") { Description = "One-time code of the hub's page Stations, for the first start. A station that has enrolled already does not use it.", HelpName = "CODE" };
        Option<DirectoryInfo?> model = new("--model") { Description = "A model package (folder with model.json and model.onnx) to judge with. With --hub: instead of what the hub deploys.", HelpName = "FOLDER" };
        Option<string?> urls = new("--urls") { Description = "Where screen and frames are served, several separated by ';'. Default: http://localhost:5601", HelpName = "URL" };
        Option<FileInfo?> settings = new("--settings") { Description = "A station.json with cameras, outputs and limits (docs/station.md).", HelpName = "FILE" };
        Command command = new("station",
            """
            Run a station: it takes frames, judges them, shows OK / NOT OK on a screen for the plant, and brings every judgement to the hub exactly once.

            First start with a hub:     perenne station --hub https://hub.example --code 7K2QF-9XMDA-0T4RB-VV8C1 --watch /data/frames
            Later starts:               perenne station --hub https://hub.example --watch /data/frames
            Try a model, without a hub: perenne station --model ./model --replay ./pictures
            Frames by HTTP:             curl --data-binary @board.jpg http://localhost:5601/frames/top

            Cameras by ffmpeg or RTSP, MQTT, webhook, CSV and limits are settings: a file (--settings) or the environment (PERENNE_Station__…).
            """) { hub, code, Folder, model, urls, settings, Enrol() };
        CameraFlags camera = new(command);
        command.SetAction((parsed, cancel) => CommandErrors.GuardAsync(() => RunAsync(
        [
            .. Setting("urls", parsed.GetValue(urls)), .. Setting("settings", parsed.GetValue(settings)?.FullName), .. Setting("Station:Folder", parsed.GetValue(Folder)?.FullName),
            .. Setting("Station:Hub", parsed.GetValue(hub)?.ToString()), .. Setting("Station:Code", parsed.GetValue(code)), .. Setting("Station:Model", parsed.GetValue(model)?.FullName),
            .. camera.Settings(parsed),
        ], cancel)));
        return command;
    }

    private static Command Enrol()
    {
        Option<Uri?> hub = new("--hub") { Description = "Address of the hub.", Required = true, HelpName = "URL", CustomParser = Address };
        Option<string> code = new("--code") { Description = "The one-time code from the hub's page Stations.", Required = true, HelpName = "CODE" };
        Command command = new("enrol", "Turn a one-time code into this station's identity, without starting it.") { Folder, hub, code };
        command.SetAction((parsed, cancel) => CommandErrors.GuardAsync(async () =>
        {
            string folder = parsed.GetValue(Folder)?.FullName ?? "station-data";
            if (await StationHost.EnrolAsync(parsed.GetRequiredValue(hub)!, folder, parsed.GetRequiredValue(code), cancel) is { } problem)
                throw new CommandException(problem);
            await parsed.InvocationConfiguration.Output.WriteLineAsync($"Enrolled. Start it with: perenne station --hub {parsed.GetValue(hub)} --folder {folder}");
            return 0;
        }));
        return command;
    }

    private static Uri? Address(ArgumentResult given)
    {
        if (Uri.TryCreate(given.Tokens[0].Value, UriKind.Absolute, out Uri? address) && address.Scheme is ("http" or "https"))
            return address;
        given.AddError($"'{given.Tokens[0].Value}' is no address of a hub. Write it as https://hub.example.");
        return null;
    }

    private static async Task<int> RunAsync(string[] settings, CancellationToken cancel)
    {
        try
        {
            await using WebApplication app = await StationHost.BuildAsync(settings);
            app.Lifetime.ApplicationStarted.Register(() => Console.Out.WriteLine($"The station's screen is on {string.Join(" and ", app.Urls)} (Ctrl+C stops it)."));
            await app.RunAsync(cancel);
            return 0;
        }
        catch (Exception e) when (e is ModelPackageException or StationSettingsException)
        {
            throw new CommandException(e.Message);
        }
    }

    internal static IEnumerable<string> Setting(string name, string? value) => value is null ? [] : [$"--{name}={value}"];
}
