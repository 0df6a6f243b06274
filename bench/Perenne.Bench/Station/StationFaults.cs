using Perenne.Station.Tests;

namespace Perenne.Bench.Station;

/// <summary>The long fault run of a station: a command, because it kills some hundred processes.</summary>
internal static class StationFaults
{
    /// <param name="kept">A folder that the run may be taken up from, in stretches of <paramref name="minutes"/>; exit code 75: call again. Null: to the end at once.</param>
    public static async Task RunAsync(int injections, string? kept, int? minutes)
    {
        string folder = kept ?? Directory.CreateTempSubdirectory("perenne-faults-").FullName;
        try
        {
            FaultReport? report = await new FaultRun(folder, injections, seed: 20260302, progress => Console.Error.WriteLine(progress), minutes is { } m ? TimeSpan.FromMinutes(m) : null).RunAsync();
            if (report is null)
            {
                Environment.ExitCode = 75;
                return;
            }
            Console.WriteLine(report);
            foreach (string wrong in report.Lost.Select(p => $"lost: {p}").Concat(report.Doubled.Select(p => $"doubled: {p}")).Concat(report.Violations))
                Console.WriteLine(wrong);
            Environment.ExitCode = report.Lost.Count + report.Doubled.Count + report.Violations.Count > 0 ? 1 : 0;
        }
        finally
        {
            if (kept is null)
                Directory.Delete(folder, recursive: true);
        }
    }
}
