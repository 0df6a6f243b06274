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
        | DatasetFeature.OutsideImage | DatasetFeature.SubPixels;

    private readonly JsonFile _file;
    private readonly string _target;
    private readonly bool _single;
    private long _task, _annotation, _region;

    public LabelStudioWriter(string target, DatasetHeader header, WriteOptions options) : base(Can, header, options)
    {
        _single = target.EndsWith(".json", StringComparison.OrdinalIgnoreCase);
        _target = target;
        _file = new(_single ? target : Path.Combine(target, "tasks.json"));
        _file.Text("["u8);
    }

    public override async Task CompleteAsync(CancellationToken cancellationToken = default)
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
        w.WriteStartArray("annotations"u8);
        if (image.Answer is ImageAnswer.Skipped or ImageAnswer.NoDefect)
            Begin(w, image.Answer == ImageAnswer.Skipped, null, null, null, []);
        foreach (var group in image.Annotations.GroupBy(a => (a.Author, a.CreatedAt, a.UpdatedAt)))
            Begin(w, false, group.Key.Author, group.Key.CreatedAt, group.Key.UpdatedAt, group, image.Size);
        w.WriteEndArray();
        if (image.SkippedReason is { } reason)
        {
            w.WriteStartObject("meta"u8);
            w.WriteString("skipped_reason"u8, reason);
            w.WriteEndObject();
        }
        w.WriteEndObject();
        await _file.EndRecordAsync(cancellationToken).ConfigureAwait(false);
        if (!_single)
            TransferImage(image, Path.Combine(_target, "images", image.FileName));
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
            LabelStudioRegion.Write(w, record, size, (++_region).ToString(CultureInfo.InvariantCulture));
        w.WriteEndArray();
        w.WriteEndObject();
    }
}
