using System.Collections.Immutable;
using System.Text.Json;
using Perenne.Formats.Json;
using Perenne.Vision.Geometry;

namespace Perenne.Formats.LabelStudio;

/// <summary>Gathers the annotations of one task. Results with the same id speak of one region.</summary>
internal sealed class LabelStudioTask(LabelStudioReader reader, string image, string taskPath, string file)
{
    private readonly List<AnnotationRecord> _records = [];
    private int _answered, _cancelled;

    public ImmutableArray<AnnotationRecord> Records => [.. _records];

    public ImageSize? Size { get; private set; }

    public ImageAnswer Answer => _records.Count > 0 ? ImageAnswer.Annotated : _answered > 0 ? ImageAnswer.NoDefect
        : _cancelled > 0 ? ImageAnswer.Skipped : ImageAnswer.NotAnnotated;

    public void Add(JsonElement task, string list)
    {
        int index = 0;
        foreach (JsonElement annotation in task.List(list, ""))
        {
            string path = $".{list}[{index++}]";
            if (annotation.ValueKind != JsonValueKind.Object)
                throw JsonTree.Wrong(annotation, path, "an annotation: an object with a result");
            if (annotation.Flag("was_cancelled"))
            {
                _cancelled++;
                continue;
            }
            if (list != "predictions" && ++_answered == 2)
                reader.Losses.Add(DatasetFeature.SeveralAnnotators, image);
            AnnotationRecord common = new(null, null)
            {
                Author = Author(annotation), CreatedAt = annotation.Time("created_at", path), UpdatedAt = annotation.Time("updated_at", path),
            };
            AddResults(annotation, path, common);
        }
    }

    private static string? Author(JsonElement annotation) => annotation.Get("completed_by") switch
    {
        null => null,
        { ValueKind: JsonValueKind.Object } person => person.Scalar("email") ?? person.Scalar("id"),
        { } number => JsonTree.Scalar(number),
    };

    private void AddResults(JsonElement annotation, string path, AnnotationRecord common)
    {
        // Groups in the order of their first result.
        List<List<(JsonElement Result, string Path)>> regions = [];
        Dictionary<string, List<(JsonElement, string)>> byId = [];
        int index = 0;
        foreach (JsonElement result in annotation.List("result", path))
        {
            string at = $"{path}.result[{index++}]";
            if (result.Scalar("id") is { } id && byId.TryGetValue(id, out var known))
            {
                known.Add((result, at));
                continue;
            }
            List<(JsonElement, string)> region = [(result, at)];
            regions.Add(region);
            if (result.Scalar("id") is { } newId)
                byId[newId] = region;
        }
        foreach (var region in regions)
            try
            {
                Add(region, common);
            }
            catch (RecordException e)
            {
                reader.Report(e, file, taskPath);
            }
    }

    private void Add(List<(JsonElement Result, string Path)> region, AnnotationRecord common)
    {
        foreach ((JsonElement result, string path) in region)
            Size ??= result.Size("original_width", "original_height", path);
        int at = region.FindIndex(r => LabelStudioResult.IsRegion(r.Result));
        common = common with { SourceId = region[0].Result.Scalar("id") };
        if (at < 0)
        {
            foreach ((JsonElement result, string path) in region)
                AddWhole(LabelStudioResult.WholeImage(result, path, common), result);
            return;
        }
        (JsonElement shape, string shapePath) = region[at];
        AnnotationRecord record = common with
        {
            Shape = LabelStudioResult.Shape(shape, shapePath), Score = shape.Get("score") is null ? null : shape.Number("score", shapePath),
            Attributes = [.. region.Where(r => !LabelStudioResult.IsRegion(r.Result)).SelectMany(r => LabelStudioResult.Attributes(r.Result))],
        };
        List<string> labels = [.. region.SelectMany(r => LabelStudioResult.Labels(r.Result)).Distinct()];
        if (labels.Count == 0)
            _records.Add(record);
        foreach (string label in labels)
            _records.Add(record with { Label = label, GroupId = labels.Count > 1 ? record.SourceId : null });
    }

    private void AddWhole(IReadOnlyList<AnnotationRecord> records, JsonElement result)
    {
        _records.AddRange(records);
        if (records.Count == 0)
            reader.Losses.Add(DatasetFeature.OtherKinds, image, result.Scalar("type"));
    }
}
