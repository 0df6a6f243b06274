using System.Collections.Immutable;

namespace Perenne.Vision.Geometry;

/// <summary>Traces a mask's outline along pixel edges. The polygon covers exactly the mask's pixels: rasterised again it gives the same mask.</summary>
/// <remarks>
/// Outer rings run clockwise on the screen, holes counter-clockwise; pixels that touch only at a corner belong to different rings.
/// Method: the horizontal edges are the ends of each column's runs; at the border of two columns, the ends sorted by row pair up into the vertical edges. Cost: the number of runs, not of pixels.
/// </remarks>
public static class MaskTracer
{
    /// <summary>The outline as one polygon under the even-odd rule; without rings for an empty mask.</summary>
    public static PolygonShape Trace(RunLengthMask mask)
    {
        List<ColumnRun> columns = Columns(mask);
        int[] next = LinkEdges(columns);
        var rings = ImmutableArray.CreateBuilder<ImmutableArray<ImagePoint>>();
        var visited = new bool[next.Length];
        for (int start = 0; start < next.Length; start++)
            if (!visited[start])
                rings.Add(Follow(start, columns, next, visited));
        return new PolygonShape(rings.ToImmutable());
    }

    private static List<ColumnRun> Columns(RunLengthMask mask)
    {
        var columns = new List<ColumnRun>(mask.Counts.Length);
        foreach (ColumnRun run in MaskColumns.Of(mask))
            columns.Add(run);
        return columns;
    }

    // Edge 2k is the top of column run k, walked rightwards; edge 2k + 1 its bottom, walked leftwards: foreground on the right hand.
    private static int[] LinkEdges(List<ColumnRun> columns)
    {
        var next = new int[columns.Count * 2];
        var ends = new List<End>();
        int left = 0;
        while (left < columns.Count)
        {
            int middle = left;
            while (middle < columns.Count && columns[middle].Column == columns[left].Column)
                middle++;
            bool adjoining = middle < columns.Count && columns[middle].Column == columns[left].Column + 1;
            int right = middle;
            while (adjoining && right < columns.Count && columns[right].Column == columns[middle].Column)
                right++;
            if (left == 0 || columns[left - 1].Column != columns[left].Column - 1)
                LinkBorder(columns, left, left, middle, next, ends);
            LinkBorder(columns, left, middle, right, next, ends);
            left = middle;
        }
        return next;
    }

    // The border between the runs [leftStart, rightStart) of one column and [rightStart, rightEnd) of the next.
    private static void LinkBorder(List<ColumnRun> columns, int leftStart, int rightStart, int rightEnd, int[] next, List<End> ends)
    {
        ends.Clear();
        for (int run = leftStart; run < rightEnd; run++)
        {
            bool isLeft = run < rightStart;
            ends.Add(new End(columns[run].Top, IsStart: true, 2 * run, Arrives: isLeft));
            ends.Add(new End(columns[run].Bottom, IsStart: false, 2 * run + 1, Arrives: !isLeft));
        }
        ends.Sort();
        for (int i = 0; i < ends.Count; i += 2)
        {
            (End arriving, End departing) = ends[i].Arrives ? (ends[i], ends[i + 1]) : (ends[i + 1], ends[i]);
            next[arriving.Edge] = departing.Edge;
        }
    }

    private static ImmutableArray<ImagePoint> Follow(int start, List<ColumnRun> columns, int[] next, bool[] visited)
    {
        var ring = ImmutableArray.CreateBuilder<ImagePoint>();
        int edge = start;
        do
        {
            visited[edge] = true;
            int following = next[edge];
            int row = Row(edge, columns), followingRow = Row(following, columns);
            if (row != followingRow)
            {
                int border = columns[edge / 2].Column + (edge % 2 == 0 ? 1 : 0);
                ring.Add(new ImagePoint(border, row));
                ring.Add(new ImagePoint(border, followingRow));
            }
            edge = following;
        }
        while (edge != start);
        return ring.ToImmutable();
    }

    private static int Row(int edge, List<ColumnRun> columns) => edge % 2 == 0 ? columns[edge / 2].Top : columns[edge / 2].Bottom;

    // At one row, a run that ends comes before one that starts: pixels that touch at a corner are kept apart.
    private readonly record struct End(int Row, bool IsStart, int Edge, bool Arrives) : IComparable<End>
    {
        public int CompareTo(End other) => Row != other.Row ? Row.CompareTo(other.Row)
            : IsStart != other.IsStart ? IsStart.CompareTo(other.IsStart) : Edge.CompareTo(other.Edge);
    }
}
