using Perenne.Station.Tests;

namespace Perenne.Bench.Station;

/// <summary>The long fault run of a station: a command, because it kills some hundred processes.</summary>
internal static class StationFaults
{
    public static async Task RunAsync(int injections)
    {
        string folder = Directory.CreateTempSubdirectory("perenne-faults-").FullName;
        try
        {
            FaultReport report = await new FaultRun(folder, injections, seed: 20260302, progress => Console.Error.WriteLine(progress)).RunAsync();
            Console.WriteLine(report);
            foreach (string wrong in report.Lost.Select(p => $"lost: {p}").Concat(report.Doubled.Select(p => $"doubled: {p}")).Concat(report.Violations))
                Console.WriteLine(wrong);
            Environment.ExitCode = report.Lost.Count + report.Doubled.Count + report.Violations.Count > 0 ? 1 : 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
