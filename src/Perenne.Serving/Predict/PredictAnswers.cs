using Perenne.Contracts.Models;
using Perenne.Contracts.Serving;
using Perenne.Imaging;
using Perenne.Inference;

namespace Perenne.Serving;

/// <summary>A judgement as callers see it.</summary>
public static class PredictAnswers
{
    public static PredictAnswer Of(ModelIdentity model, Judgement judgement, PixelBuffer image)
    {
        ModelManifest manifest = judgement.Package.Manifest;
        Prediction p = judgement.Prediction;
        return new PredictAnswer
        {
            Model = model.Name,
            Version = model.Version,
            ModelVersionId = model.Id,
            Verdict = p.Verdict,
            Width = image.Width,
            Height = image.Height,
            Detections = [.. p.Detections.Select(d => new PredictedBox(manifest.Classes[d.Class].Name, Math.Round(d.Score, 6), [.. new[] { d.Box.X, d.Box.Y, d.Box.Width, d.Box.Height }.Select(v => Math.Round(v, 2))], d.Counts))],
            Tags = p.Tags.Count == 0 ? null : p.Tags.Select((score, i) => (manifest.Classes[i].Name, Math.Round(score, 6))).ToDictionary(),
            Value = p.Value,
            Milliseconds = new PredictTiming(Round(judgement.Waited.TotalMilliseconds), Round(p.Timing.Prepare), Round(p.Timing.Run), Round(p.Timing.Decode)),
        };
    }

    private static double Round(double milliseconds) => Math.Round(milliseconds, 3);
}
