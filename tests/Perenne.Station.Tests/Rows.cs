using Perenne.Contracts.Observations;

namespace Perenne.Station.Tests;

internal static class Rows
{
    public static Observation New(int i = 0, string camera = "top") => new()
    {
        Id = new Guid(i, 1, 2, [3, 4, 5, 6, 7, 8, 9, 10]), FrameId = new Guid(i, 9, 9, [3, 4, 5, 6, 7, 8, 9, 10]), Sequence = 0, Camera = camera, Part = i % 2 == 0 ? null : $"P{i}",
        CapturedAt = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero).AddMilliseconds(i), JudgedAt = new DateTimeOffset(2026, 3, 1, 12, 0, 1, TimeSpan.Zero).AddMilliseconds(i),
        Role = JudgementRole.Active, Verdict = (Verdict)(i % 3), Width = 640, Height = 480, LatencyMilliseconds = 1.5 * i,
        Classes = i % 3 == 1 ? ["short", "open"] : [], Scores = i % 3 == 1 ? [0.9, 0.4] : [], Boxes = i % 3 == 1 ? [1, 2, 3, 4, 5, 6, 7, 8] : [],
        Brightness = [0.1, 0.5, 0.9], Sharpness = i % 2 == 0 ? 12.5 : null, Features = i % 3 == 1 ? [0.25f, -1] : [], PerceptualHash = i,
    };
}
