using Perenne.Vision.Geometry;
using Perenne.Vision.Metrics;

namespace Perenne.Cli.Metrics;

/// <summary>Two files, checked against each other, as the evaluation takes them.</summary>
internal sealed record CocoInput(IReadOnlyCollection<long> Images, List<long> Categories, GroundTruth[] Truth, Detection[] Detections, int OtherCategories)
{
    /// <exception cref="FormatException">A file is malformed, or one does not fit the other.</exception>
    public static CocoInput Read(FileInfo truthFile, FileInfo detectionFile, OverlapKind overlap)
    {
        bool masks = overlap == OverlapKind.Mask;
        CocoTruthFile truth = CocoFiles.ReadTruth(truthFile, masks);
        GroundTruth[] objects = [.. truth.Annotations.Select(a => ToTruth(a, truth.Images, masks))];
        Detection[] detections = [.. CocoFiles.ReadDetections(detectionFile, masks, d => ToDetection(d, truth.Images, masks))];
        HashSet<long> known = [.. truth.Categories];
        return new CocoInput(truth.Images.Keys, truth.Categories, objects, detections, detections.Count(d => !known.Contains(d.CategoryId)));
    }

    private static GroundTruth ToTruth(CocoEntry entry, Dictionary<long, ImageSize> images, bool masks)
    {
        RunLengthMask? mask = MaskOf(entry, images, masks);
        Box box = BoxOf(entry, mask);
        return new GroundTruth(entry.ImageId, entry.CategoryId, box, entry.Area ?? mask?.Area ?? box.Area, entry.IsCrowd, mask);
    }

    private static Detection ToDetection(CocoEntry entry, Dictionary<long, ImageSize> images, bool masks)
    {
        RunLengthMask? mask = MaskOf(entry, images, masks);
        return new Detection(entry.ImageId, entry.CategoryId, BoxOf(entry, mask), entry.Score!.Value, mask);
    }

    private static Box BoxOf(CocoEntry entry, RunLengthMask? mask) => entry.Box
        ?? (mask is not null ? MaskOperations.Bounds(mask) ?? default : throw entry.Error("\"bbox\" is missing; expected 4 numbers [x, y, width, height]"));

    private static RunLengthMask? MaskOf(CocoEntry entry, Dictionary<long, ImageSize> images, bool masks)
    {
        if (!images.TryGetValue(entry.ImageId, out ImageSize size))
            throw entry.Error($"image_id is {entry.ImageId}, but the ground truth has no image with that id");
        if (!masks)
            return null;
        if (entry.Segmentation is null)
            throw entry.Error("\"segmentation\" is missing; --iou segm needs polygons or run lengths");
        if (entry.Segmentation.Polygons is not null && (size.Width == 0 || size.Height == 0))
            throw entry.Error($"image {entry.ImageId} has no width and height in the ground truth; polygons need them");
        try
        {
            RunLengthMask mask = entry.Segmentation.ToMask(size);
            return size.Width == 0 || mask.Size == size ? mask
                : throw entry.Error($"the mask is {mask.Width} × {mask.Height}, but image {entry.ImageId} is {size.Width} × {size.Height}");
        }
        catch (Exception e) when (e is ArgumentException || (e is FormatException && !e.Message.StartsWith(entry.File, StringComparison.Ordinal)))
        {
            throw entry.Error("segmentation: " + e.Message.TrimEnd('.'));
        }
    }
}
