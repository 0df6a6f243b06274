namespace Perenne.Formats;

internal static class LossSentences
{
    public static string For(DatasetFeature feature) => feature switch
    {
        DatasetFeature.Boxes => "boxes are not held and were left out",
        DatasetFeature.RotatedBoxes => "the angle of rotated boxes is not held: the corners (or, where polygons are not held, the bounds) were written",
        DatasetFeature.Polygons => "polygons are not held: their bounds were written",
        DatasetFeature.MultiPolygons => "polygons of several rings are not held: one polygon per ring was written",
        DatasetFeature.PolygonHoles => "holes in polygons are not held: the outer rings were written",
        DatasetFeature.Polylines => "polylines are not held and were left out",
        DatasetFeature.Points => "points are not held and were left out",
        DatasetFeature.Masks => "pixel masks are not held: their outlines (or, where polygons are not held, the bounds) were written",
        DatasetFeature.Tags => "image tags are not held and were left out",
        DatasetFeature.Values => "image values are not held and were left out",
        DatasetFeature.Attributes => "attributes are not held and were left out",
        DatasetFeature.Scores => "scores are not held and were left out",
        DatasetFeature.Crowd => "the crowd mark is not held and was left out",
        DatasetFeature.Difficult => "the difficult mark is not held and was left out",
        DatasetFeature.Occluded => "the occluded mark is not held and was left out",
        DatasetFeature.Truncated => "the truncated mark is not held and was left out",
        DatasetFeature.Groups => "groups are not held and were left out",
        DatasetFeature.Authors => "authors are not held and were left out",
        DatasetFeature.Times => "times are not held and were left out",
        DatasetFeature.Splits => "splits are not held and were left out",
        DatasetFeature.UnansweredImages => "images nobody answered would read as images without defect, so they were left out",
        DatasetFeature.NoDefectImages => "the answer \"no defect\" is not held: the image reads as not annotated",
        DatasetFeature.SkippedImages => "skipped images are not held and were left out",
        DatasetFeature.OpenLabels => "annotations without a label class are not held and were left out",
        DatasetFeature.UnknownSizes => "coordinates are relative to the image size, which is unknown: the image was left out (give an image folder or a size)",
        DatasetFeature.OutsideImage => "coordinates outside the image are not held: they were cut at the border",
        DatasetFeature.SubPixels => "fractions of a pixel are not held: coordinates were rounded",
        DatasetFeature.Keypoints => "keypoints have no place in the neutral record and were left out",
        DatasetFeature.OtherClasses => "label classes beyond the six of DeepPCB are not held and were left out",
        DatasetFeature.OtherKinds => "annotations of a kind that has no place in the neutral record were left out",
        DatasetFeature.SeveralAnnotators => "annotations of several people are kept in one list, told apart by their author only",
        _ => "is not held and was left out",
    };
}
