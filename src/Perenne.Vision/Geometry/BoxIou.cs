namespace Perenne.Vision.Geometry;

/// <summary>Overlap of axis-aligned boxes on continuous coordinates.</summary>
public static class BoxIou
{
    /// <summary>The common area, pixels²; 0 where the boxes only touch.</summary>
    public static double IntersectionArea(Box a, Box b)
    {
        double width = Math.Min(a.Right, b.Right) - Math.Max(a.X, b.X);
        if (!(width > 0))
            return 0;
        double height = Math.Min(a.Bottom, b.Bottom) - Math.Max(a.Y, b.Y);
        return height > 0 ? width * height : 0;
    }

    /// <summary>Intersection over union in [0, 1]; 0 without common area.</summary>
    /// <param name="detection">The first box.</param>
    /// <param name="groundTruth">The second box.</param>
    /// <param name="isCrowd">COCO: the union against a crowd is the detection's area.</param>
    public static double Of(Box detection, Box groundTruth, bool isCrowd = false)
    {
        double intersection = IntersectionArea(detection, groundTruth);
        if (intersection == 0)
            return 0;
        double union = isCrowd ? detection.Area : detection.Area + groundTruth.Area - intersection;
        return intersection / union;
    }
}
