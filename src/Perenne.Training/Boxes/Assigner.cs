namespace Perenne.Training.Boxes;

/// <summary>Which box a cell has to find, and how surely.</summary>
/// <param name="Box">Position in the image's list; -1 for background.</param>
/// <param name="Target">Soft target in (0, 1].</param>
internal readonly record struct CellTarget(int Box, float Target);

/// <summary>Task-aligned assignment: cells inside a box compete by score · IoU⁶, the best nine have to find it.</summary>
/// <remarks>C. Feng et al., "TOOD: Task-aligned one-stage object detection", ICCV 2021, section 3.2.</remarks>
internal static class Assigner
{
    private const int Best = 9;

    private readonly record struct Candidate(int Level, int Cell, float Metric, float Iou);

    /// <summary>Targets of one image: one row per level, one entry per cell; Target -1 marks cells nothing is learnt at.</summary>
    public static CellTarget[][] Assign(IReadOnlyList<Level> levels, int image, int classes, IReadOnlyList<TargetBox> boxes)
    {
        CellTarget[][] targets = [.. levels.Select(l => Background(l.Cells))];
        float[][] taken = [.. levels.Select(l => new float[l.Cells])];
        for (int b = 0; b < boxes.Count; b++)
            if (!boxes[b].Ignore)
                Assign(levels, image, classes, boxes[b], b, targets, taken);
        foreach (TargetBox box in boxes)
            if (box.Ignore)
                Ignore(levels, box, targets);
        return targets;
    }

    private static CellTarget[] Background(int cells)
    {
        CellTarget[] row = new CellTarget[cells];
        row.AsSpan().Fill(new CellTarget(-1, 0));
        return row;
    }

    private static void Assign(IReadOnlyList<Level> levels, int image, int classes, TargetBox box, int number, CellTarget[][] targets, float[][] taken)
    {
        List<Candidate> candidates = Candidates(levels, image, classes, box, inside: true);
        // A box may lie between the centres of all cells: then the cell it is nearest to has to find it.
        if (candidates.Count == 0)
            candidates = [.. Candidates(levels, image, classes, box, inside: false).OrderByDescending(c => Depth(levels[c.Level], c.Cell, box)).Take(1)];
        Candidate[] chosen = [.. candidates.OrderByDescending(c => c.Metric).ThenBy(c => c.Level).ThenBy(c => c.Cell).Take(Best)];
        if (chosen.Length == 0)
            return;
        float best = chosen[0].Metric, iou = chosen.Max(c => c.Iou);
        foreach (Candidate c in chosen)
        {
            // A cell wanted by two boxes goes to the one it overlaps more.
            if (c.Iou < taken[c.Level][c.Cell] || (targets[c.Level][c.Cell].Box >= 0 && c.Iou == taken[c.Level][c.Cell]))
                continue;
            taken[c.Level][c.Cell] = c.Iou;
            targets[c.Level][c.Cell] = new CellTarget(number, MathF.Max(c.Metric / best * iou, 1e-4f));
        }
    }

    private static List<Candidate> Candidates(IReadOnlyList<Level> levels, int image, int classes, TargetBox box, bool inside)
    {
        List<Candidate> found = [];
        for (int l = 0; l < levels.Count; l++)
        {
            Level level = levels[l];
            int margin = inside ? 0 : 1;
            int left = Math.Clamp((int)(box.Left / level.Stride - 0.5f) - margin, 0, level.Width - 1), right = Math.Clamp((int)(box.Right / level.Stride) + margin, 0, level.Width - 1);
            int top = Math.Clamp((int)(box.Top / level.Stride - 0.5f) - margin, 0, level.Height - 1), bottom = Math.Clamp((int)(box.Bottom / level.Stride) + margin, 0, level.Height - 1);
            for (int y = top; y <= bottom; y++)
                for (int x = left; x <= right; x++)
                {
                    int cell = y * level.Width + x, at = image * level.Cells + cell;
                    Distances target = Distances.Of(box, level.CenterX(cell), level.CenterY(cell));
                    if (inside && target.Smallest <= 0)
                        continue;
                    float iou = Predicted(level, at).Iou(target), score = Sigmoid(level.Logits[at * classes + box.Class]);
                    float iou3 = iou * iou * iou;
                    found.Add(new Candidate(l, cell, MathF.Max(score * iou3 * iou3, 1e-12f), iou));
                }
        }
        return found;
    }

    private static void Ignore(IReadOnlyList<Level> levels, TargetBox box, CellTarget[][] targets)
    {
        for (int l = 0; l < levels.Count; l++)
            for (int cell = 0; cell < levels[l].Cells; cell++)
                if (targets[l][cell].Box < 0 && Depth(levels[l], cell, box) >= 0)
                    targets[l][cell] = new CellTarget(-1, -1);
    }

    private static float Depth(Level level, int cell, TargetBox box) => Distances.Of(box, level.CenterX(cell), level.CenterY(cell)).Smallest;

    internal static Distances Predicted(Level level, int at) =>
        new(level.Distance(4 * at), level.Distance(4 * at + 1), level.Distance(4 * at + 2), level.Distance(4 * at + 3));

    internal static float Sigmoid(float x) => 1 / (1 + MathF.Exp(-x));
}
