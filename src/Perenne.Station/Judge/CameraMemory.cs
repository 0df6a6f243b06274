using System.Text.Json;
using Perenne.Contracts;
using Perenne.Imaging;
using Perenne.Station.Spool;

namespace Perenne.Station.Judge;

/// <summary>What one camera's frames normally look like, learnt from those that passed and kept over restarts, so that blur and dark are judged against the camera itself.</summary>
internal sealed class CameraMemory(string path)
{
    private const int Window = 300, LearnEvery = 50;
    private readonly Lock gate = new();
    private readonly Queue<(ImageFacts, ImageMeasures)> accepted = new();
    private CameraProfile? profile = File.Exists(path) ? JsonSerializer.Deserialize<CameraProfile>(File.ReadAllBytes(path), ContractJson.Options) : null;
    private int since;

    /// <summary>Codes that make a frame unfit. What is only unusual (another size, compression) is reported upstream and still judged.</summary>
    private static readonly HashSet<string> Unfit = ["obstructed", "blurred", "dark", "light", "low-information", "too-small"];

    /// <summary>The reason why a frame cannot be judged, or null.</summary>
    public QualityReason? Unusable(Inspection inspection)
    {
        QualityReason? reason = QualityJudge.Judge(inspection.Facts, inspection.Measures, profile, QualityThresholds.Default).Reasons
            .Where(r => r.Level == QualityLevel.Rejected || Unfit.Contains(r.Code)).OrderByDescending(r => r.Level).FirstOrDefault();
        if (reason is null)
            Learn(inspection);
        return reason;
    }

    private void Learn(Inspection inspection)
    {
        lock (gate)
        {
            accepted.Enqueue((inspection.Facts, inspection.Measures));
            if (accepted.Count > Window)
                accepted.Dequeue();
            if (++since < LearnEvery)
                return;
            since = 0;
            profile = CameraProfile.Learn([.. accepted]);
            try
            {
                DurableFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(profile, ContractJson.Options));
            }
            catch (IOException)
            {
                // It is learnt again from the next frames.
            }
        }
    }
}
