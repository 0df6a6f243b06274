using System.Globalization;
using System.Text;
using Perenne.Vision.Geometry;

namespace Perenne.Formats.DeepPcb;

/// <summary>Writes DeepPCB's text files: whole pixels, six classes, <c>train.txt</c> and <c>test.txt</c>.</summary>
internal sealed class DeepPcbWriter : DatasetWriter
{
    public const DatasetFeature Can = DatasetFeature.Boxes | DatasetFeature.Splits | DatasetFeature.NoDefectImages
        | DatasetFeature.UnknownSizes | DatasetFeature.OutsideImage | DatasetFeature.UnusedClasses;

    private readonly string _target;
    private readonly SortedDictionary<string, StreamWriter> _lists = new(StringComparer.Ordinal);

    public DeepPcbWriter(string target, DatasetHeader header, WriteOptions options) : base(Can, header, options)
    {
        _target = target;
        Directory.CreateDirectory(target);
    }

    private protected override async Task CompleteFilesAsync(CancellationToken cancellationToken)
    {
        foreach (StreamWriter list in _lists.Values)
            await list.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    public override async ValueTask DisposeAsync()
    {
        foreach (StreamWriter list in _lists.Values)
            await list.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    private protected override async Task WriteImageAsync(AnnotatedImage image, CancellationToken cancellationToken)
    {
        StringBuilder text = new();
        foreach (AnnotationRecord annotation in image.Annotations)
            Append(text, annotation, image);
        string id = Path.ChangeExtension(image.FileName, null), labels = Path.Combine(_target, id + ".txt");
        Directory.CreateDirectory(Path.GetDirectoryName(labels)!);
        if (File.Exists(labels))
            throw new DatasetFormatException(new(id + ".txt", "", "two images share this label file", "image names that differ in more than their extension"));
        await File.WriteAllTextAsync(labels, text.ToString(), cancellationToken).ConfigureAwait(false);
        await List(image.Split ?? "train").WriteAsync(id + "\n").ConfigureAwait(false);
        TransferImage(image, Path.Combine(_target, image.FileName));
    }

    private protected override bool HoldsLabel(string label) => DeepPcbReader.Types.Contains(label);

    private protected override bool HoldsClassId(LabelClass label, int index) => label.SourceId == DeepPcbReader.Types.IndexOf(label.Name) + 1;

    // The group is the folder.
    private protected override bool HoldsFact(AnnotatedImage image, string name, string value) => name == "group" && image.FileName.StartsWith(value + "/", StringComparison.Ordinal);

    private void Append(StringBuilder text, AnnotationRecord annotation, AnnotatedImage image)
    {
        int type = DeepPcbReader.Types.IndexOf(annotation.Label!) + 1;
        Box box = ((BoxShape)annotation.Shape!).Box;
        double[] edges = [box.X, box.Y, box.Right, box.Bottom];
        if (edges.Any(e => e != Math.Round(e)))
            Losses.Add(DatasetFeature.SubPixels, image.FileName, annotation.Label);
        foreach (double edge in edges)
            text.Append(((long)Math.Round(edge)).ToString(CultureInfo.InvariantCulture)).Append(' ');
        text.Append(type).Append('\n');
    }

    private StreamWriter List(string split)
    {
        if (!_lists.TryGetValue(split, out StreamWriter? list))
            _lists[split] = list = new(Path.Combine(_target, split + ".txt"), new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write });
        return list;
    }
}
