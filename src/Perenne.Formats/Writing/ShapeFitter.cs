using System.Collections.Immutable;
using Perenne.Vision.Geometry;

namespace Perenne.Formats;

/// <summary>Turns what a format cannot hold into the nearest thing it can, and counts each time.</summary>
internal sealed class ShapeFitter(DatasetFeature holds, LossReport losses)
{
    public ImmutableArray<AnnotationRecord> Fit(AnnotatedImage image, Func<string, bool> holdsLabel)
    {
        var fitted = ImmutableArray.CreateBuilder<AnnotationRecord>(image.Annotations.Length);
        foreach (AnnotationRecord annotation in image.Annotations)
        {
            if (!FitsLabel(annotation, image, holdsLabel))
                continue;
            if (annotation.Shape is null)
            {
                if (FitsWholeImage(annotation, image))
                    fitted.Add(CountMarks(annotation, image));
                continue;
            }
            int before = fitted.Count;
            foreach (Shape shape in FitShape(annotation.Shape, annotation, image))
                if (KeepInside(shape, annotation, image) is { } inside)
                    fitted.Add(ReferenceEquals(inside, annotation.Shape) ? annotation : annotation with { Shape = inside });
            if (fitted.Count > before)
                CountMarks(annotation, image);
        }
        return fitted.DrainToImmutable();
    }

    private bool Has(DatasetFeature feature) => (holds & feature) != 0;

    private void Lose(DatasetFeature feature, AnnotationRecord annotation, AnnotatedImage image) =>
        losses.Add(feature, image.FileName, annotation.Label ?? annotation.SourceId);

    private bool FitsLabel(AnnotationRecord annotation, AnnotatedImage image, Func<string, bool> holdsLabel)
    {
        if (annotation.Label is null ? Has(DatasetFeature.OpenLabels) : holdsLabel(annotation.Label))
            return true;
        Lose(annotation.Label is null ? DatasetFeature.OpenLabels : DatasetFeature.OtherClasses, annotation, image);
        return false;
    }

    private bool FitsWholeImage(AnnotationRecord annotation, AnnotatedImage image)
    {
        DatasetFeature kind = annotation.Value is null ? DatasetFeature.Tags : DatasetFeature.Values;
        if (Has(kind))
            return true;
        Lose(kind, annotation, image);
        return false;
    }

    private IEnumerable<Shape> FitShape(Shape shape, AnnotationRecord annotation, AnnotatedImage image)
    {
        switch (shape)
        {
            case MaskShape { Mask.Area: 0 } when !Has(DatasetFeature.EmptyMasks):
                Lose(DatasetFeature.EmptyMasks, annotation, image);
                return [];
            case BoxShape box when Has(DatasetFeature.Boxes):
                return [box];
            case BoxShape box when Has(DatasetFeature.RotatedBoxes):
                Box b = box.Box;
                return [new RotatedBoxShape(new(b.X + b.Width / 2, b.Y + b.Height / 2, b.Width, b.Height, 0))];
            case BoxShape box when Has(DatasetFeature.Polygons):
                return [PolygonShape.FromRing(ShapeMath.Corners(box.Box))];
            case RotatedBoxShape when Has(DatasetFeature.RotatedBoxes):
                return [shape];
            case RotatedBoxShape rotated:
                if (rotated.Box.AngleDegrees != 0)
                    Lose(DatasetFeature.RotatedBoxes, annotation, image);
                else if (Has(DatasetFeature.Boxes))
                    return BoundsOf(shape);
                return Has(DatasetFeature.Polygons) ? [PolygonShape.FromRing(ShapeMath.Corners(rotated.Box))] : BoundsOf(shape);
            case PolygonShape polygon:
                return FitPolygon(polygon, annotation, image);
            case MaskShape mask when !Has(DatasetFeature.Masks):
                Lose(DatasetFeature.Masks, annotation, image);
                return Has(DatasetFeature.Polygons) ? FitPolygon(MaskTracer.Trace(mask.Mask), annotation, image) : BoundsOf(shape);
            case PolylineShape when !Has(DatasetFeature.Polylines):
                Lose(DatasetFeature.Polylines, annotation, image);
                return [];
            case PointShape when !Has(DatasetFeature.Points):
                Lose(DatasetFeature.Points, annotation, image);
                return [];
            default:
                return [shape];
        }
    }

    private IEnumerable<Shape> FitPolygon(PolygonShape polygon, AnnotationRecord annotation, AnnotatedImage image)
    {
        if (polygon.Rings.IsEmpty)
            return [];
        if (!Has(DatasetFeature.Polygons))
        {
            Lose(DatasetFeature.Polygons, annotation, image);
            return BoundsOf(polygon);
        }
        if (polygon.Rings.Length == 1)
            return [polygon];
        int[] depths = ShapeMath.Depths(polygon);
        bool holes = depths.Any(d => d % 2 == 1);
        if (holes && Has(DatasetFeature.PolygonHoles) || !holes && Has(DatasetFeature.MultiPolygons))
            return [polygon];
        if (holes)
        {
            // A mask keeps the hole where the format has masks and the size is known; the border moves to whole pixels.
            if (Has(DatasetFeature.Masks) && image.Size is { } size && (long)size.Width * size.Height <= RunLengthMask.MaximumPixels)
            {
                Lose(DatasetFeature.SubPixels, annotation, image);
                return [new MaskShape(ScanlineRasterizer.Rasterize(polygon, size))];
            }
            Lose(DatasetFeature.PolygonHoles, annotation, image);
            polygon = new([.. polygon.Rings.Where((_, i) => depths[i] % 2 == 0)]);
        }
        if (polygon.Rings.Length == 1 || Has(DatasetFeature.MultiPolygons))
            return [polygon];
        Lose(DatasetFeature.MultiPolygons, annotation, image);
        return polygon.Rings.Select(r => new PolygonShape([r]));
    }

    // A format without plain boxes (YOLO-OBB) takes bounds as boxes with angle 0.
    private IEnumerable<Shape> BoundsOf(Shape shape) => ShapeMath.Bounds(shape) switch
    {
        null => [],
        { } b when Has(DatasetFeature.Boxes) => [new BoxShape(b)],
        { } b => [new RotatedBoxShape(new(b.X + b.Width / 2, b.Y + b.Height / 2, b.Width, b.Height, 0))],
    };

    private Shape? KeepInside(Shape shape, AnnotationRecord annotation, AnnotatedImage image)
    {
        if (Has(DatasetFeature.OutsideImage) || image.Size is not { } size || shape is MaskShape || ShapeMath.Bounds(shape) is not { } b)
            return shape;
        // A millionth of the side is rounding, not annotation.
        double slackX = size.Width * 1e-6, slackY = size.Height * 1e-6;
        if (b.X >= -slackX && b.Y >= -slackY && b.Right <= size.Width + slackX && b.Bottom <= size.Height + slackY)
            return shape;
        Lose(DatasetFeature.OutsideImage, annotation, image);
        if (b.X >= size.Width || b.Y >= size.Height || b.Right <= 0 || b.Bottom <= 0)
            return null;
        double X(double x) => Math.Clamp(x, 0, size.Width);
        double Y(double y) => Math.Clamp(y, 0, size.Height);
        ImmutableArray<ImagePoint> Cut(ImmutableArray<ImagePoint> ring) => [.. ring.Select(p => new ImagePoint(X(p.X), Y(p.Y)))];
        return shape switch
        {
            BoxShape => new BoxShape(Box.FromCorners(X(b.X), Y(b.Y), X(b.Right), Y(b.Bottom))),
            RotatedBoxShape r => PolygonShape.FromRing(Cut(ShapeMath.Corners(r.Box))),
            PolygonShape p => new PolygonShape([.. p.Rings.Select(Cut)]),
            PolylineShape l => new PolylineShape(Cut(l.Points)),
            _ => shape,
        };
    }

    private AnnotationRecord CountMarks(AnnotationRecord a, AnnotatedImage image)
    {
        void Check(bool present, DatasetFeature feature)
        {
            if (present && !Has(feature))
                Lose(feature, a, image);
        }
        Check(!a.Attributes.IsDefaultOrEmpty, DatasetFeature.Attributes);
        Check(a.Score is not null, DatasetFeature.Scores);
        Check(a.IsCrowd, DatasetFeature.Crowd);
        Check(a.Difficult, DatasetFeature.Difficult);
        Check(a.Occluded, DatasetFeature.Occluded);
        Check(a.Truncated, DatasetFeature.Truncated);
        Check(a.GroupId is not null, DatasetFeature.Groups);
        Check(a.SourceId is not null, DatasetFeature.SourceIds);
        Check(a.Author is not null, DatasetFeature.Authors);
        Check(a.CreatedAt is not null || a.UpdatedAt is not null, DatasetFeature.Times);
        return a;
    }
}
