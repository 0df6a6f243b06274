namespace Perenne.Formats;

/// <summary>What happens to the image files when a data set is written.</summary>
public enum ImageTransfer
{
    /// <summary>Only annotations are written.</summary>
    None,

    /// <summary>Each image found on disk is copied to where the format expects it.</summary>
    Copy,
}

/// <summary>Which of Labelbox's two forms is written.</summary>
public enum LabelboxForm
{
    /// <summary>The v2 export form: one row per data row. Holds image sizes and images without annotations.</summary>
    Export,

    /// <summary>The import form: one row per annotation, data rows named by global key.</summary>
    Import,
}

/// <summary>How to write a data set.</summary>
public sealed record WriteOptions
{
    /// <summary>What happens to the image files. Default: none are copied.</summary>
    public ImageTransfer Images { get; init; }

    /// <summary>
    /// Called for each image instead of copying it, with the path where the format expects its file: for whoever brings the files there
    /// by other means (into an archive, from a store).
    /// </summary>
    public Action<AnnotatedImage, string>? Place { get; init; }

    /// <summary>VOC: pixel number of the first column, 0 or 1. Default 1 (right and lower edges inclusive).</summary>
    public int VocBase { get; init; } = 1;

    /// <summary>COCO: write masks as compressed text (default) or as lists of run lengths.</summary>
    public bool CompressMasks { get; init; } = true;

    /// <summary>Labelbox: the form to write.</summary>
    public LabelboxForm LabelboxForm { get; init; }
}
