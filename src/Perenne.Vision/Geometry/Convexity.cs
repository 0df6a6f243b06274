namespace Perenne.Vision.Geometry;

/// <summary>Tells whether a ring is convex and winds around once.</summary>
internal static class Convexity
{
    public static bool IsConvex(ReadOnlySpan<ImagePoint> ring)
    {
        if (ring.Length < 3)
            return false;
        double sign = 0;
        int xTurns = 0;
        double lastDx = 0;
        for (int i = 0; i < ring.Length; i++)
        {
            ImagePoint a = ring[i], b = ring[(i + 1) % ring.Length], c = ring[(i + 2) % ring.Length];
            double cross = (b.X - a.X) * (c.Y - b.Y) - (b.Y - a.Y) * (c.X - b.X);
            if (cross * sign < 0)
                return false;
            if (cross != 0)
                sign = cross;
            double dx = b.X - a.X;
            if (dx == 0)
                continue;
            if (dx * lastDx < 0)
                xTurns++;
            lastDx = dx;
        }
        // Stars turn one way too, but go left and right more than once. A ring that folds back on itself has no sign.
        return sign != 0 && xTurns <= 2;
    }
}
