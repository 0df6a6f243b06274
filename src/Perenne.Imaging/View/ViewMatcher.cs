namespace Perenne.Imaging;

/// <summary>
/// Finds the reference's corners again in a picture of the same camera: each looks for its few best descriptors within a window (repeating
/// structures give several), and the motion most of them agree on decides (RANSAC, Fischler and Bolles 1981, then a homography over the inliers).
/// The work is bounded by the number of corners, whatever the picture's size.
/// </summary>
public static class ViewMatcher
{
    private const int Iterations = 600;
    private const double Tolerance = .006;

    /// <returns>Null when the reference has too few corners or the pictures differ in shape: the view then cannot be judged.</returns>
    public static ViewComparison? Compare(ViewReference reference, ViewReference current)
    {
        if (reference.Corners < 30 || Math.Abs((double)reference.Width / reference.Height - (double)current.Width / current.Height) > .02)
            return null;
        ViewMatches matches = ViewMatches.Find(reference, current);
        if (matches.Count < 8 || Consensus(matches) is not { } motion)
            return new ViewComparison(0, double.NaN, 0);
        int inliers = matches.Agreeing(motion, Tolerance);
        // The share is of details the motion leaves inside the picture: those that left it are a movement, not an obstruction.
        double scale = Math.Max(reference.Width, reference.Height), scale2 = Math.Max(current.Width, current.Height);
        int inside = 0;
        foreach (ViewPointOfInterest p in reference.Points)
        {
            (double x, double y) = motion.Apply(p.X / scale, p.Y / scale);
            inside += x > .03 && y > .03 && x < current.Width / scale2 - .03 && y < current.Height / scale2 - .03 ? 1 : 0;
        }
        return new ViewComparison(Math.Min(1, (double)inliers / Math.Max(30, inside)), CornerShift(motion, reference.Width / scale, reference.Height / scale), inliers);
    }

    private static Motion? Consensus(ViewMatches matches)
    {
        // The seed is fixed: the same two pictures must always give the same verdict.
        Random random = new(1981);
        (Motion? best, int bestCount) = (null, 7);
        for (int i = 0; i < Iterations; i++)
        {
            int a = random.Next(matches.Count), b = random.Next(matches.Count);
            (float X, float Y) toA = matches.Candidate(a, random.Next(matches.CandidatesOf(a))), toB = matches.Candidate(b, random.Next(matches.CandidatesOf(b)));
            if (Motion.Similarity(matches.From[a], matches.From[b], toA, toB) is not { } guess)
                continue;
            int count = matches.Agreeing(guess, Tolerance, bestCount + 1);
            if (count > bestCount)
                (best, bestCount) = (guess, count);
        }
        for (int round = 0; best is not null && round < 3 && bestCount >= 12; round++)
            if (Motion.Fit(Inliers(best, matches)) is { } fitted && matches.Agreeing(fitted, Tolerance) is var count && count >= bestCount)
                (best, bestCount) = (fitted, count);
        return best;
    }

    private static List<((double X, double Y) From, (double X, double Y) To)> Inliers(Motion motion, ViewMatches matches)
    {
        List<((double X, double Y) From, (double X, double Y) To)> inliers = [];
        for (int i = 0; i < matches.Count; i++)
            if (matches.Nearest(motion, Tolerance, i) is >= 0 and var candidate)
                inliers.Add((matches.From[i], matches.Candidate(i, candidate)));
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
