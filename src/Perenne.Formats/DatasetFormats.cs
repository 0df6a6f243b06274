using System.Collections.Immutable;
using Perenne.Formats.Coco;
using Perenne.Formats.Cvat;
using Perenne.Formats.DeepPcb;
using Perenne.Formats.Labelbox;
using Perenne.Formats.LabelStudio;
using Perenne.Formats.Voc;
using Perenne.Formats.Yolo;

namespace Perenne.Formats;

/// <summary>The formats there are: find out which one a path holds, open a reader, create a writer.</summary>
public static class DatasetFormats
{
    /// <summary>All formats, in a fixed order. Each can be read and written.</summary>
    public static ImmutableArray<FormatDescription> All { get; } =
    [
        new("coco", "COCO", "annotations/instances_SPLIT.json, SPLIT/_annotations.coco.json or one .json file", CocoWriter.Can),
        new("yolo", "YOLO detect", "data.yaml (or obj.names), images/ and labels/ with one text file per image", YoloWriter.Can(YoloVariant.Detect)),
        new("yolo-obb", "YOLO-OBB", "as YOLO; rows hold four corners", YoloWriter.Can(YoloVariant.Obb)),
        new("yolo-segment", "YOLO segment", "as YOLO; rows hold polygons", YoloWriter.Can(YoloVariant.Segment)),
        new("voc", "Pascal VOC", "Annotations/NAME.xml and ImageSets/Main, or one XML file beside each image", VocWriter.Can),
        new("cvat", "CVAT for images 1.1", "annotations.xml", CvatWriter.Can),
        new("label-studio", "Label Studio JSON", "a .json file: a list of tasks", LabelStudioWriter.Can),
        new("labelbox", "Labelbox NDJSON", "an .ndjson file: the v2 export or the import form (v1 lists are read)", LabelboxWriter.Can(LabelboxForm.Export)),
        new("deeppcb", "DeepPCB", "train.txt, test.txt and one text file beside each image", DeepPcbWriter.Can),
    ];

    /// <summary>Names the format of a file or folder from its layout and the first bytes of its files; null where none fits.</summary>
    public static DetectedFormat? Detect(string path) => FormatDetector.Detect(path);

    /// <summary>Opens a data set. For formats whose classes are not in one place (COCO, VOC, Label Studio, Labelbox) this reads it once.</summary>
    /// <param name="format">A name of <see cref="All"/>, or <c>auto</c>.</param>
    /// <param name="path">File or folder.</param>
    /// <param name="options">How to read; null = defaults.</param>
    /// <param name="cancellationToken">Cancels the first reading.</param>
    /// <exception cref="DatasetFormatException">Not a data set of that format; in strict mode also any problem met while opening.</exception>
    public static async Task<DatasetReader> OpenAsync(string format, string path, ReadOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new();
        if (!File.Exists(path) && !Directory.Exists(path))
            throw new DatasetFormatException(new(path, "", "there is no such file or folder", "a data set"));
        if (format == "auto")
            format = Detect(path)?.Format ?? throw new DatasetFormatException(new(path, "", "the format was not recognised", "one of " + Names));
        return format switch
        {
            "coco" => await CocoReader.OpenAsync(path, options, cancellationToken).ConfigureAwait(false),
            "yolo" => new YoloReader(path, format, YoloVariant.Detect, options),
            "yolo-obb" => new YoloReader(path, format, YoloVariant.Obb, options),
            "yolo-segment" => new YoloReader(path, format, YoloVariant.Segment, options),
            "voc" => await VocReader.OpenAsync(path, options, cancellationToken).ConfigureAwait(false),
            "cvat" => CvatReader.Open(path, options),
            "label-studio" => await LabelStudioReader.OpenAsync(path, options, cancellationToken).ConfigureAwait(false),
            "labelbox" => await LabelboxReader.OpenAsync(path, options, cancellationToken).ConfigureAwait(false),
            "deeppcb" => new DeepPcbReader(path, options),
            _ => throw Unknown(format),
        };
    }

    /// <summary>Creates a writer. The target must not exist yet (a folder may, if empty).</summary>
    /// <param name="format">A name of <see cref="All"/>.</param>
    /// <param name="path">File or folder to write.</param>
    /// <param name="header">The classes; labels of images must be among them.</param>
    /// <param name="options">How to write; null = defaults.</param>
    public static DatasetWriter CreateWriter(string format, string path, DatasetHeader header, WriteOptions? options = null)
    {
        options ??= new();
        return format switch
        {
            "coco" => new CocoWriter(path, header, options),
            "yolo" => new YoloWriter(path, YoloVariant.Detect, header, options),
            "yolo-obb" => new YoloWriter(path, YoloVariant.Obb, header, options),
            "yolo-segment" => new YoloWriter(path, YoloVariant.Segment, header, options),
            "voc" => new VocWriter(path, header, options),
            "cvat" => new CvatWriter(path, header, options),
            "label-studio" => new LabelStudioWriter(path, header, options),
            "labelbox" => new LabelboxWriter(path, header, options),
            "deeppcb" => new DeepPcbWriter(path, header, options),
            _ => throw Unknown(format),
        };
    }

    private static string Names => string.Join(", ", All.Select(f => f.Name));

    private static DatasetFormatException Unknown(string format) => new(new("", "", $"the format \"{format}\" is not known", "one of " + Names));
}
