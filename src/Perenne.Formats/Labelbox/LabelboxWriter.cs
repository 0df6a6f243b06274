using System.Globalization;
using System.Text.Json;
using Perenne.Formats.Json;
using Perenne.Vision.Geometry;

namespace Perenne.Formats.Labelbox;

/// <summary>Writes NDJSON: the v2 export form or the import form.</summary>
internal sealed class LabelboxWriter : DatasetWriter
{
    private const DatasetFeature Common = DatasetFeature.Boxes | DatasetFeature.Polygons | DatasetFeature.Polylines | DatasetFeature.Points | DatasetFeature.Tags
        | DatasetFeature.Values | DatasetFeature.Attributes | DatasetFeature.UnknownSizes | DatasetFeature.OutsideImage | DatasetFeature.SubPixels;

    private readonly JsonFile _file;
    private readonly string _target;
    private readonly bool _single, _import;
    private long _id;

    public LabelboxWriter(string target, DatasetHeader header, WriteOptions options) : base(Can(options.LabelboxForm), header, options)
    {
        _import = options.LabelboxForm == LabelboxForm.Import;
        _single = target.EndsWith("json", StringComparison.OrdinalIgnoreCase) || target.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase);
        _target = target;
        _file = new(_single ? target : Path.Combine(target, _import ? "import.ndjson" : "export.ndjson"));
    }

    public static DatasetFeature Can(LabelboxForm form) => Common | (form == LabelboxForm.Import ? DatasetFeature.Scores
        : DatasetFeature.ImageMetadata | DatasetFeature.SourceIds | DatasetFeature.ImageSizes | DatasetFeature.Authors | DatasetFeature.Times | DatasetFeature.UnansweredImages | DatasetFeature.NoDefectImages | DatasetFeature.SkippedImages);

    private protected override async Task CompleteFilesAsync(CancellationToken cancellationToken) => await _file.FlushAsync(cancellationToken).ConfigureAwait(false);

    public override async ValueTask DisposeAsync()
    {
        await _file.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    private protected override async Task WriteImageAsync(AnnotatedImage image, CancellationToken cancellationToken)
    {
        if (_import)
            foreach (AnnotationRecord annotation in image.Annotations)
            {
                LabelboxImport.Write(_file.Record, annotation, image.FileName);
                await EndRowAsync(cancellationToken).ConfigureAwait(false);
            }
        else
        {
            WriteExport(_file.Record, image);
            await EndRowAsync(cancellationToken).ConfigureAwait(false);
        }
        if (!_single)
            TransferImage(image, Path.Combine(_target, "images", image.FileName));
    }

    private async ValueTask EndRowAsync(CancellationToken cancellationToken)
    {
        await _file.EndRecordAsync(cancellationToken).ConfigureAwait(false);
        _file.Text("\n"u8);
    }

    private void WriteExport(Utf8JsonWriter w, AnnotatedImage image)
    {
        w.WriteStartObject();
        w.WriteStartObject("data_row"u8);
        w.WriteString("id"u8, (++_id).ToString(CultureInfo.InvariantCulture));
        w.WriteString("global_key"u8, image.FileName);
        w.WriteString("external_id"u8, image.FileName);
        w.WriteEndObject();
        WriteFacts(w, image);
        if (image.Size is { } size)
        {
            w.WriteStartObject("media_attributes"u8);
            w.WriteNumber("width"u8, size.Width);
            w.WriteNumber("height"u8, size.Height);
            w.WriteEndObject();
        }
        w.WriteStartObject("projects"u8);
        w.WriteStartObject("perenne"u8);
        w.WriteStartArray("labels"u8);
        if (image.Answer is ImageAnswer.NoDefect or ImageAnswer.Skipped)
            WriteLabel(w, image.Answer == ImageAnswer.Skipped, new(null, null), []);
        foreach (var group in image.Annotations.GroupBy(a => (a.Author, a.CreatedAt, a.UpdatedAt)))
            WriteLabel(w, false, group.First(), group);
        w.WriteEndArray();
        w.WriteEndObject();
        w.WriteEndObject();
        w.WriteEndObject();
    }

    private protected override bool HoldsFact(AnnotatedImage image, string name, string value) => !_import && name is not ("id" or "url");

    private static void WriteFacts(Utf8JsonWriter w, AnnotatedImage image)
    {
        w.WriteStartArray("metadata_fields"u8);
        foreach ((string name, string value) in image.Metadata.Where(f => f.Key is not ("id" or "url")).DistinctBy(f => f.Key))
        {
            w.WriteStartObject();
            w.WriteString("name"u8, name);
            w.WriteString("value"u8, value);
            w.WriteEndObject();
        }
        w.WriteEndArray();
    }

    private static void WriteLabel(Utf8JsonWriter w, bool skipped, AnnotationRecord common, IEnumerable<AnnotationRecord> records)
    {
        w.WriteStartObject();
        w.WriteStartObject("label_details"u8);
        if (common.CreatedAt is { } created)
            w.WriteString("created_at"u8, created);
        if (common.UpdatedAt is { } updated)
            w.WriteString("updated_at"u8, updated);
        if (common.Author is { } author)
            w.WriteString("created_by"u8, author);
        w.WriteEndObject();
        w.WriteStartObject("performance_details"u8);
        w.WriteBoolean("skipped"u8, skipped);
        w.WriteEndObject();
        w.WriteStartObject("annotations"u8);
        w.WriteStartArray("objects"u8);
        foreach (AnnotationRecord record in records.Where(r => r.Shape is not null))
            LabelboxExport.WriteObject(w, record);
        w.WriteEndArray();
        w.WriteStartArray("classifications"u8);
        foreach (AnnotationRecord record in records.Where(r => r.Shape is null))
            LabelboxExport.WriteClassification(w, record);
        w.WriteEndArray();
        w.WriteEndObject();
        w.WriteEndObject();
    }
}
