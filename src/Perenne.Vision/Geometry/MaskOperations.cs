namespace Perenne.Vision.Geometry;

/// <summary>Set operations on masks, walking their runs; nothing is expanded to pixels.</summary>
public static class MaskOperations
{
    /// <summary>The smallest box around the foreground; <c>null</c> for an empty mask.</summary>
    public static Box? Bounds(RunLengthMask mask)
    {
        ReadOnlySpan<uint> counts = mask.Counts.AsSpan();
        uint height = (uint)mask.Height;
        uint left = uint.MaxValue, top = uint.MaxValue, right = 0, bottom = 0, position = 0;
        for (int i = 0; i + 1 < counts.Length; i += 2)
        {
            uint start = position + counts[i];
            position = start + counts[i + 1];
            if (position == start)
                continue;
            (uint firstColumn, uint firstRow) = Math.DivRem(start, height);
            (uint lastColumn, uint lastRow) = Math.DivRem(position - 1, height);
            left = Math.Min(left, firstColumn);
            right = Math.Max(right, lastColumn + 1);
            bool severalColumns = firstColumn != lastColumn;
            top = Math.Min(top, severalColumns ? 0 : firstRow);
            bottom = Math.Max(bottom, severalColumns ? height : lastRow + 1);
        }
        return right == 0 ? null : new Box(left, top, right - left, bottom - top);
    }

    /// <summary>The pixels in either mask.</summary>
    /// <exception cref="ArgumentException">The masks differ in size.</exception>
    public static RunLengthMask Union(RunLengthMask a, RunLengthMask b) => Merge(a, b, static (x, y) => x | y);

    /// <summary>The pixels in both masks.</summary>
    /// <exception cref="ArgumentException">The masks differ in size.</exception>
    public static RunLengthMask Intersection(RunLengthMask a, RunLengthMask b) => Merge(a, b, static (x, y) => x & y);

    /// <summary>The pixels of <paramref name="a"/> that are not in <paramref name="b"/>.</summary>
    /// <exception cref="ArgumentException">The masks differ in size.</exception>
    public static RunLengthMask Difference(RunLengthMask a, RunLengthMask b) => Merge(a, b, static (x, y) => x & !y);

    /// <summary>The union of several masks.</summary>
    /// <exception cref="ArgumentException">There is none, or they differ in size.</exception>
    public static RunLengthMask Union(IReadOnlyList<RunLengthMask> masks)
    {
        if (masks.Count == 0)
            throw new ArgumentException("A union needs at least one mask.", nameof(masks));
        RunLengthMask union = masks[0];
        for (int i = 1; i < masks.Count; i++)
            union = Union(union, masks[i]);
        return union;
    }

    /// <summary>Number of pixels in both masks.</summary>
    /// <exception cref="ArgumentException">The masks differ in size.</exception>
    public static long IntersectionArea(RunLengthMask a, RunLengthMask b)
    {
        RequireSameSize(a, b);
        ReadOnlySpan<uint> left = a.Counts.AsSpan(), right = b.Counts.AsSpan();
        // Walks the foreground intervals of both masks; long positions so that the last run cannot wrap.
        long area = 0;
        int i = 1, j = 1;
        if (i >= left.Length || j >= right.Length)
            return 0;
        long startA = left[0], endA = startA + left[1], startB = right[0], endB = startB + right[1];
        while (true)
        {
            area += Math.Max(0, Math.Min(endA, endB) - Math.Max(startA, startB));
            if (endA <= endB)
            {
                if ((i += 2) >= left.Length)
                    return area;
                startA = endA + left[i - 1];
                endA = startA + left[i];
            }
            else
            {
                if ((j += 2) >= right.Length)
                    return area;
                startB = endB + right[j - 1];
                endB = startB + right[j];
            }
        }
    }

    /// <summary>Intersection over union in [0, 1]; 0 when both are empty.</summary>
    /// <param name="detection">The first mask.</param>
    /// <param name="groundTruth">The second mask.</param>
    /// <param name="isCrowd">COCO: the union against a crowd is the detection's area.</param>
    /// <exception cref="ArgumentException">The masks differ in size.</exception>
    public static double Iou(RunLengthMask detection, RunLengthMask groundTruth, bool isCrowd = false)
    {
        long intersection = IntersectionArea(detection, groundTruth);
        if (intersection == 0)
            return 0;
        long union = isCrowd ? detection.Area : detection.Area + groundTruth.Area - intersection;
        return (double)intersection / union;
    }

    private static RunLengthMask Merge(RunLengthMask a, RunLengthMask b, Func<bool, bool, bool> combine)
    {
        RequireSameSize(a, b);
        ReadOnlySpan<uint> left = a.Counts.AsSpan(), right = b.Counts.AsSpan();
        var runs = new RunBuilder();
        int i = 0, j = 0;
        uint restA = left.IsEmpty ? 0 : left[0], restB = right.IsEmpty ? 0 : right[0];
        while (i < left.Length && j < right.Length)
        {
            uint step = Math.Min(restA, restB);
            runs.Add(combine(i % 2 == 1, j % 2 == 1), step);
            restA -= step;
            restB -= step;
            while (restA == 0 && ++i < left.Length)
                restA = left[i];
            while (restB == 0 && ++j < right.Length)
                restB = right[j];
        }
        return runs.ToMask(a.Width, a.Height);
    }

    private static void RequireSameSize(RunLengthMask a, RunLengthMask b)
    {
        if (a.Size != b.Size)
            throw new ArgumentException($"Masks of one image have one size, but these are {a.Width} × {a.Height} and {b.Width} × {b.Height}.", nameof(b));
    }
}
