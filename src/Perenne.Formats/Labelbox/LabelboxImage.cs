using System.Collections.Immutable;
using System.Text.Json;
using Perenne.Formats.Json;
using Perenne.Vision.Geometry;

namespace Perenne.Formats.Labelbox;

/// <summary>Gathers the rows of one data row.</summary>
internal sealed class LabelboxImage(LabelboxReader reader)
{
    private int _labels, _skipped;
    private readonly SortedDictionary<string, string> _facts = new(StringComparer.Ordinal);

    public List<AnnotationRecord> Records { get; } = [];

    public string? FileName { get; private set; }

    public ImageSize? Size { get; private set; }

    public ImmutableArray<KeyValuePair<string, string>> Metadata => [.. _facts];

    public ImageAnswer Answer(ImageAnswer? emptyImagesAre) => Records.Count > 0 ? ImageAnswer.Annotated
        : _labels > 0 ? ImageAnswer.NoDefect : _skipped > 0 ? ImageAnswer.Skipped : emptyImagesAre ?? ImageAnswer.NotAnnotated;

    public void Add(JsonElement row)
    {
        Identify(row);
        foreach (JsonElement fact in row.List("metadata_fields", ""))
            if (fact.Scalar("name") is { } name && name is not ("id" or "url") && fact.Scalar("value") is { } value)
                _facts[name] = value;
        Size ??= row.Get("media_attributes")?.Size("width", "height", ".media_attributes");
        if (row.Get("projects") is { } projects)
            AddExport(projects);
        else if (row.Get("Label") is not null || row.Get("Labeled Data") is not null)
            AddVersion1(row);
        else
            AddImport(row);
    }

    private void Identify(JsonElement row)
    {
        JsonElement data = row.Get("data_row") ?? row.Get("dataRow") ?? row;
        string? url = data.Scalar("row_data") ?? row.Scalar("Labeled Data");
        FileName ??= UrlNames.FileNameOf(data.Scalar("external_id") ?? row.Scalar("External ID")) ?? UrlNames.FileNameOf(data.Scalar("global_key") ?? data.Scalar("globalKey"))
            ?? UrlNames.FileNameOf(url) ?? UrlNames.FileNameOf(data.Scalar("id") ?? row.Scalar("DataRow ID"));
        if ((data.Scalar("id") ?? row.Scalar("DataRow ID")) is { } id)
            _facts["id"] = id;
        if (url is not null)
            _facts["url"] = url;
    }

    private void AddExport(JsonElement projects)
    {
        if (projects.ValueKind != JsonValueKind.Object)
            throw JsonTree.Wrong(projects, ".projects", "a map of projects by id");
        foreach (JsonProperty project in projects.EnumerateObject())
        {
            int index = 0;
            foreach (JsonElement label in project.Value.List("labels", $".projects.{project.Name}"))
            {
                string path = $".projects.{project.Name}.labels[{index++}]";
                if (label.Get("performance_details") is { } performance && performance.Flag("skipped"))
                {
                    _skipped++;
                    continue;
                }
                if (++_labels == 2)
                    reader.Losses.Add(DatasetFeature.SeveralAnnotators, FileName ?? "");
                JsonElement? details = label.Get("label_details");
                AnnotationRecord common = new(null, null)
                {
                    Author = details?.Scalar("created_by"), CreatedAt = details?.Time("created_at", path + ".label_details"), UpdatedAt = details?.Time("updated_at", path + ".label_details"),
                };
                if (label.Get("annotations") is { } annotations)
                    AddObjects(annotations, path + ".annotations", common, "bounding_box");
            }
        }
    }

    private void AddVersion1(JsonElement row)
    {
        if (row.Flag("Skipped"))
        {
            _skipped++;
            return;
        }
        _labels++;
        AnnotationRecord common = new(null, null) { Author = row.Scalar("Created By"), CreatedAt = row.Time("Created At", ""), UpdatedAt = row.Time("Updated At", "") };
        if (row.Get("Label") is { ValueKind: JsonValueKind.Object } label)
            AddObjects(label, ".Label", common, "bbox");
    }

    private void AddImport(JsonElement row)
    {
        AnnotationRecord common = new(null, null) { Score = row.Get("confidence") is null ? null : row.Number("confidence", "") };
        if (row.Get("answer") is not null)
            Records.AddRange(LabelboxShapes.Classification(row, "", common));
        else
            AddObject(row, "", common, "bbox");
    }

    private void AddObjects(JsonElement owner, string path, AnnotationRecord common, string box)
    {
        int index = 0;
        foreach (JsonElement item in owner.List("objects", path))
            AddObject(item, $"{path}.objects[{index++}]", common, box);
        index = 0;
        foreach (JsonElement item in owner.List("classifications", path))
            Records.AddRange(LabelboxShapes.Classification(item, $"{path}.classifications[{index++}]", common));
        foreach (JsonElement _ in owner.List("relationships", path))
            reader.Losses.Add(DatasetFeature.OtherKinds, FileName ?? "", "relationship");
    }

    private void AddObject(JsonElement item, string path, AnnotationRecord common, string box)
    {
        if (item.ValueKind != JsonValueKind.Object)
            throw JsonTree.Wrong(item, path, "an object with a shape");
        string? label = item.Scalar("name") ?? item.Scalar("title") ?? item.Scalar("value") ?? item.Scalar("schemaId");
        AnnotationRecord record = common with
        {
            Label = label, SourceId = item.Scalar("feature_id") ?? item.Scalar("featureId") ?? item.Scalar("uuid"), Attributes = LabelboxShapes.Attributes(item, path),
        };
        Shape? shape = LabelboxShapes.Shape(item, path, item.Get(box) is not null ? box : box == "bbox" ? "bounding_box" : "bbox", Size);
        if (shape is not null)
            Records.Add(record with { Shape = shape });
        else if (item.Get("mask") is not null || item.Get("instanceURI") is not null)
            reader.Losses.Add(DatasetFeature.OtherKinds, FileName ?? "", $"{label}: mask behind an address");
        else
            throw new RecordException(path, "no shape", "a box, polygon, line or point");
    }
}
