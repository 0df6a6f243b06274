using System.Collections.Immutable;

namespace Perenne.Vision.Geometry;

/// <summary>Rasterises polygons by pixel centres: a pixel belongs to the mask where its centre lies inside under the even-odd rule. Holes stay holes.</summary>
/// <remarks>Columns are filled directly as runs. Cost: the number of edge × column crossings, sorted per column.</remarks>
public static class ScanlineRasterizer
{
    /// <summary>The polygon as a mask of this size; what lies outside the image is cut off.</summary>
    public static RunLengthMask Rasterize(PolygonShape polygon, ImageSize size) => Rasterize(polygon.Rings, size);

    /// <summary>The rings, together under the even-odd rule, as a mask of this size.</summary>
    public static RunLengthMask Rasterize(ImmutableArray<ImmutableArray<ImagePoint>> rings, ImageSize size)
    {
        List<Crossing> crossings = Crossings(rings, size);
        crossings.Sort();
        var runs = new RunBuilder();
        for (int i = 0; i + 1 < crossings.Count; i += 2)
        {
            // Every ring is closed, so each column has an even number of crossings.
            long column = (long)crossings[i].Column * size.Height;
            runs.AddForeground(column + FirstCentre(crossings[i].Y, size.Height), column + FirstCentre(crossings[i + 1].Y, size.Height));
        }
        return runs.ToMask(size.Width, size.Height);
    }

    private static List<Crossing> Crossings(ImmutableArray<ImmutableArray<ImagePoint>> rings, ImageSize size)
    {
        var crossings = new List<Crossing>();
        foreach (ImmutableArray<ImagePoint> ring in rings)
            for (int i = 0; i < ring.Length; i++)
            {
                ImagePoint a = ring[i], b = ring[i + 1 == ring.Length ? 0 : i + 1];
                if (a.X > b.X)
                    (a, b) = (b, a);
                // A column's centre on a corner belongs to the edge that starts there, never to both.
                int first = FirstCentre(a.X, size.Width), last = FirstCentre(b.X, size.Width);
                for (int column = first; column < last; column++)
                    crossings.Add(new Crossing(column, a.Y + (b.Y - a.Y) * ((column + 0.5 - a.X) / (b.X - a.X))));
            }
        return crossings;
    }

    /// <summary>The first pixel whose centre is at or after <paramref name="edge"/>, within [0, limit].</summary>
    private static int FirstCentre(double edge, int limit) => (int)Math.Clamp(Math.Ceiling(edge - 0.5), 0, limit);

    private readonly record struct Crossing(int Column, double Y) : IComparable<Crossing>
    {
        public int CompareTo(Crossing other) => Column != other.Column ? Column.CompareTo(other.Column) : Y.CompareTo(other.Y);
    }
}
