using Perenne.Vision.Geometry;

namespace Perenne.Vision.Agreement;

/// <summary>The mean of shapes whose kind has one.</summary>
internal static class MeanShape
{
    /// <summary>The mean of boxes (edges), rotated boxes (centre, sides, angle) or points; null for mixed or other kinds.</summary>
    public static Shape? Of(IReadOnlyList<Shape> shapes)
    {
        if (shapes.All(s => s is BoxShape))
        {
            Box[] boxes = [.. shapes.Cast<BoxShape>().Select(s => s.Box)];
            return new BoxShape(Box.FromCorners(boxes.Average(b => b.X), boxes.Average(b => b.Y), boxes.Average(b => b.Right), boxes.Average(b => b.Bottom)));
        }
        if (shapes.All(s => s is RotatedBoxShape))
            return new RotatedBoxShape(OfRotated([.. shapes.Cast<RotatedBoxShape>().Select(s => s.Box)]));
        if (shapes.All(s => s is PointShape))
            return new PointShape(new ImagePoint(shapes.Average(s => ((PointShape)s).Point.X), shapes.Average(s => ((PointShape)s).Point.Y)));
        return null;
    }

    // The same rectangle has four descriptions: turned by 90° with its sides exchanged. Each box is written the way whose angle is nearest
    // to the first one's before averaging; the angles then lie within 45° of it and have a plain mean.
    private static RotatedBox OfRotated(RotatedBox[] boxes)
    {
        double width = 0, height = 0, offset = 0;
        foreach (RotatedBox box in boxes)
        {
            double difference = box.AngleDegrees - boxes[0].AngleDegrees, quarters = Math.Round(difference / 90, MidpointRounding.ToEven);
            bool exchanged = Math.Abs(quarters % 2) == 1;
            width += exchanged ? box.Height : box.Width;
            height += exchanged ? box.Width : box.Height;
            offset += difference - 90 * quarters;
        }
        int n = boxes.Length;
        return new RotatedBox(boxes.Average(b => b.CenterX), boxes.Average(b => b.CenterY), width / n, height / n, boxes[0].AngleDegrees + offset / n);
    }
}
