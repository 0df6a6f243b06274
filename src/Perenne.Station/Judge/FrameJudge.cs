using System.Diagnostics;
using Perenne.Contracts.Models;
using Perenne.Contracts.Observations;
using Perenne.Imaging;
using Perenne.Inference;
using Perenne.Station.Models;
using Perenne.Station.Spool;

namespace Perenne.Station.Judge;

/// <summary>
/// One frame from its bytes to a verdict that is safe on disk. Whoever gets the answer may forget the frame: its observation survives
/// a power cut from then on. A frame that cannot be judged is said to be so; it is never OK.
/// </summary>
internal sealed class FrameJudge(ModelSet models, StationMemory memory, Sampler sampler, SpoolWriter spool, GoldenFrames golden, Ids ids, TimeProvider time, StationStatus status)
{
    /// <exception cref="IOException">The disk is full and nothing could be given up: the frame is not taken.</exception>
    public async Task<Judged> JudgeAsync(Arrival arrival, CancellationToken cancel = default)
    {
        long start = Stopwatch.GetTimestamp();
        status.FrameCame(arrival.Camera);
        ProjectModels? project = models.For(arrival.Project, memory.ProjectOf(arrival.Camera));
        Observation frame = new()
        {
            Id = ids.Next(), FrameId = ids.Next(), Sequence = 0, Camera = arrival.Camera, Part = arrival.Part, CapturedAt = arrival.CapturedAt, JudgedAt = time.GetUtcNow(),
            ProjectId = project?.ProjectId, Role = JudgementRole.Active, Verdict = Verdict.CannotJudge, Width = 1, Height = 1, LatencyMilliseconds = 0,
        };
        using DecodedFrame decoded = DecodedFrame.Of(arrival);
        (QualityReason? unusable, ViewComparison? view) = decoded.Inspection is { } inspection ? memory.Camera(arrival.Camera, project?.ProjectId).Look(inspection) : default;
        if (decoded.Inspection is { } seen)
            frame = WithMeasures(frame, seen, view);
        (string Code, string Sentence)? unfit = decoded.Refusal is { } refusal ? ("unreadable", refusal)
            : unusable is { } reason ? (reason.Code, reason.Sentence)
            : project?.Active is null && project?.Canary is null ? (ObservationColumns.NoModel, "No model is deployed for this camera.") : null;
        LoadedModel? deciding = unfit is null ? Deciding(project!, frame.FrameId) : null;
        (Judgement? judgement, string? failure) = deciding is null ? (null, null) : await AskAsync(deciding, decoded, FramePriority.High, cancel);
        frame = Answered(frame, deciding, judgement, failure is null ? unfit?.Code : ObservationColumns.ModelError, start);
        string? sampled = sampler.Reason(project?.Sampling ?? new(), frame.FrameId, judgement?.Prediction, judgement?.Package.Manifest, deciding?.Thresholds ?? NoThresholds);
        frame = await spool.KeepAsync(frame, sampled, arrival);
        if (frame.Verdict != Verdict.CannotJudge)
            golden.Offer(arrival);
        Judged judged = new(frame, judgement?.Prediction.Detections.Select(d => d.Counts).ToArray() ?? [], failure ?? unfit?.Sentence, deciding is null ? null : $"{deciding.Identity.Name} {deciding.Identity.Version}", arrival);
        status.Judged(judged);
        // A plant's first model watches too, before anything decides: its gates want the latency measured there.
        if (project?.Shadows.Count > 0 && (deciding is not null || unfit?.Code == ObservationColumns.NoModel))
            await WatchAsync(project, frame, decoded);
        return judged;
    }

    private static readonly Dictionary<string, double> NoThresholds = [];

    private static LoadedModel Deciding(ProjectModels project, Guid frame) =>
        project.Canary is { } canary && (project.Active is null || Sampler.Draw(frame, 0) < project.CanaryShare) ? canary : project.Active!;

    /// <summary>The models that only watch. They see the same pixels; the verdict has been given already.</summary>
    private async Task WatchAsync(ProjectModels project, Observation frame, DecodedFrame decoded)
    {
        // The canary is among them: a frame that it decided it does not judge again.
        foreach (LoadedModel watching in project.Shadows.Where(s => s.Planned?.ModelVersionId != frame.ModelVersionId))
        {
            long start = Stopwatch.GetTimestamp();
            (Judgement? judgement, string? failure) = await AskAsync(watching, decoded, FramePriority.Low, CancellationToken.None);
            Observation seen = Answered(frame with { Id = ids.Next(), Role = JudgementRole.Shadow, ImageSha256 = null, SampleReason = null, Features = [] }, watching, judgement, failure is null ? null : ObservationColumns.ModelError, start);
            await spool.KeepAsync(seen, null, null);
        }
    }

    private async Task<(Judgement?, string?)> AskAsync(LoadedModel model, DecodedFrame frame, FramePriority priority, CancellationToken cancel)
    {
        try
        {
            return model.Server.TryJudge(new Frame(frame.Image!, frame.Reference), priority, out Task<Judgement>? answer, cancel)
                ? (await answer, null) : (null, "More frames come than the model can judge.");
        }
        catch (Exception e) when (e is FrameException or Microsoft.ML.OnnxRuntime.OnnxRuntimeException or ObjectDisposedException)
        {
            status.Trouble(e.Message);
            return (null, e.Message);
        }
    }

    private Observation Answered(Observation frame, LoadedModel? model, Judgement? judgement, string? reason, long start)
    {
        frame = frame with
        {
            JudgedAt = time.GetUtcNow(), LatencyMilliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds, ModelVersionId = model?.Planned?.ModelVersionId,
            DeploymentId = model?.Planned?.DeploymentId, Role = model?.Role ?? frame.Role, Reason = reason, Verdict = Verdict.CannotJudge, Classes = [], Scores = [], Boxes = [],
        };
        if (judgement is not { Prediction: { } p, Package.Manifest: { } manifest })
            return frame;
        return frame with
        {
            Verdict = p.Verdict,
            Classes = manifest.Task == ModelTask.Classify ? [.. manifest.Classes.Select(c => c.Name)] : [.. p.Detections.Select(d => manifest.Classes[d.Class].Name)],
            Scores = manifest.Task == ModelTask.Classify ? p.Tags : [.. p.Detections.Select(d => d.Score)],
            Boxes = [.. p.Detections.SelectMany(d => new[] { d.Box.X, d.Box.Y, d.Box.Width, d.Box.Height })],
            Features = p.Features,
        };
    }

    private static Observation WithMeasures(Observation frame, Inspection inspection, ViewComparison? view) => frame with
    {
        Width = inspection.Facts.Width, Height = inspection.Facts.Height,
        Brightness = [inspection.Measures.BrightnessP1, inspection.Measures.BrightnessP50, inspection.Measures.BrightnessP99],
        Sharpness = inspection.Measures.Laplacian, Noise = inspection.Measures.Noise, Entropy = inspection.Measures.Entropy,
        PerceptualHash = unchecked((long)inspection.Hash.Bits),
        ViewShift = view is { } v && double.IsFinite(v.CornerShift) ? v.CornerShift : null, ViewVisible = view?.Visible,
    };
}
