using Perenne.Contracts.Jobs;

namespace Perenne.Hub.Train;

/// <summary>A point of the curve.</summary>
internal sealed record RunPoint(int Step, double? Loss, IReadOnlyDictionary<string, double>? Validation);

/// <summary>How far a run is.</summary>
/// <param name="Last">The newest value of each figure, whatever line it was on.</param>
/// <param name="Curve">At most <see cref="MaxPoints"/> points: when full, every second one without a validation goes.</param>
internal sealed record RunProgress(TrainingProgress Last, IReadOnlyList<RunPoint> Curve)
{
    public const int MaxPoints = 400, MaxAnswers = 8, MaxBoxes = 30;

    public static RunProgress None { get; } = new(new TrainingProgress { Step = 0 }, []);

    public double? Share => Last.Steps is > 0 and { } steps ? Math.Clamp((double)Last.Step / steps, 0, 1) : null;

    public RunProgress With(TrainingProgress line)
    {
        TrainingProgress last = new()
        {
            Step = line.Step, Steps = line.Steps ?? Last.Steps, Seconds = line.Seconds ?? Last.Seconds, RemainingSeconds = line.RemainingSeconds ?? Last.RemainingSeconds, Loss = line.Loss ?? Last.Loss,
            LearningRate = line.LearningRate ?? Last.LearningRate, ImagesPerSecond = line.ImagesPerSecond ?? Last.ImagesPerSecond, MemoryBytes = line.MemoryBytes ?? Last.MemoryBytes,
            Validation = line.Validation ?? Last.Validation, Message = line.Message ?? Last.Message, Answers = line.Answers is null ? Last.Answers : Bounded(line.Answers),
        };
        if (line.Loss is null && line.Validation is null)
            return new(last, Curve);
        // A resumed run repeats the steps since its checkpoint: what was drawn beyond it did not count.
        List<RunPoint> curve = [.. Curve.Where(p => p.Step < line.Step), new RunPoint(line.Step, Finite(line.Loss), line.Validation)];
        if (curve.Count > MaxPoints)
            curve = [.. curve.Where((p, i) => p.Validation is not null || i % 2 == 1 || i == curve.Count - 1)];
        return new(last, curve.Count > MaxPoints ? curve[^MaxPoints..] : curve);
    }

    // A trainer of somebody's own may send whatever it likes: what is kept with the run has a bounded size, and only images of the hub can be shown.
    private static IReadOnlyList<SampleAnswer> Bounded(IReadOnlyList<SampleAnswer> answers) => [.. answers.Where(a => Guid.TryParse(a.Id, out _)).Take(MaxAnswers)
        .Select(a => a with { Found = [.. (a.Found ?? []).Where(f => f.Box is { Count: 4 } && f.Box.All(double.IsFinite)).Take(MaxBoxes)] })];

    private static double? Finite(double? value) => value is { } v && double.IsFinite(v) ? v : null;
}
