using Perenne.Contracts.Observations;
using Perenne.Station.Judge;

namespace Perenne.Station.Outputs;

/// <summary>A verdict as the plant's other systems get it (MQTT, webhook) and as the screen shows it.</summary>
internal sealed record VerdictMessage
{
    public required Guid Id { get; init; }
    public required long Sequence { get; init; }
    public required string Camera { get; init; }
    public string? Part { get; init; }
    public required Verdict Verdict { get; init; }
    public string? Reason { get; init; }
    public string? Sentence { get; init; }
    public required DateTimeOffset CapturedAt { get; init; }
    public required DateTimeOffset JudgedAt { get; init; }
    public string? Model { get; init; }
    public required int Width { get; init; }
    public required int Height { get; init; }
    public required double Milliseconds { get; init; }
    public IReadOnlyList<VerdictBox> Boxes { get; init; } = [];

    public static VerdictMessage Of(Judged judged)
    {
        Observation o = judged.Observation;
        return new VerdictMessage
        {
            Id = o.Id, Sequence = o.Sequence, Camera = o.Camera, Part = o.Part, Verdict = o.Verdict, Reason = o.Reason, Sentence = judged.Sentence, CapturedAt = o.CapturedAt, JudgedAt = o.JudgedAt,
            Model = judged.Model, Width = o.Width, Height = o.Height, Milliseconds = Math.Round(o.LatencyMilliseconds, 2),
            Boxes = [.. Enumerable.Range(0, o.Boxes.Count / 4).Where(i => judged.Counts.Count > i && judged.Counts[i]).Select(i => new VerdictBox(o.Classes[i], Math.Round(o.Scores[i], 4), [.. o.Boxes.Skip(4 * i).Take(4).Select(v => Math.Round(v, 1))]))],
        };
    }
}

/// <param name="Box">x, y, width, height in pixels of the frame.</param>
internal sealed record VerdictBox(string Class, double Score, IReadOnlyList<double> Box);
