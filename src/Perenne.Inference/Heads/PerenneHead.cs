namespace Perenne.Inference;

/// <summary>Our detector: every class of every cell is a candidate of its own; distances in pixels from the cell's centre.</summary>
internal static class PerenneHead
{
    public static void Decode(HeadSpec spec, OutputTensor[] outputs, int item, in Placement placement, List<Candidate> into)
    {
        for (int level = 0; level < spec.Strides.Length; level++)
        {
            int stride = spec.Strides[level], w = placement.Width / stride, h = placement.Height / stride;
            (OutputTensor scores, OutputTensor boxes) = (outputs[2 * level], outputs[2 * level + 1]);
            scores.Expect($"the head of stride {stride}", -1, spec.Classes, h, w);
            boxes.Expect($"the head of stride {stride}", -1, 4, h, w);
            Level(spec, scores.Item(item), boxes.Item(item), stride, w, h, into);
        }
    }

    private static void Level(HeadSpec spec, ReadOnlySpan<float> scores, ReadOnlySpan<float> boxes, int stride, int w, int h, List<Candidate> into)
    {
        int cells = w * h;
        float floor = spec.Logits ? ScoreMap.Logit(spec.Scores.RawFloor) : spec.Scores.RawFloor;
        for (int i = 0; i < scores.Length; i++)
        {
            if (!(scores[i] >= floor))
                continue;
            int cell = i % cells;
            float x = (cell % w + .5f) * stride, y = (cell / w + .5f) * stride;
            float score = spec.Logits ? ScoreMap.Sigmoid(scores[i]) : scores[i];
            into.Add(new Candidate(i / cells, score, x - boxes[cell], y - boxes[cells + cell], x + boxes[2 * cells + cell], y + boxes[3 * cells + cell]));
        }
    }
}
