using Perenne.Vision.Geometry;

namespace Perenne.Formats;

/// <summary>How to read a data set.</summary>
public sealed record ReadOptions
{
    /// <summary>Go on past malformed records and collect them in <see cref="DatasetReader.Problems"/>. Default: stop at the first.</summary>
    public bool Lenient { get; init; }

    /// <summary>Folder of the images where they are not in the data set's own folder.</summary>
    public string? ImageRoot { get; init; }

    /// <summary>Size of every image whose size neither the data set nor an image file tells.</summary>
    public ImageSize? DefaultImageSize { get; init; }

    /// <summary>VOC: pixel number of the first column, 0 or 1. Tools disagree; 1 (default) is VOC's own, and its right and lower edges are inclusive.</summary>
    public int VocBase { get; init; } = 1;

    /// <summary>What an image without annotations means. Null takes the format's own convention: COCO, YOLO, VOC and DeepPCB say <see cref="ImageAnswer.NoDefect"/>, CVAT and Labelbox cannot tell.</summary>
    public ImageAnswer? EmptyImagesAre { get; init; }

    /// <summary>DeepPCB: also read the defect-free images of <c>reference/</c> as images without defect, in no split.</summary>
    public bool IncludeReferenceImages { get; init; }

    /// <summary>Also read predictions where a format keeps them apart from annotations (Label Studio).</summary>
    public bool IncludePredictions { get; init; }

    /// <summary>Largest single record (JSON object, label file) in bytes; a larger one is a problem, never an allocation. Default 64 MiB.</summary>
    public int MaxRecordBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>Told how far reading is.</summary>
    public IProgress<DatasetProgress>? Progress { get; init; }
}

/// <summary>How far reading is.</summary>
/// <param name="Stage"><c>index</c> (bytes) or <c>read</c> (images).</param>
/// <param name="Done">Bytes or images done.</param>
/// <param name="Total">Bytes or images in all; null while unknown.</param>
public readonly record struct DatasetProgress(string Stage, long Done, long? Total);
