using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Perenne.Architecture.Tests.Deploy;

/// <summary>YAML as Helm sees it: quoted scalars are text, plain ones may be numbers or truth values.</summary>
internal static class ChartValues
{
    public static Dictionary<string, object?> Read(string yaml) => (Dictionary<string, object?>)ReadAll(yaml).Single()!;

    public static List<object?> ReadAll(string yaml)
    {
        YamlStream stream = [];
        stream.Load(new StringReader(yaml));
        return [.. stream.Documents.Select(document => Of(document.RootNode))];
    }

    public static string Write(object? value) => string.Join('\n', Lines(value));

    private static object? Of(YamlNode node) => node switch
    {
        YamlMappingNode map => map.Children.ToDictionary(pair => ((YamlScalarNode)pair.Key).Value!, pair => Of(pair.Value)),
        YamlSequenceNode list => list.Children.Select(Of).ToList(),
        YamlScalarNode { Style: ScalarStyle.Plain } plain => plain.Value switch
        {
            null or "" or "null" or "~" => null,
            "true" => true,
            "false" => false,
            { } text => long.TryParse(text, CultureInfo.InvariantCulture, out long number) ? number : text,
        },
        YamlScalarNode scalar => scalar.Value,
        _ => throw new InvalidOperationException(node.GetType().Name),
    };

    private static IEnumerable<string> Lines(object? value) => value switch
    {
        Dictionary<string, object?> { Count: > 0 } map => map.SelectMany(pair => pair.Value is Dictionary<string, object?> { Count: > 0 } or List<object?> { Count: > 0 }
            ? Lines(pair.Value).Select(line => "  " + line).Prepend($"{pair.Key}:") : [$"{pair.Key}: {Lines(pair.Value).Single()}"]),
        List<object?> { Count: > 0 } list => list.SelectMany(item => Lines(item).Select((line, n) => (n == 0 ? "- " : "  ") + line)),
        Dictionary<string, object?> => ["{}"],
        List<object?> => ["[]"],
        null => ["null"],
        bool flag => [flag ? "true" : "false"],
        long number => [number.ToString(CultureInfo.InvariantCulture)],
        string text => [$"\"{text}\""],
        _ => throw new InvalidOperationException(value.GetType().Name),
    };
}
