using System.Collections.Concurrent;

namespace Perenne.Vision.Metrics;

/// <summary>COCO's greedy matching, one image × category at a time. Each group writes only its own detections, so threads never meet.</summary>
internal sealed class CocoMatcher(CocoGroups groups, CocoOverlap overlap, CocoOptions options, ReadOnlyMemory<GroundTruth> groundTruth, CocoMatches matches)
{
    private readonly double[] thresholds = [.. options.IouThresholds.Select(t => Math.Min(t, 1 - 1e-10))];
    private readonly AreaRange[] areas = [.. options.Areas];

    /// <summary>For each group and size group, how many objects count: [group × areas + area].</summary>
    public int[] Counted { get; } = new int[groups.All.Length * options.Areas.Count];

    public void MatchAll()
    {
        if (groups.All.Length == 0)
            return;
        Parallel.ForEach(Partitioner.Create(0, groups.All.Length, Math.Max(1, groups.All.Length / (Environment.ProcessorCount * 8))), range =>
        {
            var scratch = new CocoScratch();
            for (int i = range.Item1; i < range.Item2; i++)
                Match(i, scratch);
        });
    }

    private void Match(int index, CocoScratch scratch)
    {
        CocoGroup group = groups.All[index];
        ReadOnlySpan<int> objects = groups.TruthOrder.AsSpan(group.TruthStart, group.TruthEnd - group.TruthStart);
        ReadOnlySpan<int> detections = groups.DetectionOrder.AsSpan(group.DetectionStart, group.DetectionEnd - group.DetectionStart);
        scratch.Reserve(objects.Length, detections.Length);
        for (int d = 0; d < detections.Length; d++)
        {
            Span<double> row = scratch.Ious.AsSpan(d * objects.Length, objects.Length);
            overlap.Row(detections[d], objects, row);
            scratch.DetectionAreas[d] = overlap.DetectionArea(detections[d]);
            double best = 0;
            foreach (double iou in row)
                best = Math.Max(best, iou);
            scratch.Best[d] = best;
        }
        for (int a = 0; a < areas.Length; a++)
        {
            int counted = OrderObjects(objects, areas[a], scratch);
            Counted[index * areas.Length + a] = counted;
            MatchArea(group, a, objects.Length, counted, detections.Length, scratch);
        }
    }

    // Objects that count come first, ignored ones last, each in the order given.
    private int OrderObjects(ReadOnlySpan<int> objects, AreaRange area, CocoScratch scratch)
    {
        ReadOnlySpan<GroundTruth> truth = groundTruth.Span;
        int counted = 0, ignored = objects.Length;
        for (int g = 0; g < objects.Length; g++)
        {
            ref readonly GroundTruth o = ref truth[objects[g]];
            if (!o.IsCrowd && o.Area >= area.Minimum && o.Area <= area.Maximum)
                scratch.ObjectOrder[counted++] = g;
            else
                scratch.ObjectOrder[--ignored] = g;
        }
        scratch.ObjectOrder.AsSpan(ignored, objects.Length - ignored).Reverse();
        for (int g = 0; g < objects.Length; g++)
            scratch.Crowd[g] = truth[objects[scratch.ObjectOrder[g]]].IsCrowd;
        return counted;
    }

    private void MatchArea(CocoGroup group, int a, int objects, int counted, int detections, CocoScratch scratch)
    {
        ulong every = thresholds.Length == 64 ? ulong.MaxValue : (1UL << thresholds.Length) - 1;
        Array.Clear(scratch.Taken, 0, objects);
        for (int d = 0; d < detections; d++)
        {
            ulong matched = 0, ignored = 0;
            for (int t = 0; t < thresholds.Length; t++)
            {
                if (scratch.Best[d] < thresholds[t])
                    continue;
                int match = Candidate(scratch, d, t, objects, counted);
                if (match < 0)
                    continue;
                matched |= 1UL << t;
                if (match >= counted)
                    ignored |= 1UL << t;
                scratch.Taken[match] |= 1UL << t;
            }
            double area = scratch.DetectionAreas[d];
            if (area < areas[a].Minimum || area > areas[a].Maximum)
                ignored |= every & ~matched;
            matches.Matched[a][group.DetectionStart + d] = matched;
            matches.Ignored[a][group.DetectionStart + d] = ignored;
        }
    }

    // A candidate equal to the best so far replaces it; ignored objects are looked at only while no counted one matches.
    private int Candidate(CocoScratch scratch, int detection, int t, int objects, int counted)
    {
        double best = thresholds[t];
        int match = -1;
        int row = detection * objects;
        for (int g = 0; g < objects; g++)
        {
            if ((scratch.Taken[g] >> t & 1) != 0 && !scratch.Crowd[g])
                continue;
            if (g >= counted && match >= 0 && match < counted)
                break;
            double iou = scratch.Ious[row + scratch.ObjectOrder[g]];
            if (iou < best)
                continue;
            best = iou;
            match = g;
        }
        return match;
    }
}
