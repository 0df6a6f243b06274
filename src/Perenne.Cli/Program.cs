using System.CommandLine;
using Perenne.Cli.Commands;

var root = new RootCommand("Perenne keeps defect-detection models good, in every plant, over time.");
foreach (Command command in CommandList.All())
    root.Subcommands.Add(command);
return await root.Parse(args).InvokeAsync();
