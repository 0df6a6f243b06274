using System.Collections.Immutable;
using System.Text.Json;
using Perenne.Formats.Json;

namespace Perenne.Formats.Coco;

/// <summary>
/// First pass over one COCO file: the categories, and where each image and annotation lies. The arrays may come in any order
/// and the file may be larger than memory: 28 bytes are kept per annotation, about 60 per image.
/// </summary>
internal sealed class CocoFile(string path, string name, string? split)
{
    private readonly Dictionary<long, int> _images = [];
    private readonly Dictionary<string, int> _namedImages = [];

    public string FullPath => path;
    public string Name => name;
    public string? Split => split;
    public List<CocoCategory> Categories { get; } = [];

    /// <summary>Images in file order: where their record is, its index in the array, and the number of their id.</summary>
    public List<(long Offset, int Length, int Index, int Ref)> Images { get; } = [];

    public AnnotationIndex Annotations { get; } = new();

    public async Task IndexAsync(ReadOptions options, ReadProblems problems, CancellationToken cancellationToken)
    {
        FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.SequentialScan | FileOptions.Asynchronous);
        long length = stream.Length, nextReport = 0;
        using JsonScanner scanner = new(stream, name, options.MaxRecordBytes, s => s is "images" or "annotations" or "categories");
        HashSet<int> declared = [];
        try
        {
            while (await scanner.NextAsync(cancellationToken).ConfigureAwait(false))
            {
                try
                {
                    Take(scanner, declared);
                }
                catch (RecordException e)
                {
                    problems.Report(e.At(name, scanner.Path), e);
                }
                catch (InvalidOperationException e) // a property name with half a surrogate pair
                {
                    problems.Report(new(name, scanner.Path, "a property name that is not valid Unicode", "UTF-8 text"), e);
                }
                if (scanner.BytesRead >= nextReport)
                {
                    options.Progress?.Report(new("index", scanner.BytesRead, length));
                    nextReport = scanner.BytesRead + (4 << 20);
                }
            }
        }
        catch (DatasetFormatException e) when (options.Lenient)
        {
            problems.Report(e.Problem, e); // What was complete before the damage is kept.
        }
        Annotations.Build(_images.Count + _namedImages.Count);
        ReportOrphans(declared, problems);
    }

    private void Take(JsonScanner scanner, HashSet<int> declared)
    {
        ReadOnlySpan<byte> record = scanner.Element.Span;
        switch (scanner.Section)
        {
            case "categories":
                Categories.Add(CocoCategory.Parse(record));
                break;
            case "images":
                int image = RefOf(record, "id"u8, ".id");
                if (!declared.Add(image))
                    throw new RecordException(".id", "an id that an earlier image has", "unique image ids");
                Images.Add((scanner.Offset, record.Length, (int)scanner.Index, image));
                break;
            case "annotations":
                Annotations.Add(scanner.Offset, record.Length, (int)scanner.Index, RefOf(record, "image_id"u8, ".image_id"));
                break;
            default:
                throw new RecordException("", "a list at the root", "an object with images, annotations and categories");
        }
    }

    private int RefOf(ReadOnlySpan<byte> record, ReadOnlySpan<byte> property, string errorPath)
    {
        Utf8JsonReader reader = new(record, JsonRead.Options);
        reader.Read();
        JsonRead.ExpectObject(ref reader, "");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool wanted = reader.ValueTextEquals(property);
            reader.Read();
            if (!wanted)
            {
                reader.Skip();
                continue;
            }
            if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out long id))
                return RefOf(id);
            if (reader.TokenType != JsonTokenType.String)
                throw JsonRead.Wrong(ref reader, errorPath, "a whole number or text");
            string text = JsonRead.Text(ref reader, errorPath);
            return long.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out id) ? RefOf(id) : RefOf(text);
        }
        throw new RecordException(errorPath, "nothing", "an id");
    }

    private int RefOf(long id)
    {
        if (_images.TryGetValue(id, out int known))
            return known;
        return _images[id] = _images.Count + _namedImages.Count;
    }

    private int RefOf(string id)
    {
        if (_namedImages.TryGetValue(id, out int known))
            return known;
        return _namedImages[id] = _images.Count + _namedImages.Count;
    }

    private void ReportOrphans(HashSet<int> declared, ReadProblems problems)
    {
        for (int image = 0; image < _images.Count + _namedImages.Count; image++)
        {
            if (declared.Contains(image))
                continue;
            foreach (int at in Annotations.Of(image))
                problems.Report(new(name, $"$.annotations[{Annotations[at].Index}].image_id", "the id of no image in this file", "an id from the images array"));
        }
    }
}

/// <summary>One entry of the categories array.</summary>
internal sealed record CocoCategory(long Id, string Name, string? Parent)
{
    public static CocoCategory Parse(ReadOnlySpan<byte> record)
    {
        Utf8JsonReader reader = new(record, JsonRead.Options);
        reader.Read();
        JsonRead.ExpectObject(ref reader, "");
        long? id = null;
        string? name = null, parent = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string property = JsonRead.PropertyName(ref reader, "");
            reader.Read();
            switch (property)
            {
                case "id": id = JsonRead.Whole(ref reader, ".id"); break;
                case "name": name = JsonRead.Text(ref reader, ".name"); break;
                case "supercategory": parent = JsonRead.Scalar(ref reader, ".supercategory"); break;
                default: reader.Skip(); break;
            }
        }
        if (id is null)
            throw new RecordException(".id", "nothing", "a whole number from 0");
        if (string.IsNullOrWhiteSpace(name))
            throw new RecordException(".name", "nothing", "the category's name");
        return new(id.Value, name, string.IsNullOrEmpty(parent) ? null : parent);
    }
}
