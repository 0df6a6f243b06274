namespace Perenne.Inference;

/// <summary>Semantic segmentation: the strongest class of each pixel, kept where it reaches its threshold.</summary>
internal sealed class SegmentationHead(HeadSpec spec, int width, int height)
{
    private readonly byte[] classes = new byte[width * height];
    private readonly float[] scores = new float[width * height];

    /// <summary>Adds the picture of one tile; where tiles overlap the stronger defect stays.</summary>
    public void Add(OutputTensor masks, int item, in Placement p)
    {
        masks.Expect("segmentation", -1, spec.Classes + 1, -1, -1);
        (int h, int w) = ((int)masks.Shape[2], (int)masks.Shape[3]);
        ReadOnlySpan<float> data = masks.Item(item);
        (byte[] best, float[] score) = Strongest(data, w * h);
        for (int y = p.SourceY; y < p.SourceY + p.SourceHeight; y++)
        {
            for (int x = p.SourceX; x < p.SourceX + p.SourceWidth; x++)
            {
                (double u, double v) = p.ToInput(x + .5, y + .5);
                int cell = Math.Min(h - 1, (int)(v * h / p.Height)) * w + Math.Min(w - 1, (int)(u * w / p.Width)), at = y * width + x;
                if (best[cell] > 0 && score[cell] > scores[at])
                    (classes[at], scores[at]) = (best[cell], score[cell]);
            }
        }
    }

    public ClassMask Mask => new(width, height, classes);

    /// <summary>One box per connected region (8 neighbours), with the mean score of its pixels.</summary>
    public IEnumerable<Scored> Regions()
    {
        bool[] seen = new bool[classes.Length];
        Stack<int> open = new();
        for (int start = 0; start < classes.Length; start++)
        {
            if (classes[start] == 0 || seen[start])
                continue;
            (int left, int top, int right, int bottom, int pixels, double sum) = (width, height, 0, 0, 0, 0.0);
            seen[start] = true;
            open.Push(start);
            while (open.TryPop(out int at))
            {
                (int x, int y) = (at % width, at / width);
                (left, top, right, bottom) = (Math.Min(left, x), Math.Min(top, y), Math.Max(right, x), Math.Max(bottom, y));
                (pixels, sum) = (pixels + 1, sum + scores[at]);
                for (int ny = Math.Max(0, y - 1); ny <= Math.Min(height - 1, y + 1); ny++)
                    for (int nx = Math.Max(0, x - 1); nx <= Math.Min(width - 1, x + 1); nx++)
                        if (ny * width + nx is var next && !seen[next] && classes[next] == classes[start])
                        {
                            seen[next] = true;
                            open.Push(next);
                        }
            }
            if (pixels >= spec.Manifest.Head.MinRegionPixels)
                yield return new Scored(classes[start] - 1, sum / pixels, new(left, top, right - left + 1, bottom - top + 1));
        }
    }

    private (byte[] Class, float[] Score) Strongest(ReadOnlySpan<float> data, int cells)
    {
        byte[] best = new byte[cells];
        float[] score = new float[cells];
        for (int i = 0; i < cells; i++)
        {
            int winner = 0;
            for (int c = 1; c <= spec.Classes; c++)
                if (data[c * cells + i] > data[winner * cells + i])
                    winner = c;
            if (winner == 0)
                continue;
            double p = spec.Scores.Calibrate(spec.Logits ? Softmax(data, i, cells, winner) : data[winner * cells + i]);
            if (spec.Scores.Counts(winner - 1, p))
                (best[i], score[i]) = ((byte)winner, (float)p);
        }
        return (best, score);
    }

    private float Softmax(ReadOnlySpan<float> data, int cell, int cells, int winner)
    {
        // The winner is the largest, so no exponent overflows.
        float sum = 0, max = data[winner * cells + cell];
        for (int c = 0; c <= spec.Classes; c++)
            sum += MathF.Exp(data[c * cells + cell] - max);
        return 1 / sum;
    }
}
