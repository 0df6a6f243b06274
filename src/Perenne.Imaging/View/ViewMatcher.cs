namespace Perenne.Imaging;

/// <summary>
/// Finds the reference's corners again in a picture of the same camera: each looks for its few best descriptors within a window (repeating
/// structures give several), and the motion most of them agree on decides (RANSAC, Fischler and Bolles 1981, then a homography over the inliers).
/// </summary>
public static class ViewMatcher
{
    private const int Iterations = 600, Candidates = 3, MaxBits = 60;
    private const double Window = .15, Tolerance = .006;

    /// <returns>Null when the reference has too few corners or the pictures differ in shape: the view then cannot be judged.</returns>
    public static ViewComparison? Compare(ViewReference reference, ViewReference current)
    {
        if (reference.Corners < 30 || Math.Abs((double)reference.Width / reference.Height - (double)current.Width / current.Height) > .02)
            return null;
        double scale = Math.Max(reference.Width, reference.Height), scale2 = Math.Max(current.Width, current.Height);
        List<((double X, double Y) From, (double X, double Y)[] To)> matches = [];
        foreach (ViewPointOfInterest p in reference.Points)
        {
            (double x, double y) = (p.X / scale, p.Y / scale);
            matches.Add(((x, y), [.. current.Points
                .Where(q => Math.Abs(q.X / scale2 - x) < Window && Math.Abs(q.Y / scale2 - y) < Window)
                .Select(q => (Bits: q.Distance(p), X: q.X / scale2, Y: q.Y / scale2))
                .Where(q => q.Bits <= MaxBits).OrderBy(q => q.Bits).Take(Candidates).Select(q => ((double)q.X, (double)q.Y))]));
        }
        List<((double X, double Y) From, (double X, double Y)[] To)> usable = [.. matches.Where(m => m.To.Length > 0)];
        if (usable.Count < 8 || Consensus(usable) is not { } motion)
            return new ViewComparison(0, double.NaN, 0);
        int inliers = Inliers(motion, usable).Count;
        // The share is of details the motion leaves inside the picture: those that left it are a movement, not an obstruction.
        int inside = matches.Count(m => motion.Apply(m.From.X, m.From.Y) is var (x, y) && x > .03 && y > .03 && x < current.Width / scale2 - .03 && y < current.Height / scale2 - .03);
        return new ViewComparison(Math.Min(1, (double)inliers / Math.Max(30, inside)), CornerShift(motion, reference.Width / scale, reference.Height / scale), inliers);
    }

    private static Motion? Consensus(List<((double X, double Y) From, (double X, double Y)[] To)> matches)
    {
        // The seed is fixed: the same two pictures must always give the same verdict.
        Random random = new(1981);
        (Motion? best, int bestCount) = (null, 7);
        for (int i = 0; i < Iterations; i++)
        {
            var a = matches[random.Next(matches.Count)];
            var b = matches[random.Next(matches.Count)];
            if (Motion.Similarity(a.From, b.From, a.To[random.Next(a.To.Length)], b.To[random.Next(b.To.Length)]) is not { } guess)
                continue;
            int count = Inliers(guess, matches).Count;
            if (count > bestCount)
                (best, bestCount) = (guess, count);
        }
        for (int round = 0; best is not null && round < 3 && bestCount >= 12; round++)
            if (Motion.Fit(Inliers(best, matches)) is { } fitted && Inliers(fitted, matches).Count is var count && count >= bestCount)
                (best, bestCount) = (fitted, count);
        return best;
    }

    private static List<((double X, double Y) From, (double X, double Y) To)> Inliers(Motion motion, List<((double X, double Y) From, (double X, double Y)[] To)> matches)
    {
        List<((double X, double Y) From, (double X, double Y) To)> inliers = [];
        foreach (((double X, double Y) from, (double X, double Y)[] to) in matches)
        {
            (double x, double y) = motion.Apply(from.X, from.Y);
            foreach ((double X, double Y) t in to)
                if ((t.X - x) * (t.X - x) + (t.Y - y) * (t.Y - y) < Tolerance * Tolerance)
                {
                    inliers.Add((from, t));
                    break;
                }
        }
        return inliers;
    }

    private static double CornerShift(Motion motion, double width, double height)
    {
        double worst = 0;
        foreach ((double x, double y) in (ReadOnlySpan<(double, double)>)[(0, 0), (width, 0), (0, height), (width, height)])
            if (motion.Apply(x, y) is var (u, v))
                worst = Math.Max(worst, Math.Sqrt((u - x) * (u - x) + (v - y) * (v - y)));
        return worst / Math.Sqrt(width * width + height * height);
    }
}
