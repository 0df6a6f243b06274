using System.Collections.Immutable;

namespace Perenne.Vision.Geometry;

/// <summary>The common area of two regions, exact but for rounding, whatever their rings do (holes, crossings, shared edges).</summary>
/// <remarks>Method: the plane is cut into horizontal slabs at every corner and every crossing; within a slab edges keep their order, so the common region is a row of trapezoids. O(n² + s · n) for n edges and s slabs, after a bounds test.</remarks>
internal static class RegionOverlap
{
    public static double Area(PlaneRegion a, PlaneRegion b)
    {
        var edges = new List<Edge>();
        AddEdges(a, 0, edges);
        if (!ReferenceEquals(a, b))
            AddEdges(b, 1, edges);
        double[] levels = Levels(edges);
        var row = new List<Cut>();
        double area = 0;
        edges.Sort(static (x, y) => x.Top.Y.CompareTo(y.Top.Y));
        for (int i = 0; i + 1 < levels.Length; i++)
        {
            double top = levels[i], bottom = levels[i + 1], middle = (top + bottom) / 2;
            row.Clear();
            foreach (Edge edge in edges)
            {
                if (edge.Top.Y > middle)
                    break;
                if (edge.Bottom.Y > middle)
                    row.Add(new Cut(edge.XAt(middle), edge.Region, edge.Winding));
            }
            row.Sort(static (x, y) => x.X.CompareTo(y.X));
            area += Width(row, a.IsUnion, b.IsUnion, ReferenceEquals(a, b)) * (bottom - top);
        }
        return area;
    }

    // The mean width of the common trapezoids is their width halfway down, since no edges cross inside the slab.
    private static double Width(List<Cut> row, bool unionA, bool unionB, bool same)
    {
        double width = 0, from = 0;
        int windingA = 0, windingB = 0;
        bool inside = false;
        foreach (Cut cut in row)
        {
            if (cut.Region == 0)
                windingA += unionA ? cut.Winding : 1;
            else
                windingB += unionB ? cut.Winding : 1;
            bool inA = unionA ? windingA != 0 : (windingA & 1) != 0;
            bool inB = same || (unionB ? windingB != 0 : (windingB & 1) != 0);
            if ((inA && inB) == inside)
                continue;
            if (inside)
                width += cut.X - from;
            else
                from = cut.X;
            inside = !inside;
        }
        return width;
    }

    private static void AddEdges(PlaneRegion region, int index, List<Edge> edges)
    {
        foreach (ImmutableArray<ImagePoint> ring in region.Rings)
            for (int i = 0; i < ring.Length; i++)
            {
                ImagePoint p = ring[i], q = ring[i + 1 == ring.Length ? 0 : i + 1];
                if (p.Y != q.Y)
                    edges.Add(p.Y < q.Y ? new Edge(p, q, index, 1) : new Edge(q, p, index, -1));
            }
    }

    private static double[] Levels(List<Edge> edges)
    {
        var levels = new List<double>(edges.Count * 2);
        edges.Sort(static (x, y) => x.Top.Y.CompareTo(y.Top.Y));
        for (int i = 0; i < edges.Count; i++)
        {
            Edge e = edges[i];
            levels.Add(e.Top.Y);
            levels.Add(e.Bottom.Y);
            for (int j = i + 1; j < edges.Count && edges[j].Top.Y < e.Bottom.Y; j++)
                if (e.CrossingLevel(edges[j]) is { } level)
                    levels.Add(level);
        }
        levels.Sort();
        return [.. levels.Distinct()];
    }

    private readonly record struct Cut(double X, int Region, int Winding);

    private readonly record struct Edge(ImagePoint Top, ImagePoint Bottom, int Region, int Winding)
    {
        public double XAt(double y) => Top.X + (Bottom.X - Top.X) * ((y - Top.Y) / (Bottom.Y - Top.Y));

        public double? CrossingLevel(Edge other)
        {
            double from = Math.Max(Top.Y, other.Top.Y), to = Math.Min(Bottom.Y, other.Bottom.Y);
            double before = XAt(from) - other.XAt(from), after = XAt(to) - other.XAt(to);
            if (!((before < 0 && after > 0) || (before > 0 && after < 0)))
                return null;
            return from + (to - from) * (before / (before - after));
        }
    }
}
