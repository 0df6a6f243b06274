using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Perenne.Formats.Json;
using Perenne.Vision.Geometry;

namespace Perenne.Formats.LabelStudio;

/// <summary>Reads Label Studio's JSON export: a list of tasks, task by task.</summary>
internal sealed class LabelStudioReader : DatasetReader
{
    private static readonly string[] ImageKeys = ["image", "img", "image_url", "url"];
    private readonly List<string> _files;
    private readonly string _root;
    private DatasetHeader _header = new("label-studio", []);

    private LabelStudioReader(string path, ReadOptions options) : base(options)
    {
        string full = Path.GetFullPath(path);
        _root = File.Exists(full) ? Path.GetDirectoryName(full)! : full;
        _files = File.Exists(full) ? [full] : [.. DatasetFiles.Enumerate(full, "*.json").Where(f => JsonSniffer.Sniff(f) == "label-studio")];
    }

    public override DatasetHeader Header => _header;

    public static async Task<DatasetReader> OpenAsync(string path, ReadOptions options, CancellationToken cancellationToken)
    {
        // The export has no list of classes, so it is read once for them; alphabetical, because tasks come in any order.
        LabelStudioReader first = new(path, options with { Lenient = true }), reader = new(path, options);
        SortedSet<string> names = new(StringComparer.Ordinal);
        long images = 0;
        await foreach (AnnotatedImage image in first.ReadImagesAsync(cancellationToken).ConfigureAwait(false))
        {
            images++;
            names.UnionWith(image.Annotations.Where(a => a.Label is not null).Select(a => a.Label!));
        }
        reader._header = new("label-studio", [.. names.Select(n => new LabelClass(n))]) { ImageCount = images };
        return reader;
    }

    private protected override async IAsyncEnumerable<AnnotatedImage> ReadImagesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        FileLookup lookup = new(Options, Path.Combine(_root, "images"), _root);
        foreach (string path in _files)
        {
            string file = Path.GetRelativePath(_root, path).Replace('\\', '/');
            using JsonScanner scanner = new(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.Asynchronous), file, Options.MaxRecordBytes);
            while (await MoveNextAsync(scanner, cancellationToken).ConfigureAwait(false))
                if (ReadTask(scanner, file, lookup) is { } image)
                    yield return image;
        }
    }

    private async ValueTask<bool> MoveNextAsync(JsonScanner scanner, CancellationToken cancellationToken)
    {
        try
        {
            return await scanner.NextAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (DatasetFormatException e) when (Options.Lenient)
        {
            Problems.Report(e.Problem, e);
            return false;
        }
    }

    private AnnotatedImage? ReadTask(JsonScanner scanner, string file, FileLookup lookup)
    {
        try
        {
            JsonElement task = JsonTree.Parse(scanner.Element);
            if (task.ValueKind != JsonValueKind.Object)
                throw JsonTree.Wrong(task, "", "a task: an object with data and annotations");
            return Read(task, scanner.Path, file, lookup);
        }
        catch (RecordException e)
        {
            Problems.Report(e.At(file, scanner.Path), e);
            return null;
        }
    }

    private AnnotatedImage Read(JsonElement task, string taskPath, string file, FileLookup lookup)
    {
        string? url = UrlOf(task);
        string name = UrlNames.FileNameOf(task.Scalar("file_upload")) ?? UrlNames.FileNameOf(url)
            ?? throw new RecordException(".data", $"the image \"{JsonRead.Short(url ?? "")}\"", "the address of an image");
        string? path = lookup.Find(name);
        LabelStudioTask content = new(this, name, taskPath, file);
        string list = task.Get("annotations") is null && task.Get("completions") is not null ? "completions" : "annotations";
        content.Add(task, list);
        if (Options.IncludePredictions)
            content.Add(task, "predictions");
        ImageSize? size = content.Size ?? task.Get("data")?.Size("width", "height", ".data") ?? FileLookup.SizeOf(path, Options);
        ImmutableArray<KeyValuePair<string, string>> metadata = [.. Facts(task, url)];
        return new(name)
        {
            ImagePath = path, Size = size, Annotations = content.Records, Metadata = metadata, Answer = content.Answer,
            SkippedReason = content.Answer == ImageAnswer.Skipped ? task.Get("meta")?.Scalar("skipped_reason") : null,
        };
    }

    internal void Report(RecordException e, string file, string path) => Problems.Report(e.At(file, path), e);

    private static IEnumerable<KeyValuePair<string, string>> Facts(JsonElement task, string? url)
    {
        if (task.Scalar("id") is { } id)
            yield return new("id", id);
        if (url is not null)
            yield return new("url", url);
        if (task.Get("meta") is not { ValueKind: JsonValueKind.Object } meta)
            yield break;
        foreach (JsonProperty fact in meta.EnumerateObject())
            if (fact.Name is not ("id" or "url" or "skipped_reason") && JsonTree.Scalar(fact.Value) is { } value)
                yield return new(fact.Name, value);
    }

    private static string? UrlOf(JsonElement task)
    {
        if (task.Get("data") is not { ValueKind: JsonValueKind.Object } data)
            return null;
        foreach (string key in ImageKeys)
            if (data.Scalar(key) is { } url)
                return url;
        return data.EnumerateObject().FirstOrDefault(p => p.Value.ValueKind == JsonValueKind.String) is { Value.ValueKind: JsonValueKind.String } first ? JsonTree.Scalar(first.Value) : null;
    }
}
