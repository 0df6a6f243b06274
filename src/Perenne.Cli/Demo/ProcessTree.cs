using System.Diagnostics;
using System.Globalization;

namespace Perenne.Cli.Demo;

/// <summary>Processor time of programs with everything they start, as Linux counts it; elsewhere of the programs alone.</summary>
internal static class ProcessTree
{
    // Of /proc: fixed at 100 for every architecture that .NET runs on.
    private const double TicksPerSecond = 100;

    public static TimeSpan ProcessorTime(IReadOnlyCollection<int> roots)
    {
        if (!Directory.Exists("/proc/self"))
            return roots.Aggregate(TimeSpan.Zero, (sum, root) => sum + Alone(root));
        Dictionary<int, (int Parent, double Ticks)> all = [];
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out int id) && Read(folder) is { } found)
                all[id] = found;
        return TimeSpan.FromSeconds(all.Where(p => Belongs(p.Key)).Sum(p => p.Value.Ticks) / TicksPerSecond);

        bool Belongs(int id)
        {
            for (int depth = 0; depth < 64; depth++)
            {
                if (roots.Contains(id))
                    return true;
                if (!all.TryGetValue(id, out (int Parent, double Ticks) up) || up.Parent <= 1)
                    return false;
                id = up.Parent;
            }

            return false;
        }
    }

    // Parent (4) and user, system, and both of children that have ended (14 to 17); the name in brackets may hold blanks. proc(5).
    private static (int, double)? Read(string folder)
    {
        try
        {
            string line = File.ReadAllText(Path.Combine(folder, "stat"));
            string[] words = line[(line.LastIndexOf(')') + 2)..].Split(' ');
            return (int.Parse(words[1], CultureInfo.InvariantCulture), words[11..15].Sum(w => double.Parse(w, CultureInfo.InvariantCulture)));
        }
        catch (IOException)
        {
            return null; // Ended meanwhile.
        }
    }

    private static TimeSpan Alone(int id)
    {
        try
        {
            using Process process = Process.GetProcessById(id);
            return process.TotalProcessorTime;
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException)
        {
            return TimeSpan.Zero;
        }
    }
}
