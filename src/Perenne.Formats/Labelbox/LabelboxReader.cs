using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Perenne.Formats.Coco;
using Perenne.Formats.Json;
using Perenne.Vision.Geometry;

namespace Perenne.Formats.Labelbox;

/// <summary>
/// Reads Labelbox's v2 export (a row per data row), its import form (a row per annotation) and v1 lists.
/// The first pass collects classes and which rows belong to which data row; the second reads them together.
/// </summary>
internal sealed class LabelboxReader : DatasetReader
{
    private static readonly string[] Patterns = ["*.ndjson", "*.jsonl", "*.json"];
    private readonly string _root;
    private readonly List<(string Path, string Name, AnnotationIndex Rows, List<string> DataRows)> _files = [];
    private DatasetHeader _header = new("labelbox", []);

    private LabelboxReader(string root, ReadOptions options) : base(options) => _root = root;

    public override DatasetHeader Header => _header;

    public static async Task<DatasetReader> OpenAsync(string path, ReadOptions options, CancellationToken cancellationToken)
    {
        string full = Path.GetFullPath(path);
        LabelboxReader reader = new(File.Exists(full) ? Path.GetDirectoryName(full)! : full, options);
        IEnumerable<string> files = File.Exists(full) ? [full] : Patterns.SelectMany(p => DatasetFiles.Enumerate(full, p)).Where(f => JsonSniffer.Sniff(f) == "labelbox");
        SortedSet<string> names = new(StringComparer.Ordinal);
        foreach (string file in files)
            await reader.IndexAsync(file, names, cancellationToken).ConfigureAwait(false);
        reader._header = new("labelbox", [.. names.Select(n => new LabelClass(n))]) { ImageCount = reader._files.Sum(f => (long)f.DataRows.Count) };
        return reader;
    }

    private protected override async IAsyncEnumerable<AnnotatedImage> ReadImagesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        FileLookup lookup = new(Options, Path.Combine(_root, "images"), _root);
        foreach (var file in _files)
        {
            using RecordFile records = new(file.Path);
            for (int dataRow = 0; dataRow < file.DataRows.Count; dataRow++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                LabelboxImage image = new(this);
                foreach (int at in file.Rows.Of(dataRow))
                {
                    AnnotationIndex.Entry row = file.Rows[at];
                    try
                    {
                        image.Add(JsonTree.Parse(records.Read(row.Offset, row.Length)));
                    }
                    catch (Exception e) when (e is RecordException or JsonException)
                    {
                        Problems.Report(e is RecordException r ? r.At(file.Name, $"$[{row.Index}]")
                            : new(file.Name, $"$[{row.Index}]", "the record changed while it was read", "a file nobody writes to"), e);
                    }
                }
                string name = image.FileName ?? UrlNames.FileNameOf(file.DataRows[dataRow]) ?? $"data-row-{dataRow + 1}";
                string? path = lookup.Find(name) ?? lookup.FindAnyExtension(name);
                yield return new(name)
                {
                    ImagePath = path, Size = image.Size ?? FileLookup.SizeOf(path, Options), Annotations = [.. image.Records], Answer = image.Answer(Options.EmptyImagesAre),
                    Metadata = image.Metadata,
                };
            }
        }
    }

    private async Task IndexAsync(string path, SortedSet<string> names, CancellationToken cancellationToken)
    {
        string name = Path.GetRelativePath(_root, path).Replace('\\', '/');
        AnnotationIndex rows = new();
        List<string> ids = [];
        Dictionary<string, int> known = [];
        ReadOptions lenient = Options with { Lenient = true };
        LabelboxReader quiet = new(_root, lenient);
        FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.Asynchronous);
        long length = stream.Length;
        using JsonScanner scanner = new(stream, name, Options.MaxRecordBytes);
        try
        {
            while (await scanner.NextAsync(cancellationToken).ConfigureAwait(false))
            {
                bool added = false;
                try
                {
                    JsonElement row = JsonTree.Parse(scanner.Element);
                    string id = LabelboxRows.DataRowOf(row);
                    if (!known.TryGetValue(id, out int dataRow))
                    {
                        known[id] = dataRow = ids.Count;
                        ids.Add(id);
                    }
                    rows.Add(scanner.Offset, scanner.Element.Length, (int)scanner.Index, dataRow);
                    added = true;
                    LabelboxImage image = new(quiet);
                    image.Add(row);
                    names.UnionWith(image.Records.Where(r => r.Label is not null).Select(r => r.Label!));
                }
                catch (RecordException) when (added)
                {
                    // Reported when the row is read; here only its classes were wanted.
                }
                catch (RecordException e)
                {
                    Problems.Report(e.At(name, scanner.Path), e);
                }
                if (scanner.Index % 1024 == 0)
                    Options.Progress?.Report(new("index", scanner.BytesRead, length));
            }
        }
        catch (DatasetFormatException e) when (Options.Lenient)
        {
            Problems.Report(e.Problem, e);
        }
        rows.Build(ids.Count);
        _files.Add((path, name, rows, ids));
    }
}
