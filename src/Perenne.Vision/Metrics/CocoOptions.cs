namespace Perenne.Vision.Metrics;

/// <summary>What the overlap is measured on.</summary>
public enum OverlapKind
{
    /// <summary>Boxes.</summary>
    Box,

    /// <summary>Masks; every object and detection needs one.</summary>
    Mask,

    /// <summary>Rotated boxes, by exact clipping; what has no angle counts as its plain box.</summary>
    RotatedBox,
}

/// <summary>A range of object areas in pixels², both ends inclusive.</summary>
/// <param name="Name">As printed.</param>
/// <param name="Minimum">Smallest area.</param>
/// <param name="Maximum">Largest area.</param>
public readonly record struct AreaRange(string Name, double Minimum, double Maximum);

/// <summary>Parameters of a COCO evaluation; the defaults are COCO's.</summary>
public sealed record CocoOptions
{
    /// <summary>COCO's parameters on boxes.</summary>
    public static CocoOptions Default { get; } = new();

    /// <summary>Boxes or masks.</summary>
    public OverlapKind Overlap { get; init; }

    /// <summary>IoU thresholds in (0, 1], at most 64; COCO: .50 to .95 by .05.</summary>
    public IReadOnlyList<double> IouThresholds { get; init; } = Linspace(0.5, 0.95, 10);

    /// <summary>Detections counted per image and category, by falling score, ascending; precision is taken at the last.</summary>
    public IReadOnlyList<int> MaxDetections { get; init; } = [1, 10, 100];

    /// <summary>Size groups; the first is the one of the overall figures.</summary>
    public IReadOnlyList<AreaRange> Areas { get; init; } =
        [new("all", 0, 1e10), new("small", 0, 32 * 32), new("medium", 32 * 32, 96 * 96), new("large", 96 * 96, 1e10)];

    /// <summary>Recall grid of the precision-recall curve: 0 to 1 by 0.01.</summary>
    internal static double[] RecallGrid { get; } = Linspace(0, 1, 101);

    // As numpy computes it: thresholds must be equal to the last bit, since an IoU may lie exactly on one.
    internal static double[] Linspace(double start, double stop, int count)
    {
        double step = (stop - start) / (count - 1);
        var values = new double[count];
        for (int i = 0; i < count; i++)
            values[i] = i * step + start;
        values[count - 1] = stop;
        return values;
    }

    internal void Validate()
    {
        if (IouThresholds.Count is 0 or > 64 || IouThresholds.Any(t => !(t > 0 && t <= 1)))
            throw new ArgumentException("Between 1 and 64 IoU thresholds are needed, each above 0 and at most 1.");
        if (MaxDetections.Count == 0 || MaxDetections[0] < 1 || MaxDetections.Zip(MaxDetections.Skip(1)).Any(p => p.First >= p.Second))
            throw new ArgumentException("The numbers of detections must be positive and ascending.");
        if (Areas.Count == 0)
            throw new ArgumentException("At least one size group is needed.");
    }
}
