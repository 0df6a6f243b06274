namespace Perenne.Vision.Metrics;

/// <summary>From matches to precision and recall, per category and size group.</summary>
internal sealed class CocoAccumulator(CocoGroups groups, CocoMatcher matcher, CocoMatches matches, CocoOptions options, long[] categories)
{
    // numpy's spacing(1), added to the denominator as the original does.
    private const double Epsilon = 2.220446049250313e-16;

    private readonly int areas = options.Areas.Count;
    private readonly int thresholds = options.IouThresholds.Count;

    public CocoResult Accumulate()
    {
        var result = new CocoResult(options, categories);
        var orders = new int[categories.Length][];
        Parallel.For(0, categories.Length, k => orders[k] = ByScore(k));
        Parallel.For(0, categories.Length * areas, i => Accumulate(i / areas, i % areas, orders[i / areas], result));
        return result;
    }

    // Equal scores stay in image order, then in the order within the image.
    private int[] ByScore(int category)
    {
        ReadOnlySpan<CocoGroup> own = Own(category);
        int count = 0;
        foreach (CocoGroup group in own)
            count += group.DetectionEnd - group.DetectionStart;
        var slots = new int[count];
        var scores = new double[count];
        int at = 0;
        foreach (CocoGroup group in own)
            for (int slot = group.DetectionStart; slot < group.DetectionEnd; slot++)
                (slots[at], scores[at++]) = (slot, groups.Scores[slot]);
        StableOrder.Descending(scores, slots);
        return slots;
    }

    private ReadOnlySpan<CocoGroup> Own(int category) => groups.All.AsSpan(groups.CategoryStart[category]..groups.CategoryStart[category + 1]);

    private void Accumulate(int category, int area, int[] order, CocoResult result)
    {
        int objects = 0;
        for (int g = groups.CategoryStart[category]; g < groups.CategoryStart[category + 1]; g++)
            objects += matcher.Counted[g * areas + area];
        if (objects == 0)
            return;
        Recalls(category, area, objects, result);
        var precisionAt = new double[Math.Min(order.Length, objects) + 1];
        for (int t = 0; t < thresholds; t++)
            PrecisionCurve(order, area, t, objects, precisionAt, result.PrecisionRow(t, category, area));
    }

    private void Recalls(int category, int area, int objects, CocoResult result)
    {
        ulong[] matched = matches.Matched[area], ignored = matches.Ignored[area];
        Span<int> found = stackalloc int[thresholds];
        for (int m = 0; m < options.MaxDetections.Count; m++)
        {
            found.Clear();
            foreach (CocoGroup group in Own(category))
            {
                int end = Math.Min(group.DetectionEnd, group.DetectionStart + options.MaxDetections[m]);
                for (int slot = group.DetectionStart; slot < end; slot++)
                    for (ulong hits = matched[slot] & ~ignored[slot]; hits != 0; hits &= hits - 1)
                        found[System.Numerics.BitOperations.TrailingZeroCount(hits)]++;
            }
            for (int t = 0; t < thresholds; t++)
                result.SetRecall(t, category, area, m, (double)found[t] / objects);
        }
    }

    // Between two true positives precision only falls, so the envelope needs its values at true positives alone.
    private void PrecisionCurve(int[] order, int area, int t, int objects, double[] precisionAt, Span<double> row)
    {
        ulong[] matched = matches.Matched[area], ignored = matches.Ignored[area];
        int truePositives = 0, falsePositives = 0;
        foreach (int slot in order)
        {
            if ((ignored[slot] >> t & 1) != 0)
                continue;
            if ((matched[slot] >> t & 1) != 0)
                precisionAt[truePositives++] = (truePositives) / (falsePositives + truePositives + Epsilon);
            else
                falsePositives++;
        }
        for (int i = truePositives - 2; i >= 0; i--)
            precisionAt[i] = Math.Max(precisionAt[i], precisionAt[i + 1]);
        double[] grid = CocoOptions.RecallGrid;
        int at = 0;
        for (int r = 0; r < grid.Length; r++)
        {
            while (at < truePositives && (double)(at + 1) / objects < grid[r])
                at++;
            row[r] = at < truePositives ? precisionAt[at] : 0;
        }
    }
}
