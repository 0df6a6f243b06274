using System.Text.Json;

namespace Perenne.Formats.Json;

internal static class JsonProblems
{
    public static DatasetProblem NotJson(string file, JsonException e) =>
        new(file, e.LineNumber is { } line ? $"line {line + 1}" : "", "not JSON: " + FirstSentence(e.Message), "valid JSON");

    private static string FirstSentence(string message)
    {
        int end = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return (end < 0 ? message : message[..end]).TrimEnd('.', ' ');
    }
}

/// <summary>Thrown inside a record's parser, caught where the record's file and path are known.</summary>
internal sealed class RecordException(string path, string found, string expected) : Exception
{
    public string Path => path;
    public string Found => found;
    public string Expected => expected;

    public DatasetProblem At(string file, string recordPath) => new(file, recordPath + path, found, expected);
}
