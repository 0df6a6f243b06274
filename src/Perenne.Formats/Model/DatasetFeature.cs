namespace Perenne.Formats;

/// <summary>What a data set may contain. A format holds a subset; the rest is named in the <see cref="LossReport"/> when written to it.</summary>
[Flags]
public enum DatasetFeature : long
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Axis-aligned boxes.</summary>
    Boxes = 1 << 0,

    /// <summary>Boxes with an angle.</summary>
    RotatedBoxes = 1 << 1,

    /// <summary>Polygons of one ring.</summary>
    Polygons = 1 << 2,

    /// <summary>Polygons of several separate rings.</summary>
    MultiPolygons = 1 << 3,

    /// <summary>Polygons with holes.</summary>
    PolygonHoles = 1 << 4,

    /// <summary>Open lines.</summary>
    Polylines = 1 << 5,

    /// <summary>Single points.</summary>
    Points = 1 << 6,

    /// <summary>Pixel masks.</summary>
    Masks = 1 << 7,

    /// <summary>Image tags (classification).</summary>
    Tags = 1 << 8,

    /// <summary>Image values (regression).</summary>
    Values = 1 << 9,

    /// <summary>Attributes of annotations.</summary>
    Attributes = 1 << 10,

    /// <summary>Scores of predictions.</summary>
    Scores = 1 << 11,

    /// <summary>The crowd mark.</summary>
    Crowd = 1 << 12,

    /// <summary>The difficult mark.</summary>
    Difficult = 1 << 13,

    /// <summary>The occluded mark.</summary>
    Occluded = 1 << 14,

    /// <summary>The truncated mark.</summary>
    Truncated = 1 << 15,

    /// <summary>Groups of annotations.</summary>
    Groups = 1 << 16,

    /// <summary>Authors of annotations.</summary>
    Authors = 1 << 17,

    /// <summary>Times of annotations.</summary>
    Times = 1 << 18,

    /// <summary>Train / validation / test splits.</summary>
    Splits = 1 << 19,

    /// <summary>Images nobody has annotated, told apart from images without defect.</summary>
    UnansweredImages = 1 << 20,

    /// <summary>Images without defect.</summary>
    NoDefectImages = 1 << 21,

    /// <summary>Skipped images.</summary>
    SkippedImages = 1 << 22,

    /// <summary>Annotations whose label class is open.</summary>
    OpenLabels = 1 << 23,

    /// <summary>Images whose size is unknown.</summary>
    UnknownSizes = 1 << 24,

    /// <summary>Coordinates outside the image.</summary>
    OutsideImage = 1 << 25,

    /// <summary>Fractions of a pixel.</summary>
    SubPixels = 1 << 26,

    /// <summary>Keypoint skeletons. Nothing in the neutral record holds them yet.</summary>
    Keypoints = 1 << 27,

    /// <summary>Label classes beyond those the format is made for.</summary>
    OtherClasses = 1 << 28,

    /// <summary>Several people's annotations of one image kept apart.</summary>
    SeveralAnnotators = 1 << 29,

    /// <summary>Annotations of kinds the neutral record has no place for (relations, masks behind a URL, video tracks).</summary>
    OtherKinds = 1 << 30,

    /// <summary>Facts about images beside their annotations.</summary>
    ImageMetadata = 1L << 31,

    /// <summary>The ids annotations had in their source.</summary>
    SourceIds = 1L << 32,

    /// <summary>Why an image was skipped.</summary>
    SkippedReasons = 1L << 33,

    /// <summary>Sizes of images, where the image file is not there to tell.</summary>
    ImageSizes = 1L << 34,

    /// <summary>The ids label classes had in their source.</summary>
    ClassIds = 1L << 35,

    /// <summary>Colours of label classes.</summary>
    ClassColors = 1L << 36,

    /// <summary>The classes that label classes belong under.</summary>
    ClassParents = 1L << 37,

    /// <summary>Attributes declared for label classes.</summary>
    ClassAttributes = 1L << 38,

    /// <summary>Label classes without any annotation.</summary>
    UnusedClasses = 1L << 39,

    /// <summary>Whether an attribute is a number or a yes or no.</summary>
    AttributeKinds = 1L << 40,

    /// <summary>Names of groups that are no numbers.</summary>
    GroupNames = 1L << 41,

    /// <summary>Attributes of tags and values.</summary>
    WholeImageAttributes = 1L << 42,

    /// <summary>That an image was annotated, where none of its annotations could be held.</summary>
    EmptiedImages = 1L << 43,

    /// <summary>Images in no split.</summary>
    ImagesInNoSplit = 1L << 44,

    /// <summary>Splits other than train, val and test.</summary>
    OtherSplits = 1L << 45,

    /// <summary>Masks without a single pixel.</summary>
    EmptyMasks = 1L << 46,
}
