using System.Text.Json;

namespace Perenne.Formats.Coco;

/// <summary>Writes <c>annotations/instances_SPLIT.json</c> per split, or one file where the target ends in .json.</summary>
internal sealed class CocoWriter : DatasetWriter
{
    public const DatasetFeature Can = DatasetFeature.Boxes | DatasetFeature.Polygons | DatasetFeature.MultiPolygons | DatasetFeature.Masks
        | DatasetFeature.Attributes | DatasetFeature.Scores | DatasetFeature.Crowd | DatasetFeature.Difficult | DatasetFeature.Occluded
        | DatasetFeature.Truncated | DatasetFeature.Splits | DatasetFeature.NoDefectImages | DatasetFeature.UnknownSizes
        | DatasetFeature.OutsideImage | DatasetFeature.SubPixels | DatasetFeature.ImageMetadata | DatasetFeature.ImageSizes | DatasetFeature.ClassParents
        | DatasetFeature.UnusedClasses | DatasetFeature.AttributeKinds | DatasetFeature.ImagesInNoSplit | DatasetFeature.OtherSplits | DatasetFeature.EmptyMasks;

    private readonly SortedDictionary<string, CocoSplitFile> _splits = new(StringComparer.Ordinal);
    private readonly string _target;
    private readonly bool _single;

    public CocoWriter(string target, DatasetHeader header, WriteOptions options)
        : base(IsSingle(target) ? Can & ~DatasetFeature.Splits : Can, header, options) => (_target, _single) = (target, IsSingle(target));

    private protected override async Task CompleteFilesAsync(CancellationToken cancellationToken)
    {
        if (_splits.Count == 0)
            SplitFile(null);
        foreach (CocoSplitFile split in _splits.Values)
            await split.CompleteAsync(cancellationToken).ConfigureAwait(false);
    }

    public override async ValueTask DisposeAsync()
    {
        foreach (CocoSplitFile split in _splits.Values)
            await split.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    private protected override async Task WriteImageAsync(AnnotatedImage image, CancellationToken cancellationToken)
    {
        string split = image.Split ?? "default";
        await SplitFile(image.Split).WriteAsync(image, cancellationToken).ConfigureAwait(false);
        if (!_single)
            TransferImage(image, Path.Combine(_target, "images", split, image.FileName));
    }

    private protected override bool HoldsClassId(LabelClass label, int index) => CocoSplitFile.KeepsClassIds(Header) || label.SourceId == index + 1;

    private protected override bool HoldsFact(AnnotatedImage image, string name, string value) => !CocoSplitFile.IsOwnProperty(name);

    private static bool IsSingle(string target) => target.EndsWith(".json", StringComparison.OrdinalIgnoreCase);

    private CocoSplitFile SplitFile(string? split)
    {
        string name = _single ? "" : split ?? "default";
        if (_splits.TryGetValue(name, out CocoSplitFile? known))
            return known;
        string path = _single ? _target : Path.Combine(_target, "annotations", $"instances_{name}.json");
        return _splits[name] = new CocoSplitFile(path, Header, Options);
    }
}
