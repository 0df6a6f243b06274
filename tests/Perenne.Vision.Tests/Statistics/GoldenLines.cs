using System.Text.Json;
using Perenne.TestSupport;

namespace Perenne.Vision.Tests.Statistics;

/// <summary>Reads the cases of a golden file.</summary>
internal static class GoldenLines
{
    public static IReadOnlyList<JsonElement> Read(string name)
    {
        List<JsonElement> cases = [];
        foreach (string line in File.ReadLines(SharedData.Require("golden/statistics/" + name)))
            cases.Add(JsonDocument.Parse(line).RootElement.Clone());
        Assert.Equal(200, cases.Count);
        return cases;
    }

    public static double[] Numbers(this JsonElement element) => [.. element.EnumerateArray().Select(e => e.GetDouble())];

    public static double Number(this JsonElement element, string name) => element.GetProperty(name).GetDouble();

    public static double? Optional(this JsonElement element, string name) =>
        element.GetProperty(name) is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : null;
}
