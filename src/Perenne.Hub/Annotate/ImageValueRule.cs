using System.Globalization;
using Perenne.Contracts.Annotation;
using Perenne.Hub.Shared.Results;

namespace Perenne.Hub.Annotate;

/// <summary>A number asked of the whole image (regression). Null limits: any number.</summary>
internal sealed record ImageValueRule(string Name, string? Unit = null, double? Minimum = null, double? Maximum = null)
{
    private const int Most = 10, LongestName = 60, LongestUnit = 20;

    public static IEnumerable<string> Problems(IReadOnlyList<ImageValueRule> values)
    {
        if (values.Count > Most)
            yield return $"At most {Most} values are asked of an image.";
        foreach (ImageValueRule one in values)
        {
            if (string.IsNullOrWhiteSpace(one.Name) || one.Name.Length > LongestName)
                yield return $"A value has a name of 1 to {LongestName} characters.";
            else if (values.Count(other => other.Name == one.Name) > 1)
                yield return $"The value '{one.Name}' is there twice.";
            if (one.Unit?.Length > LongestUnit)
                yield return $"The unit of '{one.Name}' has at most {LongestUnit} characters.";
            if ((one.Minimum is { } least && !double.IsFinite(least)) || (one.Maximum is { } most && !double.IsFinite(most)) || one.Minimum >= one.Maximum)
                yield return $"The lowest '{one.Name}' is below the highest.";
        }
    }

    /// <summary>What an answer still lacks, as a sentence; null when nothing.</summary>
    public static string? Missing(IReadOnlyList<ImageValueRule> values, AnnotationDocument document)
    {
        foreach (ImageValueRule one in values)
        {
            if (!document.Values.TryGetValue(one.Name, out double value))
                return $"The value '{one.Name}' is missing. Give it, or skip the image.";
            if (value < one.Minimum || value > one.Maximum)
                return $"'{one.Name}' lies between {Words(one.Minimum) ?? "anything"} and {Words(one.Maximum) ?? "anything"}; {Words(value)} was given.";
        }

        return null;
    }

    /// <summary>One a line: name; unit; lowest; highest. What is left out at the end is not limited.</summary>
    public static Result<IReadOnlyList<ImageValueRule>> Read(string lines)
    {
        List<ImageValueRule> values = [];
        foreach (string line in lines.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            string[] parts = line.Split(';', StringSplitOptions.TrimEntries);
            string Part(int at) => at < parts.Length ? parts[at] : "";
            if (parts.Length > 4 || !Number(Part(2), out double? least) || !Number(Part(3), out double? most))
                return HubError.Invalid("values", $"'{line}' is not understood. Write name; unit; lowest; highest, such as: coverage; %; 0; 100");
            values.Add(new(Part(0), Part(1).Length == 0 ? null : Part(1), least, most));
        }

        return values;
    }

    public static string Write(IReadOnlyList<ImageValueRule>? values) =>
        string.Join('\n', (values ?? []).Select(one => string.Join("; ", new[] { one.Name, one.Unit ?? "", Words(one.Minimum) ?? "", Words(one.Maximum) ?? "" }).TrimEnd(' ', ';')));

    private static bool Number(string text, out double? value)
    {
        value = null;
        if (text.Length == 0)
            return true;
        bool isNumber = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double read);
        value = read;
        return isNumber;
    }

    private static string? Words(double? value) => value?.ToString(CultureInfo.InvariantCulture);
}
