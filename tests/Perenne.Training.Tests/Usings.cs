global using Perenne.Contracts.Jobs;
global using Perenne.Contracts.Models;

// Two trainings at once would only wait for each other's threads.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
