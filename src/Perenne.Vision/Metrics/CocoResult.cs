namespace Perenne.Vision.Metrics;

/// <summary>The outcome of a COCO evaluation. A figure is -1 where nothing counts (no object of that category and size).</summary>
public sealed class CocoResult
{
    private const int Grid = 101;
    private readonly CocoOptions options;
    private readonly double[] precision;
    private readonly double[] recall;
    private readonly int areas;
    private readonly int limits;

    internal CocoResult(CocoOptions options, long[] categories)
    {
        this.options = options;
        Categories = categories;
        areas = options.Areas.Count;
        limits = options.MaxDetections.Count;
        precision = new double[options.IouThresholds.Count * categories.Length * areas * Grid];
        recall = new double[options.IouThresholds.Count * categories.Length * areas * limits];
        Array.Fill(precision, -1);
        Array.Fill(recall, -1);
    }

    /// <summary>The evaluated categories, ascending; other members take positions in this list.</summary>
    public IReadOnlyList<long> Categories { get; }

    /// <summary>The parameters used.</summary>
    public CocoOptions Options => options;

    /// <summary>The 12 figures of the whole set, in pycocotools' order: AP, AP50, AP75, AP small, medium, large; AR at 1, 10, 100 detections; AR small, medium, large.</summary>
    /// <remarks>Meaningful for COCO's size groups and detection limits; AP50 and AP75 are -1 unless those thresholds are among the options.</remarks>
    public IReadOnlyList<double> Stats() => Figures(0, Categories.Count);

    /// <summary>The same 12 figures for one category.</summary>
    /// <param name="category">Position in <see cref="Categories"/>.</param>
    public IReadOnlyList<double> StatsOf(int category) => Figures(category, category + 1);

    /// <summary>Mean average precision over thresholds and recall grid, all sizes.</summary>
    public double MeanAveragePrecision => AveragePrecision(0, Categories.Count, 0, null);

    /// <summary>AP of one category over all thresholds and sizes.</summary>
    /// <param name="category">Position in <see cref="Categories"/>.</param>
    public double AveragePrecisionOf(int category) => AveragePrecision(category, category + 1, 0, null);

    /// <summary>AP of one category at one threshold (its position in the options) and size group (position).</summary>
    public double AveragePrecisionOf(int category, int threshold, int area = 0) => Mean(PrecisionRow(threshold, category, area));

    /// <summary>Precision at recall 0, 0.01 … 1 (101 values), with the limit of detections that is last in the options.</summary>
    public ReadOnlySpan<double> PrecisionCurve(int category, int threshold, int area = 0) => PrecisionRow(threshold, category, area);

    /// <summary>The highest recall of one category at one threshold, size group and limit of detections (positions in the options).</summary>
    public double RecallOf(int category, int threshold, int area, int limit) => recall[RecallIndex(threshold, category, area, limit)];

    internal Span<double> PrecisionRow(int threshold, int category, int area) =>
        precision.AsSpan(((threshold * Categories.Count + category) * areas + area) * Grid, Grid);

    internal void SetRecall(int threshold, int category, int area, int limit, double value) =>
        recall[RecallIndex(threshold, category, area, limit)] = value;

    private int RecallIndex(int threshold, int category, int area, int limit) =>
        ((threshold * Categories.Count + category) * areas + area) * limits + limit;

    private double[] Figures(int from, int to)
    {
        int last = limits - 1;
        double Ap(int area, double? threshold = null) => AveragePrecision(from, to, area, threshold);
        double Ar(int area, int limit) => AverageRecall(from, to, area, limit);
        return
        [
            Ap(0), Ap(0, 0.5), Ap(0, 0.75), Ap(1), Ap(2), Ap(3),
            Ar(0, 0), Ar(0, 1), Ar(0, last), Ar(1, last), Ar(2, last), Ar(3, last),
        ];
    }

    private double AveragePrecision(int from, int to, int area, double? only)
    {
        if (area >= areas)
            return -1;
        double sum = 0;
        int count = 0;
        for (int t = 0; t < options.IouThresholds.Count; t++)
            for (int k = from; k < to; k++)
            {
                ReadOnlySpan<double> row = PrecisionRow(t, k, area);
                if (row[0] < 0 || (only is { } wanted && options.IouThresholds[t] != wanted))
                    continue;
                foreach (double p in row)
                    sum += p;
                count += Grid;
            }
        return count == 0 ? -1 : sum / count;
    }

    private double AverageRecall(int from, int to, int area, int limit)
    {
        if (area >= areas || limit >= limits)
            return -1;
        double sum = 0;
        int count = 0;
        for (int t = 0; t < options.IouThresholds.Count; t++)
            for (int k = from; k < to; k++)
            {
                double value = recall[RecallIndex(t, k, area, limit)];
                if (value < 0)
                    continue;
                sum += value;
                count++;
            }
        return count == 0 ? -1 : sum / count;
    }

    private static double Mean(ReadOnlySpan<double> row)
    {
        if (row[0] < 0)
            return -1;
        double sum = 0;
        foreach (double p in row)
            sum += p;
        return sum / row.Length;
    }
}
