namespace Perenne.Vision.Geometry;

/// <summary>A mask against a box, exact: pixels count by the part of them inside.</summary>
internal static class MaskBoxes
{
    public static double IntersectionArea(RunLengthMask mask, Box box)
    {
        double area = 0;
        foreach (ColumnRun run in MaskColumns.Of(mask))
        {
            double width = Math.Min(run.Column + 1, box.Right) - Math.Max(run.Column, box.X);
            double height = Math.Min(run.Bottom, box.Bottom) - Math.Max(run.Top, box.Y);
            if (width > 0 && height > 0)
                area += width * height;
        }
        return area;
    }
}
