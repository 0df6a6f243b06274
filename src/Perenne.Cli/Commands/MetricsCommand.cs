using System.CommandLine;

namespace Perenne.Cli.Commands;

/// <summary><c>perenne metrics …</c>: figures from files, without a hub.</summary>
internal static class MetricsCommand
{
    public static Command Create()
    {
        var command = new Command("metrics", "Compute figures from files: detection quality, agreement.");
        command.Subcommands.Add(MetricsCocoCommand.Create());
        command.Subcommands.Add(AgreementCommand.Create());
        return command;
    }
}
