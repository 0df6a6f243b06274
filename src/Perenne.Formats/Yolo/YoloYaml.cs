using System.Collections.Immutable;
using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Perenne.Formats.Yolo;

/// <summary>The part of <c>data.yaml</c> that says where what is. Reads events, not objects: deep nesting and aliases cost nothing.</summary>
internal sealed record YoloYaml(ImmutableArray<LabelClass> Classes, string? Path, ImmutableArray<(string Split, string Value)> Splits)
{
    private const long LargestFile = 16 * 1024 * 1024;

    public static YoloYaml Read(string path, string name)
    {
        if (new FileInfo(path).Length > LargestFile)
            throw new DatasetFormatException(new(name, "", "a file of more than 16 MiB", "a small YAML file"));
        using StreamReader text = new(path);
        return Read(text, name);
    }

    public static YoloYaml Read(TextReader text, string file)
    {
        try
        {
            return Read(new Parser(text), file);
        }
        catch (Exception e) when (e is YamlException or OverflowException or ArgumentException or InvalidOperationException)
        {
            string line = e is YamlException yaml ? $"line {yaml.Start.Line}" : "";
            throw new DatasetFormatException(new(file, line, "not YAML: " + e.Message.TrimEnd('.'), "names as a list or a map"), e);
        }
    }

    /// <summary>Classes by number; names must differ, because classes are matched by name.</summary>
    public static ImmutableArray<LabelClass> Unique(IEnumerable<(long Id, string Name)> named, string file)
    {
        HashSet<string> names = [];
        HashSet<long> ids = [];
        var classes = ImmutableArray.CreateBuilder<LabelClass>();
        foreach ((long id, string name) in named.OrderBy(c => c.Id))
        {
            if (name.Length == 0 || !names.Add(name) || !ids.Add(id))
                throw new DatasetFormatException(new(file, "", $"class {id} \"{name}\" is empty or there twice", "different names and numbers"));
            classes.Add(new(name) { SourceId = id });
        }
        return classes.DrainToImmutable();
    }

    private static YoloYaml Read(Parser parser, string file)
    {
        List<(long, string)>? names = null;
        string? path = null;
        List<(string, string)> splits = [];
        parser.Consume<StreamStart>();
        if (!parser.TryConsume<DocumentStart>(out _) || !parser.TryConsume<MappingStart>(out _))
            throw new DatasetFormatException(new(file, "line 1", "no map of keys", "keys such as names, train and val"));
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            string? key = parser.TryConsume<Scalar>(out Scalar? k) ? k.Value : null;
            if (key is null)
                Skip(parser); // A key that is itself a list or map.
            switch (key)
            {
                case "names":
                    names = Names(parser, file);
                    break;
                case "path" when parser.TryConsume<Scalar>(out Scalar? value):
                    path = value.Value;
                    break;
                case "train" or "val" or "valid" or "validation" or "test":
                    splits.AddRange(Values(parser).Select(v => (key is "valid" or "validation" ? "val" : key, v)));
                    break;
                default:
                    Skip(parser);
                    break;
            }
        }
        return new(Unique(names ?? throw new DatasetFormatException(new(file, "", "no names", "names as a list or a map")), file), path, [.. splits]);
    }

    private static List<(long, string)> Names(Parser parser, string file)
    {
        List<(long, string)> names = [];
        if (parser.TryConsume<SequenceStart>(out _))
        {
            while (!parser.TryConsume<SequenceEnd>(out _))
                names.Add((names.Count, Text(parser, file)));
            return names;
        }
        if (!parser.TryConsume<MappingStart>(out _))
            throw new DatasetFormatException(new(file, $"line {parser.Current?.Start.Line}", "names is neither", "a list or a map of names"));
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            long line = parser.Current?.Start.Line ?? 0;
            string key = Text(parser, file);
            if (!int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out int id))
                throw new DatasetFormatException(new(file, $"line {line}", $"the class number \"{key}\"", "a whole number from 0"));
            names.Add((id, Text(parser, file)));
        }
        return names;
    }

    private static string Text(Parser parser, string file) => parser.TryConsume<Scalar>(out Scalar? scalar) ? scalar.Value
        : throw new DatasetFormatException(new(file, $"line {parser.Current?.Start.Line}", "a list or map among the names", "a name"));

    private static List<string> Values(Parser parser)
    {
        List<string> values = [];
        if (parser.TryConsume<Scalar>(out Scalar? one))
        {
            if (one.Value.Length > 0 && one.Value is not ("null" or "~"))
                values.Add(one.Value);
            return values;
        }
        if (!parser.TryConsume<SequenceStart>(out _))
        {
            Skip(parser);
            return values;
        }
        while (!parser.TryConsume<SequenceEnd>(out _))
            if (parser.TryConsume<Scalar>(out Scalar? scalar))
                values.Add(scalar.Value);
            else
                Skip(parser);
        return values;
    }

    private static void Skip(Parser parser)
    {
        int depth = 0;
        do
        {
            depth += parser.Consume<ParsingEvent>().NestingIncrease;
        }
        while (depth > 0);
    }
}
