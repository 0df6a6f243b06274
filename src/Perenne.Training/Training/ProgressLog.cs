using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Perenne.Contracts;
using Perenne.Contracts.Jobs;

namespace Perenne.Training.Training;

/// <summary>Appends to <c>metrics.jsonl</c>, one whole line at a time.</summary>
internal sealed class ProgressLog(string path)
{
    public void Write(TrainingProgress line)
    {
        using Process self = Process.GetCurrentProcess();
        string text = JsonSerializer.Serialize(line with { MemoryBytes = self.WorkingSet64 }, ContractJson.Options) + "\n";
        using FileStream file = new(path, FileMode.Append, FileAccess.Write, FileShare.Read);
        file.Write(Encoding.UTF8.GetBytes(text));
    }
}
