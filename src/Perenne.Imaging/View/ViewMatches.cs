namespace Perenne.Imaging;

/// <summary>Each corner of the reference with its few best matches of the current picture, on coordinates scaled so that the longest side is 1.</summary>
internal sealed class ViewMatches
{
    public const int Candidates = 3;
    private const int MaxBits = 60;
    private const float Window = .15f;

    private readonly int[] counts;
    private readonly float[] candidates;
    private int used;

    private ViewMatches(int corners) => (From, counts, candidates) = (new (float X, float Y)[corners], new int[corners], new float[corners * Candidates * 2]);

    /// <summary>Corners of the reference that have a match; the rest of <see cref="From"/> is unused.</summary>
    public int Count => used;

    public (float X, float Y)[] From { get; }

    public int CandidatesOf(int match) => counts[match];

    public (float X, float Y) Candidate(int match, int number) => (candidates[2 * (match * Candidates + number)], candidates[2 * (match * Candidates + number) + 1]);

    public static ViewMatches Find(ViewReference reference, ViewReference current)
    {
        float scale = 1f / Math.Max(reference.Width, reference.Height), scale2 = 1f / Math.Max(current.Width, current.Height);
        ViewPointOfInterest[] sorted = [.. current.Points];
        Array.Sort(sorted, (a, b) => a.Y.CompareTo(b.Y));
        ViewMatches matches = new(reference.Points.Length);
        Span<(int Bits, float X, float Y)> best = stackalloc (int, float, float)[Candidates];
        foreach (ref readonly ViewPointOfInterest p in reference.Points.AsSpan())
        {
            float x = p.X * scale, y = p.Y * scale;
            int found = 0;
            for (int i = FirstBelow(sorted, (y - Window) / scale2); i < sorted.Length && sorted[i].Y * scale2 < y + Window; i++)
            {
                ref readonly ViewPointOfInterest q = ref sorted[i];
                if (Math.Abs(q.X * scale2 - x) < Window && q.Distance(p) is var bits && bits <= MaxBits)
                    found = Insert(best, found, (bits, q.X * scale2, q.Y * scale2));
            }
            if (found > 0)
                matches.Add((x, y), best[..found]);
        }
        return matches;
    }

    /// <summary>Matches that agree with the motion within the tolerance; gives up, with less than <paramref name="atLeast"/>, once that cannot be reached.</summary>
    public int Agreeing(Motion motion, double tolerance, int atLeast = 0)
    {
        int agreeing = 0;
        for (int i = 0; i < used && agreeing + used - i >= atLeast; i++)
            agreeing += Nearest(motion, tolerance, i) >= 0 ? 1 : 0;
        return agreeing;
    }

    /// <summary>The candidate that lies where the motion puts the corner, or -1.</summary>
    public int Nearest(Motion motion, double tolerance, int match)
    {
        (double x, double y) = motion.Apply(From[match].X, From[match].Y);
        for (int c = 0; c < counts[match]; c++)
        {
            double dx = candidates[2 * (match * Candidates + c)] - x, dy = candidates[2 * (match * Candidates + c) + 1] - y;
            if (dx * dx + dy * dy < tolerance * tolerance)
                return c;
        }
        return -1;
    }

    private void Add((float X, float Y) from, ReadOnlySpan<(int Bits, float X, float Y)> to)
    {
        From[used] = from;
        counts[used] = to.Length;
        for (int c = 0; c < to.Length; c++)
            (candidates[2 * (used * Candidates + c)], candidates[2 * (used * Candidates + c) + 1]) = (to[c].X, to[c].Y);
        used++;
    }

    private static int Insert(Span<(int Bits, float X, float Y)> best, int found, (int Bits, float X, float Y) next)
    {
        int at = found;
        while (at > 0 && best[at - 1].Bits > next.Bits)
            at--;
        if (at == Candidates)
            return found;
        found = Math.Min(found + 1, Candidates);
        for (int i = found - 1; i > at; i--)
            best[i] = best[i - 1];
        best[at] = next;
        return found;
    }

    private static int FirstBelow(ViewPointOfInterest[] sorted, float y)
    {
        (int low, int high) = (0, sorted.Length);
        while (low < high)
            if (sorted[(low + high) / 2].Y <= y)
                low = (low + high) / 2 + 1;
            else
                high = (low + high) / 2;
        return low;
    }
}
