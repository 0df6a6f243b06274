using System.CommandLine;

namespace Perenne.Cli.Commands;

/// <summary>The table of contents of the command line, in the order of the loop.</summary>
internal static class CommandList
{
    public static IEnumerable<Command> All()
    {
        yield return MetricsCommand.Create();
    }
}
