using System.CommandLine;
using Perenne.Cli.Commands;

var root = new RootCommand("Perenne keeps defect-detection models good, in every plant, over time.");
foreach (Command command in CommandList.All())
    root.Subcommands.Add(command);
// A trainer that was asked to stop writes its checkpoint first.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(25) });
