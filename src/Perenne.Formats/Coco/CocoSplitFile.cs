using System.Text.Json;
using Perenne.Formats.Json;
using Perenne.Vision.Geometry;

namespace Perenne.Formats.Coco;

/// <summary>One COCO file in the making: images go straight to it, annotations to a file beside it that is appended at the end.</summary>
internal sealed class CocoSplitFile : IAsyncDisposable
{
    private readonly JsonFile _file, _annotations;
    private readonly string _spill;
    private readonly Dictionary<string, long> _ids = [];
    private readonly bool _compress;
    private long _images, _records;

    public CocoSplitFile(string path, DatasetHeader header, WriteOptions options)
    {
        _compress = options.CompressMasks;
        _spill = path + ".part";
        _file = new(path);
        _annotations = new(_spill);
        WriteHead(header);
    }

    public async Task WriteAsync(AnnotatedImage image, CancellationToken cancellationToken)
    {
        WriteImage(image, ++_images);
        await _file.EndRecordAsync(cancellationToken).ConfigureAwait(false);
        foreach (AnnotationRecord annotation in image.Annotations)
        {
            WriteAnnotation(annotation, _images);
            await _annotations.EndRecordAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        _file.Text("\n],\"annotations\":["u8);
        await _file.AppendAsync(_annotations, cancellationToken).ConfigureAwait(false);
        _file.Text("\n]}\n"u8);
        await _file.FlushAsync(cancellationToken).ConfigureAwait(false);
        await _annotations.DisposeAsync().ConfigureAwait(false);
        File.Delete(_spill);
    }

    public async ValueTask DisposeAsync()
    {
        await _annotations.DisposeAsync().ConfigureAwait(false);
        await _file.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Detections name categories by id, so ids that can be kept are.</summary>
    public static bool KeepsClassIds(DatasetHeader header) =>
        header.Classes.All(c => c.SourceId > 0) && header.Classes.DistinctBy(c => c.SourceId).Count() == header.Classes.Length;

    /// <summary>Properties of an image the writer decides on.</summary>
    public static bool IsOwnProperty(string name) => name is "id" or "file_name" or "width" or "height";

    private void WriteHead(DatasetHeader header)
    {
        bool keepsIds = KeepsClassIds(header);
        _file.Text("{\"info\":{\"description\":\"\",\"version\":\"1.0\"},\"licenses\":[],\"categories\":["u8);
        for (int i = 0; i < header.Classes.Length; i++)
        {
            LabelClass label = header.Classes[i];
            long id = keepsIds ? label.SourceId!.Value : i + 1;
            _ids.Add(label.Name, id);
            _file.Text(i == 0 ? "\n"u8 : ",\n"u8);
            Utf8JsonWriter w = _file.Record;
            w.WriteStartObject();
            w.WriteNumber("id"u8, id);
            w.WriteString("name"u8, label.Name);
            w.WriteString("supercategory"u8, label.Parent ?? "");
            w.WriteEndObject();
            w.Flush();
            w.Reset();
        }
        _file.Text("\n],\"images\":["u8);
    }

    private void WriteImage(AnnotatedImage image, long id)
    {
        _file.Text(id == 1 ? "\n"u8 : ",\n"u8);
        Utf8JsonWriter w = _file.Record;
        w.WriteStartObject();
        w.WriteNumber("id"u8, id);
        w.WriteString("file_name"u8, image.FileName);
        if (image.Size is { } size)
        {
            w.WriteNumber("width"u8, size.Width);
            w.WriteNumber("height"u8, size.Height);
        }
        foreach ((string name, string value) in image.Metadata.DistinctBy(f => f.Key))
            if (!IsOwnProperty(name))
                w.WriteString(name, value);
        w.WriteEndObject();
    }

    private void WriteAnnotation(AnnotationRecord annotation, long image)
    {
        if (!_ids.TryGetValue(annotation.Label!, out long category))
            throw new DatasetFormatException(new("", "", $"The label class \"{annotation.Label}\" is not among the header's classes.", ""));
        _annotations.Text(++_records == 1 ? "\n"u8 : ",\n"u8);
        Utf8JsonWriter w = _annotations.Record;
        w.WriteStartObject();
        w.WriteNumber("id"u8, _records);
        w.WriteNumber("image_id"u8, image);
        w.WriteNumber("category_id"u8, category);
        CocoShapes.Write(w, annotation.Shape!, _compress);
        w.WriteNumber("iscrowd"u8, annotation.IsCrowd ? 1 : 0);
        if (annotation.Score is { } score)
            w.WriteNumber("score"u8, score);
        WriteAttributes(w, annotation);
        w.WriteEndObject();
    }

    private static void WriteAttributes(Utf8JsonWriter w, AnnotationRecord a)
    {
        if (a.Attributes.IsEmpty && !a.Difficult && !a.Occluded && !a.Truncated)
            return;
        w.WriteStartObject("attributes"u8);
        if (a.Occluded)
            w.WriteBoolean("occluded"u8, true);
        if (a.Truncated)
            w.WriteBoolean("truncated"u8, true);
        if (a.Difficult)
            w.WriteBoolean("difficult"u8, true);
        foreach (AnnotationAttribute attribute in a.Attributes)
            JsonWrite.Attribute(w, attribute);
        w.WriteEndObject();
    }
}
