using System.CommandLine;
using Perenne.Cli.Collect;
using Perenne.Cli.Demo;
using Perenne.Cli.Hub;
using Perenne.Cli.Learn;
using Perenne.Cli.Stations;
using Perenne.Cli.Learn.Kubernetes;

namespace Perenne.Cli.Commands;

/// <summary>The table of contents of the command line, in the order of the loop.</summary>
internal static class CommandList
{
    public static IEnumerable<Command> All()
    {
        yield return LoginCommand.Create();
        yield return ConvertCommand.Create();
        yield return InspectCommand.Create();
        yield return TokenCommand.Create();
        yield return ImportCommand.Create();
        yield return ExportCommand.Create();
        yield return TrainCommand.Create();
        yield return EvaluateCommand.Create();
        yield return PredictCommand.Create();
        yield return QuantizeCommand.Create();
        yield return KubernetesJobCommand.Create();
        yield return MetricsCommand.Create();
        yield return DemoCommand.Create();
        yield return StationCommand.Create();
    }
}
