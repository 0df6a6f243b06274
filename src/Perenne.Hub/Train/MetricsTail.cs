using System.Text;
using System.Text.Json;
using Perenne.Contracts;
using Perenne.Contracts.Jobs;

namespace Perenne.Hub.Train;

/// <summary>Reads the lines that a trainer appends to metrics.jsonl, each once. A line being written is left for the next look; a line that is none is skipped.</summary>
internal sealed class MetricsTail(string file)
{
    /// <summary>A trainer that floods its metrics is read in bounded pieces.</summary>
    private const int MostAtOnce = 1 << 20;

    private long position;

    public bool Read(Action<TrainingProgress> take)
    {
        if (!File.Exists(file))
            return false;
        using FileStream stream = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        if (stream.Length < position)
            position = 0; // Written anew by a trainer that starts over.
        stream.Position = position;
        byte[] bytes = new byte[(int)Math.Min(MostAtOnce, stream.Length - position)];
        stream.ReadExactly(bytes);
        int end = Array.LastIndexOf(bytes, (byte)'\n') + 1;
        if (end == 0 && bytes.Length == MostAtOnce)
            end = bytes.Length; // A line of a megabyte is no line of ours.
        position += end;
        foreach (string line in Encoding.UTF8.GetString(bytes, 0, end).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            if (Parse(line) is { } progress)
                take(progress);
        return end > 0;
    }

    internal static TrainingProgress? Parse(string line)
    {
        try
        {
            // Python writes NaN for a diverged loss, which is no JSON: the line then counts without it.
            return JsonSerializer.Deserialize<TrainingProgress>(line.Replace(": NaN", ": null", StringComparison.Ordinal).Replace(":NaN", ":null", StringComparison.Ordinal), ContractJson.Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
