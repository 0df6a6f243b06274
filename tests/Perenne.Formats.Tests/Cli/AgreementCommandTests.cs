using System.CommandLine;
using System.Text.Json.Nodes;
using Perenne.Cli.Commands;
using Perenne.TestSupport;

namespace Perenne.Formats.Tests.Cli;

public class AgreementCommandTests
{
    [Fact]
    public void Metrics_agreement_prints_the_golden_figures_as_JSON()
    {
        string golden = SharedData.Require("golden/statistics/agreement.jsonl");
        (int exit, string output, string error) = Run("agreement", golden, "--json");
        Assert.Equal((0, ""), (exit, error));
        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries), expected = File.ReadAllLines(golden);
        Assert.Equal(expected.Length, lines.Length);
        foreach ((string line, string wanted) in lines.Zip(expected))
        {
            JsonObject actual = JsonNode.Parse(line)!.AsObject(), reference = JsonNode.Parse(wanted)!.AsObject();
            Assert.Equal(reference["case"]!.GetValue<int>(), actual["case"]!.GetValue<int>());
            foreach (string name in reference.Select(p => p.Key).Where(k => k.StartsWith("cohen", StringComparison.Ordinal)
                || k.StartsWith("krippendorff", StringComparison.Ordinal) || k == "fleiss"))
            {
                Assert.True(actual.ContainsKey(name), name);
                Assert.Equal(reference[name] is null, actual[name] is null);
                if (reference[name] is { } value)
                    Assert.Equal(value.GetValue<double>(), actual[name]!.GetValue<double>(), 1e-9);
            }
        }
    }

    [Fact]
    public void A_malformed_line_is_named_with_what_was_expected()
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        File.WriteAllText(path, "{\"ratings\":[[0,1],[0,1]]}\n{\"case\":1}\n");
        try
        {
            (int exit, string output, string error) = Run("agreement", path);
            Assert.Equal(1, exit);
            Assert.Contains("1.000000", output, StringComparison.Ordinal);
            Assert.Contains(path + ":2: \"ratings\" is missing", error, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static (int Exit, string Output, string Error) Run(params string[] args)
    {
        using StringWriter output = new(), error = new();
        int exit = MetricsCommand.Create().Parse(args).Invoke(new InvocationConfiguration { Output = output, Error = error });
        return (exit, output.ToString(), error.ToString());
    }
}
