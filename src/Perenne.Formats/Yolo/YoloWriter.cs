using System.Text;
using System.Text.Json;
using Perenne.Vision.Geometry;

namespace Perenne.Formats.Yolo;

/// <summary>Writes <c>data.yaml</c>, a list of images per split and one label file per image (empty = no object).</summary>
internal sealed class YoloWriter : DatasetWriter
{
    private const DatasetFeature Common = DatasetFeature.Splits | DatasetFeature.NoDefectImages | DatasetFeature.SubPixels | DatasetFeature.UnusedClasses;

    private readonly string _target;
    private readonly SortedDictionary<string, StreamWriter> _lists = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _numbers;
    private readonly Dictionary<string, string> _folders = [];
    private readonly YoloText _text = new();

    public YoloWriter(string target, YoloVariant variant, DatasetHeader header, WriteOptions options) : base(Can(variant), header, options)
    {
        _target = target;
        _numbers = header.Classes.Select((c, i) => (c.Name, i)).ToDictionary(c => c.Name, c => c.i);
        Directory.CreateDirectory(target);
    }

    public static DatasetFeature Can(YoloVariant variant) => Common | variant switch
    {
        YoloVariant.Detect => DatasetFeature.Boxes,
        YoloVariant.Obb => DatasetFeature.RotatedBoxes,
        _ => DatasetFeature.Polygons,
    };

    private protected override async Task CompleteFilesAsync(CancellationToken cancellationToken)
    {
        StringBuilder yaml = new();
        foreach ((string split, StreamWriter list) in _lists)
        {
            await list.FlushAsync(cancellationToken).ConfigureAwait(false);
            yaml.Append(Quoted(split)).Append(": ").Append(Quoted(split + ".txt")).Append('\n');
        }
        yaml.Append("nc: ").Append(Header.Classes.Length).Append("\nnames:").Append(Header.Classes.IsEmpty ? " []\n" : "\n");
        for (int i = 0; i < Header.Classes.Length; i++)
            yaml.Append("  ").Append(i).Append(": ").Append(Quoted(Header.Classes[i].Name)).Append('\n');
        await File.WriteAllTextAsync(Path.Combine(_target, "data.yaml"), yaml.ToString(), cancellationToken).ConfigureAwait(false);
    }

    public override async ValueTask DisposeAsync()
    {
        foreach (StreamWriter list in _lists.Values)
            await list.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    private protected override async Task WriteImageAsync(AnnotatedImage image, CancellationToken cancellationToken)
    {
        string split = image.Split ?? "train";
        _text.Clear();
        foreach (AnnotationRecord annotation in image.Annotations)
            _text.Row(NumberOf(annotation.Label!), annotation.Shape!, image.Size!.Value);
        string name = Path.ChangeExtension(image.FileName, ".txt");
        WriteNew(Path.Combine(FolderOf(split, name), Path.GetFileName(name)), $"labels/{split}/{name}", _text.Written);
        await List(split).WriteAsync($"./images/{split}/{image.FileName}\n").ConfigureAwait(false);
        TransferImage(image, Path.Combine(_target, "images", split, image.FileName));
    }

    private protected override bool HoldsClassId(LabelClass label, int index) => label.SourceId == index;

    private int NumberOf(string label) => _numbers.TryGetValue(label, out int number) ? number
        : throw new DatasetFormatException(new("", "", $"The label class \"{label}\" is not among the header's classes.", ""));

    private string FolderOf(string split, string name)
    {
        string relative = Path.Combine("labels", split, Path.GetDirectoryName(name) ?? "");
        if (!_folders.TryGetValue(relative, out string? folder))
            _folders[relative] = folder = Directory.CreateDirectory(Path.Combine(_target, relative)).FullName;
        return folder;
    }

    private static void WriteNew(string path, string shown, ReadOnlySpan<byte> bytes)
    {
        try
        {
            using var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.None);
            RandomAccess.Write(file, bytes, 0);
        }
        catch (IOException e) when (File.Exists(path))
        {
            throw new DatasetFormatException(new(shown, "", "two images share this label file", "image names that differ in more than their extension"), e);
        }
    }

    private StreamWriter List(string split)
    {
        if (!_lists.TryGetValue(split, out StreamWriter? list))
            _lists[split] = list = new(Path.Combine(_target, split + ".txt"), new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write });
        return list;
    }

    // A JSON string is a double-quoted YAML scalar.
    private static string Quoted(string text) => text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.') && text.Any(char.IsAsciiLetter) && text is not ("null" or "true" or "false" or "yes" or "no" or "on" or "off" or "y" or "n")
        ? text : '"' + JsonEncodedText.Encode(text).ToString() + '"';
}
