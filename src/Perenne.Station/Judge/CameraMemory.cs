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
        // Until the camera is known, limits for all cameras hold. A camera whose pictures are normally white would be refused for ever if what they only
        // suspect taught nothing; what no camera may deliver teaches never.
        bool known = profile is { } seen && seen.Images >= QualityThresholds.Default.ProfileImages;
        if (reason is null || (!known && reason.Level != QualityLevel.Rejected))
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
            if (++since < (profile is null ? QualityThresholds.Default.ProfileImages : LearnEvery))
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
