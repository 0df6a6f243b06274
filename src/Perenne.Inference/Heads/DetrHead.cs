namespace Perenne.Inference;

/// <summary>DETR (Carion et al. 2020) and its relatives: one class more than named means "no object" (softmax), else independent scores (sigmoid).</summary>
internal static class DetrHead
{
    public static void Decode(HeadSpec spec, OutputTensor scores, OutputTensor boxes, int item, in Placement p, List<Candidate> into)
    {
        boxes.Expect("DETR", -1, -1, 4);
        long queries = boxes.Shape[1];
        bool hasNone = scores.Shape.Length == 3 && scores.Shape[2] == spec.Classes + 1;
        scores.Expect("DETR", -1, queries, spec.Classes + (hasNone ? 1 : 0));
        int width = (int)scores.Shape[2];
        ReadOnlySpan<float> s = scores.Item(item), b = boxes.Item(item);
        for (int q = 0; q < queries; q++)
        {
            ReadOnlySpan<float> row = s.Slice(q * width, width);
            int best = 0;
            for (int c = 1; c < spec.Classes; c++)
                if (row[c] > row[best])
                    best = c;
            float score = !spec.Logits ? row[best] : hasNone ? Softmax(row, best) : ScoreMap.Sigmoid(row[best]);
            if (!(score >= spec.Scores.RawFloor))
                continue;
            float x = b[4 * q] * p.Width, y = b[4 * q + 1] * p.Height, w = b[4 * q + 2] * p.Width, h = b[4 * q + 3] * p.Height;
            into.Add(new Candidate(best, score, x - w / 2, y - h / 2, x + w / 2, y + h / 2));
        }
    }

    private static float Softmax(ReadOnlySpan<float> row, int index)
    {
        float max = row[0];
        foreach (float v in row)
            max = Math.Max(max, v);
        float sum = 0;
        foreach (float v in row)
            sum += MathF.Exp(v - max);
        return MathF.Exp(row[index] - max) / sum;
    }
}
