using System.Globalization;
using System.Text.Json;
using Perenne.Formats.Json;
using Perenne.Vision.Geometry;

namespace Perenne.Formats.LabelStudio;

/// <summary>Writes a list of tasks with annotations, one annotation per author, as Label Studio exports and imports it.</summary>
internal sealed class LabelStudioWriter : DatasetWriter
{
    public const DatasetFeature Can = DatasetFeature.Boxes | DatasetFeature.RotatedBoxes | DatasetFeature.Polygons | DatasetFeature.Polylines | DatasetFeature.Points
        | DatasetFeature.Masks | DatasetFeature.Tags | DatasetFeature.Values | DatasetFeature.Attributes | DatasetFeature.Authors | DatasetFeature.Times
        | DatasetFeature.UnansweredImages | DatasetFeature.NoDefectImages | DatasetFeature.SkippedImages | DatasetFeature.OpenLabels
        | DatasetFeature.OutsideImage | DatasetFeature.SubPixels | DatasetFeature.ImageMetadata | DatasetFeature.SourceIds | DatasetFeature.SkippedReasons
        | DatasetFeature.ImageSizes | DatasetFeature.EmptyMasks;

    private readonly JsonFile _file;
    private readonly string _target;
    private readonly bool _single;
    private readonly HashSet<string> _taken = [];
    private readonly HashSet<AnnotationRecord> _kept = new(ReferenceEqualityComparer.Instance);
    private long _task, _annotation, _region;

    public LabelStudioWriter(string target, DatasetHeader header, WriteOptions options) : base(Can, header, options)
    {
        _single = target.EndsWith(".json", StringComparison.OrdinalIgnoreCase);
        _target = target;
        _file = new(_single ? target : Path.Combine(target, "tasks.json"));
        _file.Text("["u8);
    }

    private protected override async Task CompleteFilesAsync(CancellationToken cancellationToken)
    {
        _file.Text("\n]\n"u8);
        await _file.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    public override async ValueTask DisposeAsync()
    {
        await _file.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    private protected override async Task WriteImageAsync(AnnotatedImage image, CancellationToken cancellationToken)
    {
        _file.Text(_task++ == 0 ? "\n"u8 : ",\n"u8);
        Utf8JsonWriter w = _file.Record;
        w.WriteStartObject();
        w.WriteNumber("id"u8, _task);
        w.WriteStartObject("data"u8);
        w.WriteString("image"u8, image.FileName);
        if (image.Size is { } size)
        {
            w.WriteNumber("width"u8, size.Width);
            w.WriteNumber("height"u8, size.Height);
        }
        w.WriteEndObject();
        CountSharedIds(image);
        w.WriteStartArray("annotations"u8);
        if (image.Answer is ImageAnswer.Skipped or ImageAnswer.NoDefect)
            Begin(w, image.Answer == ImageAnswer.Skipped, null, null, null, []);
        foreach (var group in image.Annotations.GroupBy(a => (a.Author, a.CreatedAt, a.UpdatedAt)))
            Begin(w, false, group.Key.Author, group.Key.CreatedAt, group.Key.UpdatedAt, group, image.Size);
        w.WriteEndArray();
        WriteMeta(w, image);
        w.WriteEndObject();
        await _file.EndRecordAsync(cancellationToken).ConfigureAwait(false);
        if (!_single)
            TransferImage(image, Path.Combine(_target, "images", image.FileName));
    }

    private protected override bool HoldsFact(AnnotatedImage image, string name, string value) => name is not ("id" or "url" or "skipped_reason");

    private protected override bool HoldsKind(AttributeKind kind) => kind is AttributeKind.Text or AttributeKind.Number;

    private static void WriteMeta(Utf8JsonWriter w, AnnotatedImage image)
    {
        if (image.SkippedReason is null && image.Metadata.IsEmpty)
            return;
        w.WriteStartObject("meta"u8);
        if (image.SkippedReason is { } reason)
            w.WriteString("skipped_reason"u8, reason);
        foreach ((string name, string value) in image.Metadata.DistinctBy(f => f.Key))
            if (name is not ("id" or "url" or "skipped_reason"))
                w.WriteString(name, value);
        w.WriteEndObject();
    }

    // Results of one id are one region to Label Studio: a shared id is kept by the first only.
    private void CountSharedIds(AnnotatedImage image)
    {
        _taken.Clear();
        _kept.Clear();
        foreach (AnnotationRecord annotation in image.Annotations)
            if (annotation.SourceId is { } id && _taken.Add(id))
                _kept.Add(annotation);
            else if (annotation.SourceId is not null)
                Losses.Add(DatasetFeature.SourceIds, image.FileName, annotation.SourceId);
    }

    private string RegionId(AnnotationRecord annotation)
    {
        if (_kept.Contains(annotation))
            return annotation.SourceId!;
        string id;
        do
            id = (++_region).ToString(CultureInfo.InvariantCulture);
        while (_taken.Contains(id));
        return id;
    }

    private void Begin(Utf8JsonWriter w, bool cancelled, string? author, DateTimeOffset? created, DateTimeOffset? updated, IEnumerable<AnnotationRecord> records, ImageSize? size = null)
    {
        w.WriteStartObject();
        w.WriteNumber("id"u8, ++_annotation);
        if (long.TryParse(author, NumberStyles.None, CultureInfo.InvariantCulture, out long number))
            w.WriteNumber("completed_by"u8, number);
        else if (author is not null)
        {
            w.WriteStartObject("completed_by"u8);
            w.WriteString("email"u8, author);
            w.WriteEndObject();
        }
        w.WriteBoolean("was_cancelled"u8, cancelled);
        if (created is { } at)
            w.WriteString("created_at"u8, at);
        if (updated is { } changed)
            w.WriteString("updated_at"u8, changed);
        w.WriteStartArray("result"u8);
        foreach (AnnotationRecord record in records)
            LabelStudioRegion.Write(w, record, size, RegionId(record));
        w.WriteEndArray();
        w.WriteEndObject();
    }
}
