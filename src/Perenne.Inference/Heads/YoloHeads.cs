using System.Buffers;

namespace Perenne.Inference;

/// <summary>The YOLO exports: one candidate per cell, its best class, as the reference deployments of these families do.</summary>
internal static class YoloHeads
{
    /// <summary>YOLOX (Ge et al. 2021): rows of centre offset, log size, objectness, classes; levels one after the other.</summary>
    public static void Yolox(HeadSpec spec, OutputTensor output, int item, in Placement p, List<Candidate> into)
    {
        int width = 5 + spec.Classes, total = 0;
        foreach (int s in spec.Strides)
            total += p.Width / s * (p.Height / s);
        output.Expect("YOLOX", -1, total, width);
        ReadOnlySpan<float> rows = output.Item(item);
        int at = 0;
        foreach (int stride in spec.Strides)
        {
            int w = p.Width / stride, h = p.Height / stride;
            for (int cell = 0; cell < w * h; cell++, at += width)
            {
                ReadOnlySpan<float> row = rows.Slice(at, width);
                if (Best(spec, row) is var (type, score) && type >= 0)
                    Add(into, type, score, (row[0] + cell % w) * stride, (row[1] + cell / w) * stride, MathF.Exp(row[2]) * stride, MathF.Exp(row[3]) * stride);
            }
        }
    }

    /// <summary>YOLOv5: the same rows, but centre and size already in pixels.</summary>
    public static void Yolov5(HeadSpec spec, OutputTensor output, int item, List<Candidate> into)
    {
        int width = 5 + spec.Classes;
        output.Expect("YOLOv5", -1, -1, width);
        ReadOnlySpan<float> rows = output.Item(item);
        for (int at = 0; at + width <= rows.Length; at += width)
        {
            ReadOnlySpan<float> row = rows.Slice(at, width);
            if (Best(spec, row) is var (type, score) && type >= 0)
                Add(into, type, score, row[0], row[1], row[2], row[3]);
        }
    }

    /// <summary>YOLOv8 and 11: one row per number, one column per cell, no objectness.</summary>
    public static void Yolov8(HeadSpec spec, OutputTensor output, int item, List<Candidate> into)
    {
        output.Expect("YOLOv8", -1, 4 + spec.Classes, -1);
        int cells = (int)output.Shape[2];
        ReadOnlySpan<float> data = output.Item(item);
        float[] best = ArrayPool<float>.Shared.Rent(cells);
        int[] types = ArrayPool<int>.Shared.Rent(cells);
        data.Slice(4 * cells, cells).CopyTo(best);
        Array.Clear(types, 0, cells);
        for (int c = 1; c < spec.Classes; c++)
        {
            ReadOnlySpan<float> row = data.Slice((4 + c) * cells, cells);
            for (int i = 0; i < row.Length; i++)
                if (row[i] > best[i])
                    (best[i], types[i]) = (row[i], c);
        }
        for (int i = 0; i < cells; i++)
        {
            float score = spec.Logits ? ScoreMap.Sigmoid(best[i]) : best[i];
            if (score >= spec.Scores.RawFloor)
                Add(into, types[i], score, data[i], data[cells + i], data[2 * cells + i], data[3 * cells + i]);
        }
        ArrayPool<float>.Shared.Return(best);
        ArrayPool<int>.Shared.Return(types);
    }

    /// <summary>Objectness times the best class; class −1 below the floor.</summary>
    private static (int Class, float Score) Best(HeadSpec spec, ReadOnlySpan<float> row)
    {
        float objectness = spec.Logits ? ScoreMap.Sigmoid(row[4]) : row[4];
        if (!(objectness >= spec.Scores.RawFloor))
            return (-1, 0);
        int best = 5;
        for (int c = 6; c < row.Length; c++)
            if (row[c] > row[best])
                best = c;
        float score = objectness * (spec.Logits ? ScoreMap.Sigmoid(row[best]) : row[best]);
        return score >= spec.Scores.RawFloor ? (best - 5, score) : (-1, 0);
    }

    private static void Add(List<Candidate> into, int type, float score, float x, float y, float w, float h) =>
        into.Add(new Candidate(type, score, x - w / 2, y - h / 2, x + w / 2, y + h / 2));
}
