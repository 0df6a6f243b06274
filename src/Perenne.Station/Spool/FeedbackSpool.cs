using System.Text.Json;
using Perenne.Contracts;
using Perenne.Contracts.Stations;

namespace Perenne.Station.Spool;

/// <summary>What operators said, on its way to the hub: one small file each, never given up.</summary>
internal sealed class FeedbackSpool
{
    private readonly string folder;

    public FeedbackSpool(string folder)
    {
        this.folder = folder;
        Directory.CreateDirectory(folder);
        foreach (string torn in Directory.GetFiles(folder, "*.tmp"))
            File.Delete(torn);
    }

    public void Add(OperatorFeedback feedback) => DurableFile.Write(Path.Combine(folder, $"{feedback.Id:D}.json"), JsonSerializer.SerializeToUtf8Bytes(feedback, ContractJson.Options));

    /// <summary>Ids are made in the order of time.</summary>
    public IEnumerable<(string Path, OperatorFeedback Feedback)> Waiting() =>
        Directory.GetFiles(folder, "*.json").Order(StringComparer.Ordinal).Select(p => (p, JsonSerializer.Deserialize<OperatorFeedback>(File.ReadAllBytes(p), ContractJson.Options)!));

    public static void Delivered(string path) => DurableFile.Delete(path);
}
