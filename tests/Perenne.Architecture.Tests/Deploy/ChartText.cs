using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Perenne.Architecture.Tests.Deploy;

/// <summary>
/// Renders the part of Helm's template language that our chart keeps to: values, if / else, range, include, and the functions below. No helm runs where
/// the tests run; what this does not know is an error, so that the chart stays within what was checked.
/// </summary>
internal sealed partial class ChartText(Dictionary<string, object?> root)
{
    private readonly Dictionary<string, List<Node>> defined = [];

    /// <summary>Reads the definitions of a file such as <c>_names.tpl</c>.</summary>
    public void Define(string template) => Parse(template);

    public string Render(string template)
    {
        StringBuilder text = new();
        Write(Parse(template), root, [], text);
        return text.ToString();
    }

    private abstract record Node;

    private sealed record Plain(string Text) : Node;

    private sealed record Value(string Pipeline) : Node;

    private sealed record If(string Condition, List<Node> Then, List<Node> Else) : Node;

    private sealed record Range(string? Key, string? Item, string Over, List<Node> Body) : Node;

    // A hyphen takes the blanks on its side away.
    [GeneratedRegex(@"(?:\s*\{\{-|\{\{)\s*(?<body>.*?)\s*(?:-\}\}\s*|\}\})", RegexOptions.Singleline)]
    private static partial Regex Action();

    private List<Node> Parse(string template)
    {
        Queue<(string? Text, string? Action)> parts = new();
        int at = 0;
        foreach (Match match in Action().Matches(template))
        {
            parts.Enqueue((template[at..match.Index], null));
            parts.Enqueue((null, match.Groups["body"].Value));
            at = match.Index + match.Length;
        }

        parts.Enqueue((template[at..], null));
        (List<Node> nodes, string? stop) = Block(parts);
        Assert.Null(stop);
        return nodes;
    }

    private (List<Node> Nodes, string? Stop) Block(Queue<(string? Text, string? Action)> parts)
    {
        List<Node> nodes = [];
        while (parts.TryDequeue(out var part))
        {
            if (part.Action is null)
                nodes.Add(new Plain(part.Text!));
            else if (part.Action is "end" or "else")
                return (nodes, part.Action);
            else if (part.Action.StartsWith("if ", StringComparison.Ordinal))
                nodes.Add(ReadIf(part.Action[3..], parts));
            else if (part.Action.StartsWith("range ", StringComparison.Ordinal))
                nodes.Add(ReadRange(part.Action[6..], parts));
            else if (part.Action.StartsWith("define ", StringComparison.Ordinal))
                defined[part.Action[7..].Trim('"')] = Block(parts).Nodes;
            else
                nodes.Add(new Value(part.Action));
        }

        return (nodes, null);
    }

    private If ReadIf(string condition, Queue<(string? Text, string? Action)> parts)
    {
        (List<Node> then, string? stop) = Block(parts);
        List<Node> otherwise = stop == "else" ? Block(parts).Nodes : [];
        return new(condition, then, otherwise);
    }

    private Range ReadRange(string head, Queue<(string? Text, string? Action)> parts)
    {
        string[] sides = head.Split(" := ");
        string[] names = sides.Length == 2 ? sides[0].Split(", ") : [];
        return new(names.ElementAtOrDefault(0), names.ElementAtOrDefault(1), sides[^1], Block(parts).Nodes);
    }

    private void Write(List<Node> nodes, object? dot, Dictionary<string, object?> variables, StringBuilder text)
    {
        foreach (Node node in nodes)
            switch (node)
            {
                case Plain plain: text.Append(plain.Text); break;
                case Value value: text.Append(Shown(Evaluate(value.Pipeline, dot, variables))); break;
                case If condition: Write(IsTrue(Evaluate(condition.Condition, dot, variables)) ? condition.Then : condition.Else, dot, variables, text); break;
                case Range range: WriteRange(range, dot, variables, text); break;
            }
    }

    private void WriteRange(Range range, object? dot, Dictionary<string, object?> variables, StringBuilder text)
    {
        IEnumerable<(object? Key, object? Item)> entries = Evaluate(range.Over, dot, variables) switch
        {
            List<object?> list => list.Select((item, n) => ((object?)(long)n, item)),
            Dictionary<string, object?> map => map.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => ((object?)pair.Key, pair.Value)),
            null => [],
            { } other => throw new InvalidOperationException($"range over {other.GetType().Name}"),
        };
        foreach ((object? key, object? item) in entries)
        {
            Dictionary<string, object?> inner = new(variables);
            if (range.Key is not null)
                (inner[range.Key], inner[range.Item!]) = (key, item);
            Write(range.Body, item, inner, text);
        }
    }

    [GeneratedRegex("\"[^\"]*\"|\\([^()]*\\)|[^\\s|]+|\\|")]
    private static partial Regex Token();

    private object? Evaluate(string pipeline, object? dot, Dictionary<string, object?> variables)
    {
        object? piped = null;
        bool isFirst = true;
        List<string> words = [];
        foreach (string token in Token().Matches(pipeline).Select(m => m.Value).Append("|"))
        {
            if (token != "|")
            {
                words.Add(token);
                continue;
            }

            List<object?> arguments = [.. words.Skip(1).Select(word => Operand(word, dot, variables))];
            if (!isFirst)
                arguments.Add(piped);
            piped = isFirst && words.Count == 1 ? Operand(words[0], dot, variables) : Call(words[0], arguments);
            isFirst = false;
            words = [];
        }

        return piped;
    }

    private object? Operand(string word, object? dot, Dictionary<string, object?> variables)
    {
        if (word[0] == '"')
            return word.Trim('"');
        if (word[0] == '(')
            return Evaluate(word[1..^1], dot, variables);
        if (word[0] == '$')
            return variables[word];
        if (word == ".")
            return dot;
        if (long.TryParse(word, CultureInfo.InvariantCulture, out long number))
            return number;
        Assert.True(word[0] == '.', $"'{word}' is no value.");
        return word[1..].Split('.').Aggregate(dot, (at, name) => at is Dictionary<string, object?> map && map.TryGetValue(name, out object? value)
            ? value : throw new KeyNotFoundException($"{word}: there is no '{name}' in values.yaml."));
    }

    private object? Call(string function, List<object?> arguments) => function switch
    {
        "quote" => $"\"{Shown(arguments[0]).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"",
        "default" => IsTrue(arguments[1]) ? arguments[1] : arguments[0],
        "upper" => Shown(arguments[0]).ToUpperInvariant(),
        "replace" => Shown(arguments[2]).Replace(Shown(arguments[0]), Shown(arguments[1]), StringComparison.Ordinal),
        "printf" => arguments.Skip(1).Aggregate(Shown(arguments[0]), (format, value) => new Regex("%s").Replace(format, Shown(value).Replace("$", "$$", StringComparison.Ordinal), 1)),
        "nindent" => "\n" + string.Join('\n', Shown(arguments[1]).Split('\n').Select(line => new string(' ', (int)(long)arguments[0]!) + line)),
        "toYaml" => ChartValues.Write(arguments[0]),
        "include" => Included(Shown(arguments[0]), arguments[1]),
        _ => throw new InvalidOperationException($"The chart uses the function '{function}', which this renderer does not know."),
    };

    private string Included(string name, object? dot)
    {
        StringBuilder text = new();
        Write(defined[name], dot, [], text);
        return text.ToString();
    }

    private static bool IsTrue(object? value) => value switch
    {
        null or false or "" or 0L => false,
        List<object?> list => list.Count > 0,
        Dictionary<string, object?> map => map.Count > 0,
        _ => true,
    };

    private static string Shown(object? value) => value switch
    {
        bool flag => flag ? "true" : "false",
        null => "",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
