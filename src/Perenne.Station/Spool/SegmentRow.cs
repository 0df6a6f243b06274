using System.Text.Json.Serialization;
using Parquet.Serialization.Attributes;
using Perenne.Contracts.Observations;

namespace Perenne.Station.Spool;

/// <summary>One row as Parquet has it; the names and kinds are those of <see cref="ObservationColumns"/>, which a test compares.</summary>
internal sealed class SegmentRow
{
    [JsonPropertyName("id"), ParquetRequired] public string Id { get; set; } = "";
    [JsonPropertyName("sequence")] public long Sequence { get; set; }
    [JsonPropertyName("frame_id"), ParquetRequired] public string FrameId { get; set; } = "";
    [JsonPropertyName("project_id")] public string? ProjectId { get; set; }
    [JsonPropertyName("camera"), ParquetRequired] public string Camera { get; set; } = "";
    [JsonPropertyName("part")] public string? Part { get; set; }
    // Milliseconds: with microseconds Parquet.Net 6.1 writes the values in one unit and their statistics in another, and readers that skip by them find nothing.
    [JsonPropertyName("captured_at"), ParquetTimestamp(ParquetTimestampResolution.Milliseconds, true, true)] public DateTime CapturedAt { get; set; }
    [JsonPropertyName("judged_at"), ParquetTimestamp(ParquetTimestampResolution.Milliseconds, true, true)] public DateTime JudgedAt { get; set; }
    [JsonPropertyName("model_version_id")] public string? ModelVersionId { get; set; }
    [JsonPropertyName("deployment_id")] public string? DeploymentId { get; set; }
    [JsonPropertyName("role"), ParquetRequired] public string Role { get; set; } = "";
    [JsonPropertyName("verdict"), ParquetRequired] public string Verdict { get; set; } = "";
    [JsonPropertyName("reason")] public string? Reason { get; set; }
    [JsonPropertyName("width")] public int Width { get; set; }
    [JsonPropertyName("height")] public int Height { get; set; }
    [JsonPropertyName("classes")] public List<string> Classes { get; set; } = [];
    [JsonPropertyName("scores")] public List<double> Scores { get; set; } = [];
    [JsonPropertyName("boxes")] public List<double> Boxes { get; set; } = [];
    [JsonPropertyName("latency_milliseconds")] public double LatencyMilliseconds { get; set; }
    [JsonPropertyName("brightness")] public List<double> Brightness { get; set; } = [];
    [JsonPropertyName("sharpness")] public double? Sharpness { get; set; }
    [JsonPropertyName("noise")] public double? Noise { get; set; }
    [JsonPropertyName("entropy")] public double? Entropy { get; set; }
    [JsonPropertyName("features")] public List<float> Features { get; set; } = [];
    [JsonPropertyName("image_sha256")] public string? ImageSha256 { get; set; }
    [JsonPropertyName("sample_reason")] public string? SampleReason { get; set; }
    [JsonPropertyName("perceptual_hash")] public long? PerceptualHash { get; set; }
    [JsonPropertyName("view_shift")] public double? ViewShift { get; set; }
    [JsonPropertyName("view_visible")] public double? ViewVisible { get; set; }

    public static SegmentRow Of(Observation o) => new()
    {
        Id = o.Id.ToString("D"),
        Sequence = o.Sequence,
        FrameId = o.FrameId.ToString("D"),
        ProjectId = o.ProjectId?.ToString("D"),
        Camera = o.Camera,
        Part = o.Part,
        CapturedAt = o.CapturedAt.UtcDateTime,
        JudgedAt = o.JudgedAt.UtcDateTime,
        ModelVersionId = o.ModelVersionId?.ToString("D"),
        DeploymentId = o.DeploymentId?.ToString("D"),
        Role = ObservationColumns.Word(o.Role),
        Verdict = ObservationColumns.Word(o.Verdict),
        Reason = o.Reason,
        Width = o.Width,
        Height = o.Height,
        Classes = [.. o.Classes],
        Scores = [.. o.Scores],
        Boxes = [.. o.Boxes],
        LatencyMilliseconds = o.LatencyMilliseconds,
        Brightness = [.. o.Brightness],
        Sharpness = o.Sharpness,
        Noise = o.Noise,
        Entropy = o.Entropy,
        Features = [.. o.Features],
        ImageSha256 = o.ImageSha256,
        SampleReason = o.SampleReason,
        PerceptualHash = o.PerceptualHash,
        ViewShift = o.ViewShift,
        ViewVisible = o.ViewVisible,
    };
}
