namespace Perenne.Training.Boxes;

/// <summary>Quality focal loss on the classes and generalised IoU on the boxes, with the gradients worked out by hand: no tensor is needed between two levels of the network's output.</summary>
/// <remarks>X. Li et al., "Generalized focal loss", NeurIPS 2020, section 3.1 (β = 2). Both parts are divided by the sum of the targets.</remarks>
internal static class DetectionLoss
{
    private const double BoxWeight = 2;

    /// <summary>The loss of a batch; fills the gradients of <paramref name="levels"/>.</summary>
    public static double Compute(IReadOnlyList<Level> levels, int classes, IReadOnlyList<IReadOnlyList<TargetBox>> boxes)
    {
        CellTarget[][][] targets = [.. boxes.Select((list, image) => Assigner.Assign(levels, image, classes, list))];
        return Compute(levels, classes, boxes, targets);
    }

    internal static double Compute(IReadOnlyList<Level> levels, int classes, IReadOnlyList<IReadOnlyList<TargetBox>> boxes, CellTarget[][][] targets)
    {
        double sum = 0, loss = 0;
        foreach (CellTarget[] row in targets.SelectMany(t => t))
            foreach (CellTarget t in row)
                sum += MathF.Max(t.Target, 0);
        float scale = (float)(1 / Math.Max(sum, 1));
        for (int image = 0; image < boxes.Count; image++)
            for (int l = 0; l < levels.Count; l++)
                loss += OfLevel(levels[l], image, classes, boxes[image], targets[image][l], scale);
        return loss * scale;
    }

    private static double OfLevel(Level level, int image, int classes, IReadOnlyList<TargetBox> boxes, CellTarget[] targets, float scale)
    {
        double loss = 0;
        for (int cell = 0; cell < level.Cells; cell++)
        {
            CellTarget target = targets[cell];
            if (target.Target < 0)
                continue;
            int at = image * level.Cells + cell, wanted = target.Box < 0 ? -1 : boxes[target.Box].Class;
            for (int c = 0; c < classes; c++)
                loss += Focal(level.Logits[at * classes + c], c == wanted ? target.Target : 0, scale, out level.LogitGradient[at * classes + c]);
            if (wanted >= 0)
                loss += OfBox(level, at, Distances.Of(boxes[target.Box], level.CenterX(cell), level.CenterY(cell)), target.Target, scale);
        }
        return loss;
    }

    // L = BCE(p, t)·d² with d = p − t;  dL/dx = d³ + BCE·2d·p(1 − p).
    private static double Focal(float x, float t, float scale, out float gradient)
    {
        float p = Assigner.Sigmoid(x), d = p - t;
        float entropy = MathF.Max(x, 0) - x * t + MathF.Log(1 + MathF.Exp(-MathF.Abs(x)));
        gradient = scale * (d * d * d + entropy * 2 * d * p * (1 - p));
        return entropy * d * d;
    }

    private static double OfBox(Level level, int at, Distances target, float weight, float scale)
    {
        Distances own = Assigner.Predicted(level, at);
        Span<float> derivative = stackalloc float[4];
        double loss = BoxWeight * weight * (1 - own.GeneralisedIou(target, derivative));
        for (int side = 0; side < 4; side++)
        {
            // d exp(x)·s / dx is the distance itself.
            float distance = level.Distance(4 * at + side);
            level.RawGradient[4 * at + side] = -(float)BoxWeight * weight * scale * derivative[side] * distance;
        }
        return loss;
    }
}
