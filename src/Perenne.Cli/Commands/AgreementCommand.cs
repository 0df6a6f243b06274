using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Perenne.Cli.Commands;

/// <summary>Agreement coefficients of rating tables, one JSON object per line.</summary>
internal static class AgreementCommand
{
    public static Command Create()
    {
        Argument<FileInfo> file = new("FILE.jsonl")
        {
            Description = "Per line {\"case\", \"ratings\": raters × items, \"missing\": raters × items of 0/1 (optional)}.",
        };
        Option<bool> json = new("--json") { Description = "Print one JSON object per line with full precision; null = undefined." };
        Command command = new("agreement", "Cohen's, Fleiss' and Krippendorff's coefficients of rating tables.") { file, json };
        command.SetAction(result => Run(result.GetRequiredValue(file), result.GetValue(json),
            result.InvocationConfiguration.Output, result.InvocationConfiguration.Error));
        return command;
    }

    // The parser's own messages name its methods; a line that is no such object needs the shape, not those.
    private static string Sentence(Exception e) => e is FormatException or ArgumentException ? e.Message
        : $"expected an object {{\"ratings\": [[0, 1, …], …]}} of whole numbers{(e is JsonException json ? FormattableString.Invariant($"; not valid JSON at byte {json.BytePositionInLine + 1}") : "")}.";

    private static int Run(FileInfo file, bool json, TextWriter output, TextWriter error)
    {
        if (!file.Exists)
        {
            error.WriteLine($"{file.FullName} {(Directory.Exists(file.FullName) ? "is a folder" : "does not exist")}. Give the path of a file with one JSON object per line.");
            return 1;
        }
        if (!json)
            output.WriteLine(AgreementRow.Header);
        int number = 0;
        foreach (string line in File.ReadLines(file.FullName))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line))
                continue;
            try
            {
                AgreementRow row = AgreementRow.Of(JsonNode.Parse(line)!.AsObject(), number);
                output.WriteLine(json ? row.ToJson() : row.ToString());
            }
            catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException or ArgumentException)
            {
                error.WriteLine($"{file.FullName}:{number}: {Sentence(e)}");
                return 1;
            }
        }
        return 0;
    }
}
