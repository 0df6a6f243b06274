using System.Globalization;
using Perenne.Hub.Collect;
using Perenne.Hub.Datasets;

namespace Perenne.Hub.Evaluate;

/// <summary>The part of a dataset version that is looked at; whole images, so that escapes and overkill mean what they mean in the plant.</summary>
/// <param name="Split">"train", "validation", "test"; null: all.</param>
/// <param name="Organization">Slug; null: all.</param>
/// <param name="From">First day of capture (of arrival where it is not known), UTC.</param>
/// <param name="Until">Last day.</param>
/// <param name="Class">Images that show it; null: all, good ones too.</param>
/// <param name="Size">Images with a defect of this size, one of <see cref="Sizes"/>; null: all, good ones too.</param>
/// <param name="Quality">By the quality report as it is now; null: any.</param>
/// <param name="NotSeenBy">Numbers of model versions, separated by commas: images that one of them was trained on are left out.</param>
/// <param name="Newest">Only so many, the newest accepted ones. Null: all.</param>
internal sealed record EvaluationSlice(
    string? Split = "test", string? Organization = null, string? Camera = null, DateOnly? From = null, DateOnly? Until = null, string? Class = null, string? Size = null, ImageQuality? Quality = null,
    string? NotSeenBy = null, int? Newest = null)
{
    /// <summary>In the words of an address: the longer side of the box in pixels.</summary>
    public static IReadOnlyList<(string Name, double From, double Below)> Sizes { get; } = [("tiny", 0, 16), ("small", 16, 32), ("medium", 32, 64), ("large", 64, 128), ("huge", 128, double.PositiveInfinity)];

    /// <summary>Everything but the quality and who has seen it, which are not in a manifest.</summary>
    public bool Takes(ManifestImage image) =>
        (Split is null || SplitWords.Of(image.Split) == Split) && (Organization is null || image.Organization == Organization) && (Camera is null || image.Camera == Camera)
        && (From is null || DateOnly.FromDateTime(image.TakenAt.UtcDateTime) >= From) && (Until is null || DateOnly.FromDateTime(image.TakenAt.UtcDateTime) <= Until)
        && (Class is null || image.Shapes.Any(s => s.Label == Class) || image.Tags?.Contains($"\"{Class}\"", StringComparison.Ordinal) == true)
        && (Size is null || image.Shapes.Any(HasSize));

    /// <summary>What is wrong with it, in a sentence; null when it can be used.</summary>
    /// <param name="classes">Names in the dataset version.</param>
    public string? Problem(IReadOnlyCollection<string> classes) =>
        Split is not (null or "train" or "validation" or "test") ? $"'{Split}' is no split. Choose train, validation, test, or none for all."
        : Size is not null && Sizes.All(s => s.Name != Size) ? $"'{Size}' is no size. Choose one of {string.Join(", ", Sizes.Select(s => s.Name))}, or none for all."
        : Class is not null && !classes.Contains(Class) ? $"The dataset version has no class '{Class}'. Choose one of {string.Join(", ", classes)}."
        : Newest is <= 0 ? "'newest' is a number of images above 0."
        : NotSeenBy is not null && !NotSeenBy.Split(',').All(n => int.TryParse(n, CultureInfo.InvariantCulture, out int number) && number > 0) ? "'notSeenBy' names numbers of model versions, separated by commas."
        : From > Until ? "The slice ends before it begins. Exchange its two days." : null;

    private bool HasSize(ManifestShape shape)
    {
        (_, double from, double below) = Sizes.First(s => s.Name == Size);
        double side = Math.Max(shape.Box.Width, shape.Box.Height);
        return side >= from && side < below;
    }
}
