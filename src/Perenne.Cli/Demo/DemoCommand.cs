using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using Perenne.Cli.Hub;

namespace Perenne.Cli.Demo;

/// <summary>perenne demo: the whole loop on this machine, with simulated people and real everything else.</summary>
internal static class DemoCommand
{
    public static Command Create()
    {
        Option<string?> data = new("--data") { Description = "A data set (DeepPCB, COCO, YOLO, VOC …) to use instead of generated parts." };
        Option<bool> quick = new("--quick") { Description = "Fewer images and shorter trainings: under ten minutes on two cores." };
        Option<string?> folder = new("--folder") { Description = "Where the demo's hub keeps its data [a new folder below the temporary one]." };
        Option<int> port = new("--port") { Description = "Port of the demo's hub; its three stations take the next three.", DefaultValueFactory = _ => 8090 };
        Option<bool> stop = new("--stop") { Description = "Stop the hub at the end instead of leaving it to look at." };
        Command command = new("demo", "Run the whole loop with simulated people: collect, annotate, train, deploy, drift, audit, retrain, roll out. Ends with a report.") { data, quick, folder, port, stop };
        command.SetAction((parsed, cancel) => HubOptions.GuardAsync(parsed, async () =>
        {
            string where = parsed.GetValue(folder) ?? Directory.CreateTempSubdirectory("perenne-demo-").FullName;
            Directory.CreateDirectory(where);
            if (Directory.EnumerateFileSystemEntries(where).Any())
                throw new HubFailure($"'{where}' is not empty. Give an empty folder with --folder, or leave it out.", 0);
            RequireFree(parsed.GetValue(port), DemoStory.Ports);
            DemoSize size = DemoSize.Of(parsed.GetValue(quick));
            DemoSource source = parsed.GetValue(data) is { } path ? await FolderSource.OpenAsync(path, size, cancel) : new PlateSource();
            await using DemoHub hub = await DemoHub.StartAsync(Programs.Hub, where, parsed.GetValue(port), DemoStory.Settings, cancel);
            await using DemoStory story = new(hub, source, size, where, parsed.GetValue(port) + 1);
            DemoReport report = await DemoScreen.RunAsync(story, cancel);
            string page = Path.Combine(where, "report.html");
            await File.WriteAllTextAsync(page, DemoReportPage.Of(report), cancel);
            report.Print(parsed.InvocationConfiguration.Output, hub.Address, page);
            if (!parsed.GetValue(stop))
                await hub.WaitAsync(cancel);
            return report.Succeeded ? 0 : 1;
        }));
        return command;
    }

    // Said before minutes of work, not after.
    private static void RequireFree(int first, int count)
    {
        for (int port = first; port < first + count; port++)
        {
            try
            {
                using TcpListener probe = new(IPAddress.Loopback, port);
                probe.Start();
            }
            catch (Exception error) when (error is SocketException or ArgumentOutOfRangeException)
            {
                throw new HubFailure($"Port {port} cannot be used ({error.Message.TrimEnd('.')}). The demo needs {count} free ports in a row: give the first of them with --port.", 0);
            }
        }
    }
}
